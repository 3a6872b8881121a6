package secrets_test

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/secrets"
)

// many repeats characters to a length.
func many(characters string, n int) string {
	return strings.Repeat(characters, n/len(characters)+1)[:n]
}

// Every secret is made up, and put together here so that no scanner of the repository takes it for a real one.
var (
	alnum = many("a1B2c3D4", 80)
	hexa  = many("0a1b2c3d4e5f6789", 80)
)

// known are secrets of known forms, by what they are.
var known = []struct{ kind, value string }{
	{"a private key", "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE"},
	{"a private key", "-----BEGIN " + "PRIVATE KEY-----\nMIIE\n-----END " + "PRIVATE KEY-----"},
	{"a private key", "-----BEGIN OPENSSH " + "PRIVATE KEY-----"},
	{"a private key", "-----BEGIN PGP " + "PRIVATE KEY BLOCK-----"},
	{"a password in a data source name", "flowers:" + "hunter2@tcp(db.example.com:3306)/flowers?parseTime=true"},
	{"a password in a URL", "https://user:" + "hunter2@example.com/path"},
	{"a password in a URL", "postgres://flowers:" + "p%40ss@db.example.com:5432/flowers?sslmode=require"},
	{"a password in a URL", "redis://:" + "hunter2@cache:6379/0"},
	{"a password in a URL", "mongodb+srv://u:" + "p@cluster0.example.net"},
	{"a password in a URL", "use amqp://guest:" + "guest@mq and wait"},
	{"a signature in a URL", "https://b.s3.eu-west-1.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=" + hexa[:64]},
	{"a signature in a URL", "https://acct.blob.core.windows.net/c?sv=2022&sig=" + alnum[:40] + "%3D"},
	{"a bearer token", "Bearer " + alnum[:20]},
	{"a bearer token", "Authorization: bearer " + many("abcdefgh", 32)},
	{"basic credentials", "Basic dXNlcjpodW50ZXIy"},
	{"a JSON Web Token", "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + alnum[:43]},
	{"an access key of AWS", "AKIA" + "IOSFODNN7EXAMPLE"},
	{"an access key of AWS", "id=ASIA" + "IOSFODNN7EXAMPLE;"},
	{"a secret access key of AWS", "wJalrXUtnFEMI/K7MDENG" + "/bPxRfiCYEXAMPLEKEY"},
	{"an API key of Amazon Bedrock", "ABSK" + alnum[:60]},
	{"a GitHub token", "ghp_" + alnum[:36]},
	{"a GitHub token", "token=ghs_" + alnum[:36] + ","},
	{"a GitHub token", "github_pat_" + alnum[:22] + "_" + alnum[:59]},
	{"a GitLab token", "glpat-" + alnum[:20]},
	{"a Hugging Face token", "hf_" + alnum[:34]},
	{"an npm token", "npm_" + alnum[:36]},
	{"a PyPI token", "pypi-AgE" + alnum[:60]},
	{"a Docker Hub token", "dckr_pat_" + alnum[:27]},
	{"a Pulumi token", "pul-" + hexa[:40]},
	{"a HashiCorp token", "hvs." + alnum[:24]},
	{"a Databricks token", "dapi" + hexa[:32]},
	{"an Anthropic key", "sk-ant-api03-" + alnum[:80]},
	{"an OpenAI key", "sk-proj-" + alnum[:48]},
	{"an OpenAI key", "sk-" + alnum[:48]},
	{"a key of a model service", "gsk_" + alnum[:52]},
	{"a key of a model service", "nvapi-" + alnum[:64]},
	{"a LangSmith key", "lsv2_pt_" + hexa[:32] + "_" + hexa[:10]},
	{"a Google API key", "AIza" + alnum[:35]},
	{"a Google OAuth secret", "GOCSPX-" + alnum[:28]},
	{"a Google OAuth secret", "ya29." + alnum[:60]},
	{"an Azure account key", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + alnum[:80] + "==;"},
	{"a DigitalOcean token", "dop_v1_" + hexa[:64]},
	{"a Slack token", "xoxb-" + "123456789012-1234567890123-" + alnum[:24]},
	{"a Slack token", "xapp-1-" + alnum[:30]},
	{"a webhook", "https://hooks.slack.com/services/" + "T00000000/B00000000/" + alnum[:24]},
	{"a webhook", "https://discord.com/api/webhooks/" + "123456789012345678/" + alnum[:60]},
	{"a Telegram token", "110201543:AA" + alnum[:33]},
	{"a Stripe key", "sk_live_" + alnum[:24]},
	{"a Stripe key", "rk_test_" + alnum[:24]},
	{"a Stripe key", "whsec_" + alnum[:32]},
	{"a Square key", "sq0atp-" + alnum[:22]},
	{"a Shopify token", "shpat_" + hexa[:32]},
	{"a SendGrid key", "SG." + alnum[:22] + "." + alnum[:43]},
	{"a Mailgun key", "key-" + hexa[:32]},
	{"a Twilio key", "SK" + hexa[:32]},
	{"a Grafana token", "glsa_" + alnum[:32] + "_" + hexa[:8]},
	{"a New Relic key", "NRAK-" + many("A1B2C3", 27)},
	{"a Sentry token", "sntrys_" + alnum[:60]},
	{"an Atlassian token", "ATATT3" + alnum[:60]},
	{"a Linear key", "lin_api_" + alnum[:40]},
	{"a Notion token", "ntn_" + alnum[:46]},
	{"a Postman key", "PMAK-" + hexa[:24] + "-" + hexa[:34]},
	{"a Tailscale key", "tskey-auth-" + alnum[:12] + "-" + alnum[:32]},
	{"an age key", "AGE-SECRET-KEY-1" + many("QPZRY9X8", 58)},
	{`a value whose name ends in "password"`, "host=db user=flowers password=hunter2"},
	{`a value whose name ends in "api_key"`, `{"model": "m", "api_key": "` + alnum[:20] + `"}`},
	{`a value whose name ends in "token"`, "--model m --token=" + alnum[:20]},
	{`a value whose name ends in "Password"`, "Server=db;User Id=sa;Password=hunter2;"},
}

func TestSecretsOfKnownFormsAreFoundUnderHarmlessNames(t *testing.T) {
	t.Parallel()
	for _, row := range known {
		for _, name := range []string{"X", "ENDPOINT", "SM_HP_CONFIG", ""} {
			assert.Equal(t, "it holds "+row.kind, secrets.Why(name, row.value), "%s=%s", name, row.value)
		}
		assert.True(t, secrets.Within("before "+row.value+" after") || strings.HasPrefix(row.kind, "a secret access key"))
	}
}

func TestARedactedTextHoldsNoSecret(t *testing.T) {
	t.Parallel()
	for _, row := range known {
		shown := secrets.Redact("before " + row.value)
		if strings.HasPrefix(row.kind, "a secret access key") { // is known only alone
			shown = secrets.Redact(row.value)
		}
		assert.Contains(t, shown, secrets.Hidden, row.value)
		assert.False(t, secrets.Within(shown), shown)
	}
	assert.Equal(t, "https://user:(secret)@example.com/path", secrets.Redact("https://user:"+"hunter2@example.com/path"))
	assert.JSONEq(t, `{"password": "(secret)", "n": 1}`, secrets.Redact(`{"password": "hunter2", "n": 1}`))
	const plain = "5 tokens of s3://bucket/key: max_tokens=5, key=a"
	assert.Equal(t, plain, secrets.Redact(plain))
}

// Real values of containers' environments, and what looks like secrets without being any.
func TestValuesOfEverydayAreNoSecrets(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"", "1", "debug", "text/csv", "s3://models/flowers/model.tar.gz", "https://example.com/path?x=1#y",
		"https://user@example.com/", "https://user:@example.com/", "postgres://flowers:${PGPASSWORD}@db:5432/flowers",
		"https://user:<password>@example.com/", "http://127.0.0.1:8080/a@b", "mailto:a@example.com",
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:" + hexa[:64],
		"mistralai/Mixtral-8x7B-Instruct-v0.1", "sk-learn-random-forest-2024-11", "sk-randomforestclassifier",
		"sk_learn_model", "hf_models", "ghp_", "key-value-store-of-all-our-models", "SKU12345", "xoxo",
		hexa[:40], hexa[:64], "d41d8cd98f00b204e9800998ecf8427e", "123e4567-e89b-12d3-a456-426614174000",
		"Qwen/Qwen2Point5Coder32BInstructAWQModel", "TransformersForSequenceClassificationV02",
		"mixtralInstruct8x7BQuantizedForInference1",
		"bearer authentication", "Bearer", "basic configuration", "Basic authentication required", "Basic dGVzdA==",
		`{"max_tokens": 5, "eos_token": "</s>", "pad_token": "[PAD]", "bos_token": "<s>"}`, `{"stop_token": "END"}`,
		"--max-tokens=512 --tokenizer=bert --key-field=id", "a=b&key=c", "secret_name=flowers/db",
		"password_policy: strong", "The password is set elsewhere", "token", "arn:aws:iam::123456789012:role/flowers",
		"-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "eyJhIjoxfQ",
		"eyJhbGciOiJIUzI1NiJ9.x", "AIzaSy", "{{ api_key }}", "api_key=${API_KEY}", "token: <pad>", "SG.1.2", "12:AA34",
	} {
		assert.Empty(t, secrets.Why("X", value), value)
	}
}

func TestRandomKeysOfFortyCharactersAreToldFromNames(t *testing.T) {
	t.Parallel()
	const n, alphabet = 10000, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+"
	random := rand.New(rand.NewSource(1))
	found := 0
	for range n {
		key := make([]byte, 40)
		for i := range key {
			key[i] = alphabet[random.Intn(len(alphabet))]
		}
		if secrets.Looks("X", string(key)) {
			found++
		}
	}
	assert.Greater(t, found, n*95/100)
}
