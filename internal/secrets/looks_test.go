package secrets_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/secrets"
)

const arn = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:flowers/api-AbCdEf"

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
			assert.Equal(t, test.want, secrets.Looks(test.key, test.value))
		})
	}
}
