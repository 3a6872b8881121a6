package settings

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	looksSecret = "looks like a secret in plain text; store it in AWS Secrets Manager and give the secret's ARN"
	encrypted   = "holds an encrypted value, which would be readable in the clear by anyone who may describe the model; " +
		"store it in AWS Secrets Manager and give the secret's ARN"
)

func TestSecretsAreRefused(t *testing.T) {
	t.Parallel()
	const (
		path = "models.flowers.environment"
		at   = "sagehost:" + path
	)
	refuse(t, []row{
		{
			name: "by the variable's name", set: change{path + ".HF_TOKEN": plainSecret},
			want: []string{at + ".HF_TOKEN: " + looksSecret},
		},
		{
			name: "by the variable's value", set: change{path + ".SETTINGS": "id=AKIAIOSFODNN7EXAMPLE;region=eu"},
			want: []string{at + ".SETTINGS: " + looksSecret},
		},
		{
			name: "in an encrypted object", set: change{"alerts.emails": "[a@example.com]"}, secret: "sagehost:alerts",
			want: []string{"sagehost:alerts: " + encrypted},
		},
		{
			name: "in encrypted models", secret: "sagehost:models",
			want: []string{"sagehost:models: " + encrypted},
		},
		{
			name: "whose ARN the isolated container could not use", set: change{path + ".API_KEY": secretARN},
			want: []string{"sagehost:models.flowers.networkIsolation: " +
				"must be false for the container to read the secrets its environment names"},
		},
		{
			name: "whose ARN the isolated container could not use, on purpose",
			set:  change{path + ".API_KEY": secretARN, "models.flowers.networkIsolation": "true"},
			want: []string{"sagehost:models.flowers.networkIsolation: " +
				"must be false for the container to read the secrets its environment names"},
		},
	})
}

func TestTheARNOfASecretIsNoSecret(t *testing.T) {
	t.Parallel()
	s := accept(t, change{
		"models.flowers.environment.API_KEY": secretARN, "models.flowers.networkIsolation": "false",
	})
	model := s.Models["flowers"]
	assert.Equal(t, []string{secretARN}, model.SecretARNs())
}

func TestASecretsValueIsNeverInTheError(t *testing.T) {
	t.Parallel()
	const number = "73519462"
	for _, test := range []struct {
		name   string
		set    change
		secret string
	}{
		{"in a variable whose name tells", change{"models.flowers.environment.PASSWORD": plainSecret}, ""},
		{"in a variable whose value tells", change{"models.flowers.environment.X": "AKIAIOSFODNN7EXAMPLE"}, ""},
		{"as a number", change{"models.flowers.environment.PASSWORD": number}, ""},
		{"as the whole environment", change{"models.flowers.environment": "PASSWORD=" + plainSecret}, ""},
		{"in a list for the environment", change{"models.flowers.environment": "[PASSWORD=" + plainSecret + "]"}, ""},
		{"as a whole model", change{"models.flowers": plainSecret}, ""},
		{"under an unknown key", change{"models.flowers.password": plainSecret}, ""},
		{"under an unknown key at the top", change{"password": plainSecret}, ""},
		{"of an encrypted object", change{"storage.note": plainSecret}, "sagehost:storage"},
		{"of an encrypted unknown key", change{"password": plainSecret}, "sagehost:password"},
		{"of an encrypted value of another type", change{"pinned": plainSecret}, "sagehost:pinned"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			source := configured(t, test.set)
			source.Secret = func(key string) bool { return key == test.secret }
			_, err := Parse(source)
			require.Error(t, err)
			for _, value := range []string{plainSecret, "AKIAIOSFODNN7EXAMPLE", number} {
				assert.NotContains(t, err.Error(), value)
			}
		})
	}
}
