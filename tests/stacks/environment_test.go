package stacks_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

// The SDK hands over only keys that are asked for by name; what `pulumi up` puts into the environment has them all.
func TestAMistypedKeyOfTheWholeFileIsSeen(t *testing.T) {
	t.Setenv(pulumi.EnvConfig, `{"sagehost:endpoint": "{}", "aws:region": "eu-west-1"}`)

	err := harness.Fail(t, program, harness.Stack("dev"))

	require.ErrorContains(t, err, "Pulumi.dev.yaml: 1 problem\n"+
		"  sagehost:endpoint: is an unknown key; did you mean \"endpoints\"?")
}
