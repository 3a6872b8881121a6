package secrets_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/secrets"
)

func TestATextThatHoldsASecretIsKnown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"":                                false,
		"5.1,3.5,1.4,0.2":                 false,
		`{"instances": [[1]]}`:            false,
		`{"max_tokens": 5}`:               false,
		`{"token": "<pad>"}`:              false,
		`{"user": 1, "password": "pass"}`: true,
		`{"apiKey":"x"}`:                  true,
		"a=b&access_key=c":                true,
		"key AKIAABCDEFGHIJKLMNOP":        true,
		"-----BEGIN RSA PRIVATE KEY-----": true,
	} {
		assert.Equal(t, want, secrets.Within(text), text)
	}
}
