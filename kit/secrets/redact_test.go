package secrets_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/secrets"
)

func TestCredentialsAreRedactedAndNothingElse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"key ASIAIOSFODNN7EXAMPLE.":                        "key (secret).",
		"https://x/?X-Amz-Signature=abc&X-Amz-Date=1":      "https://x/?X-Amz-Signature=(secret)&X-Amz-Date=1",
		"-----BEGIN RSA PRIVATE KEY-----\nMII\n":           "(secret)",
		"Authorization: ghs_0123456789abcdef0123":          "Authorization: (secret)",
		"postgres://user:pw@host/db":                       "postgres://user:(secret)@host/db",
		`{"db_password": "pw"}`:                            `{"db_password": "(secret)"}`,
		"AWS_SECRET_ACCESS_KEY=wJalr/bPx":                  "AWS_SECRET_ACCESS_KEY=(secret)",
		"arn:aws:secretsmanager:eu-west-1:1:secret/name":   "arn:aws:secretsmanager:eu-west-1:1:secret/name",
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1",
	} {
		assert.Equal(t, want, secrets.Redact(text))
	}
}
