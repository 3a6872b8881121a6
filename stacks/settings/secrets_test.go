package settings

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	looksSecret = "looks like a secret in plain text ("
	whatToDo    = "); store it in AWS Secrets Manager and give the secret's ARN, " +
		"or list its name in notSecret if it is none"
	encrypted = "holds an encrypted value, which would be readable in the clear by anyone who may describe the model; " +
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
			want: []string{at + ".HF_TOKEN: " + looksSecret + `its name ends in "TOKEN"` + whatToDo},
		},
		{
			name: "by the variable's value", set: change{path + ".SETTINGS": "id=AKIAIOSFODNN7EXAMPLE;region=eu"},
			want: []string{at + ".SETTINGS: " + looksSecret + "it holds an access key of AWS" + whatToDo},
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

func TestASecretIsFoundWhereverAnEnvironmentIs(t *testing.T) {
	t.Parallel()
	const at = "sagehost:"
	url := looksSecret + "it holds a password in a URL" + whatToDo
	refuse(t, []row{
		{
			name: "of a pipeline", set: pipelined([]string{stage("environment: {DB: 'postgres://u:" + "p@db/x'}"), stage()}),
			want: []string{at + "models.flowers.containers[0].environment.DB: " + url},
		},
		{
			name: "on top of a package", set: change{"models.flowers": "{packageArn: 'arn:aws:sagemaker:eu-west-1:" +
				"123456789012:model-package/flowers/1', environment: {DB: 'postgres://u:" + "p@db/x'}}"},
			want: []string{at + "models.flowers.environment.DB: " + url},
		},
		{
			name: "of a batch", set: batched("environment: {DB: 'postgres://u:" + "p@db/x'}"),
			want: []string{at + "batch.flowers.environment.DB: " + url},
		},
	})
}

func TestWhatIsDeclaredToBeNoSecretIsAccepted(t *testing.T) {
	t.Parallel()
	const variable = "{SORT_TOKEN: by-name, DB: 'postgres://u:" + "p@db/x', LOG_LEVEL: debug}"
	set := change{"models.flowers.environment": variable, "models.flowers.notSecret": "[SORT_TOKEN, DB]"}
	assert.Equal(t, []string{"SORT_TOKEN", "DB"}, accept(t, set).Models["flowers"].NotSecret)
	accept(t, batched("environment: "+variable, "notSecret: [DB, SORT_TOKEN]"))
	pipeline := pipelined([]string{stage("environment: {SORT_TOKEN: by-name}"), stage("environment: {SORT_TOKEN: by-id}")})
	pipeline["models.flowers.notSecret"] = "[SORT_TOKEN]"
	accept(t, pipeline)
}

func TestADeclarationOfNoSecretThatSaysNothingIsRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:models.flowers.notSecret"
	with := func(list string) change {
		return change{
			"models.flowers.environment": "{SORT_TOKEN: by-name, LOG_LEVEL: debug}", "models.flowers.notSecret": list,
		}
	}
	refuse(t, []row{
		{
			name: "of what is not there", set: with("[SORT_TOKEN, SORT_TOKENS]"),
			want: []string{at + `[1]: "SORT_TOKENS" is no variable of the environment; did you mean "SORT_TOKEN"?`},
		},
		{
			name: "of what looks like none", set: with("[SORT_TOKEN, LOG_LEVEL]"),
			want: []string{at + `[1]: "LOG_LEVEL" does not look like a secret; leave it out`},
		},
		{
			name: "twice", set: with("[SORT_TOKEN, SORT_TOKEN]"),
			want: []string{at + `[1]: "SORT_TOKEN" stands at ` + at + "[0] too"},
		},
		{name: "of nothing", set: with("[SORT_TOKEN, '']"), want: []string{
			at + "[1]: is empty; give a value, or leave the key out",
		}},
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
