package model

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/check"
)

const (
	image = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/flowers:1.0.0"
	arn   = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:flowers/api-AbCdEf"
)

func TestAVariableLooksSecretByItsNameOrValue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, key, value string
		want             bool
	}{
		{"a secret", "SECRET", "x", true},
		{"a password", "DB_PASSWORD", "x", true},
		{"a password in lower case", "db-password", "x", true},
		{"a passphrase", "KEY_PASSPHRASE", "x", true},
		{"a token", "HF_TOKEN", "x", true},
		{"a password without a separator", "PGPASSWORD", "x", true},
		{"a token in camel case", "authToken", "x", true},
		{"a key in camel case", "openaiApiKey", "x", true},
		{"credentials", "AWS_CREDENTIALS", "x", true},
		{"an API key", "OPENAI_API_KEY", "x", true},
		{"an API key in one word", "APIKEY", "x", true},
		{"AWS's secret access key", "AWS_SECRET_ACCESS_KEY", "x", true},
		{"a private key by name", "TLS_PRIVATE_KEY", "x", true},
		{"an access key's id", "X", "AKIAIOSFODNN7EXAMPLE", true},
		{"a temporary access key's id", "X", "id=ASIAIOSFODNN7EXAMPLE;", true},
		{"a GitHub token", "X", "ghp_" + strings.Repeat("a1", 18), true},
		{"a Hugging Face token", "X", "hf_" + strings.Repeat("aB", 17), true},
		{"a private key", "X", "-----BEGIN RSA PRIVATE KEY-----\nMIIE", true},
		{"the ARN of a secret", "API_KEY", arn, false},
		{"an empty password", "DB_PASSWORD", "", false},
		{"a number of tokens", "MAX_TOTAL_TOKENS", "2048", false},
		{"a word that ends alike", "MONKEY", "x", false},
		{"a key that opens nothing", "PARTITION_KEY", "customer", false},
		{"a tokenizer", "TOKENIZER", "bert", false},
		{"a token of a vocabulary", "PAD_TOKEN", "<pad>", false},
		{"a plain setting", "LOG_LEVEL", "debug", false},
		{"an access key's id inside a longer word", "X", "XAKIAIOSFODNN7EXAMPLEX", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, looksSecret(test.key, test.value))
		})
	}
}

func TestTheSecretsOfAnEnvironmentAreListedOnceAndSorted(t *testing.T) {
	t.Parallel()
	spec := Spec{Environment: map[string]string{"A": arn + "2", "B": arn + "1", "C": arn + "2", "D": "debug"}}
	assert.Equal(t, []string{arn + "1", arn + "2"}, spec.SecretARNs())
}

func TestOnlyWholeARNsOfSecretsAreSecrets(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		arn: true,
		"arn:aws:secretsmanager:eu-west-1:123456789012:secret:a":            true,
		"arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:a": true,
		"see " + arn: false,
		arn + " ":    false,
		arn + "\n":   false,
		"arn:aws:ssm:eu-west-1:123456789012:parameter/a":       false,
		"arn:aws:secretsmanager:eu-west-1:1234:secret:a":       false,
		"arn:aws:secretsmanager:eu-west-1:123456789012:secret": false,
	} {
		spec := Spec{Environment: map[string]string{"X": value}}
		assert.Equal(t, want, len(spec.SecretARNs()) == 1, value)
	}
}

// What the check takes for an ARN, the role must be allowed to read.
func TestAnARNWithSpaceAroundItIsNotPassedOver(t *testing.T) {
	t.Parallel()
	for _, value := range []string{arn + "\n", " " + arn} {
		off := false
		spec := Spec{Image: image, Environment: map[string]string{"API_KEY": value}, NetworkIsolation: &off}
		at := check.New("")
		spec.Check(at, false)
		assert.EqualError(t, at.Err(), "environment.API_KEY: looks like a secret in plain text; "+
			"store it in AWS Secrets Manager and give the secret's ARN")
	}
}

func TestIsolationIsOnUnlessSwitchedOff(t *testing.T) {
	t.Parallel()
	on, off := true, false
	for _, test := range []struct {
		given *bool
		want  bool
	}{{nil, true}, {&on, true}, {&off, false}} {
		spec := Spec{NetworkIsolation: test.given}
		assert.Equal(t, test.want, spec.Isolated())
	}
}

func TestArchivesAreTarFilesInBuckets(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]bool{
		"s3://models/flowers/1.0.0/model.tar.gz": true,
		"s3://abc/m.tar.gz":                      true,
		"s3://a.b-c.d/m.tar.gz":                  true,
		"s3://models/model.zip":                  false,
		"s3://models/flowers/":                   false,
		"s3://models/.tar.gz":                    false,
		"s3://models":                            false,
		"s3://Models/model.tar.gz":               false,
		"s3://ab/model.tar.gz":                   false,
		"https://models/model.tar.gz":            false,
		"s3://-models/model.tar.gz":              false,
	} {
		at := check.New("")
		checkArtifact(at, uri)
		assert.Equal(t, want, at.Err() == nil, uri)
	}
}
