package stacks_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/tests/harness"
)

func TestARolledBackEndpointFailsTheStack(t *testing.T) {
	t.Parallel()
	// Of several endpoints that are rolled back, whichever comes first ends the stack.
	err := harness.RunError(t, program, harness.Stack("dev"), harness.Config(map[string]string{
		"sagehost:models": `{"flowers": {
			"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/scoring:1.0.0",
			"artifact": "s3://models/flowers.tar.gz"}}`,
		"sagehost:endpoints": `{"flowers": {
			"variants": [{"name": "main", "model": "flowers", "instanceType": "ml.m5.large"}]}}`,
	}), harness.Reports(endpointType, "endpointConfigName", "flowers-old"))
	assert.ErrorContains(t, err, `endpoint "flowers-dev" was rolled back: it serves the configuration "flowers-old", `+
		`not "flowers-endpointconfiguration"`)
}

func TestBadSettingsRegisterNothing(t *testing.T) {
	t.Parallel()
	err := harness.Fail(t, program, harness.Stack("dev"), harness.Config(map[string]string{
		"sagehost:models": `{"flowers": {"image": "nginx", "environment": {"TOKEN": "` + harness.PlainSecret + `"}}}`,
	}))
	assert.EqualError(t, err, "1 error occurred:\n\t* "+strings.Join([]string{
		"Pulumi.dev.yaml: 2 problems",
		`  sagehost:models.flowers.environment.TOKEN: looks like a secret in plain text (its name ends in "TOKEN"); ` +
			"store it in AWS Secrets Manager and give the secret's ARN, or list its name in notSecret if it is none",
		`  sagehost:models.flowers.image: "nginx" is not an image in Amazon ECR; expected one like ` +
			`"123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:…"`,
	}, "\n")+"\n\n")
}

// The engine hands all keys to the program in the environment, of which the SDK looks up single ones.
func TestAMistypedKeyRegistersNothing(t *testing.T) {
	t.Setenv(pulumi.EnvConfig, `{"sagehost:endpionts": "{}", "aws:region": "eu-west-1"}`)
	err := harness.Fail(t, program, harness.Stack("dev"))
	assert.EqualError(t, err, "1 error occurred:\n\t* Pulumi.dev.yaml: 1 problem\n"+
		"  sagehost:endpionts: is an unknown key; did you mean \"endpoints\"?\n\n")
}
