package secrets_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/secrets"
)

// arn names a secret.
const arn = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:flowers/api-AbCdEf"

// x1 is a value that says nothing of itself.
const x1 = "x1y2z3"

func TestNamesThatEndInASecretWordNameSecrets(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq(`
		SECRET SECRETS PASSWORD PASSPHRASE PASSWD TOKEN CREDENTIALS APIKEY
		DB_PASSWORD db-password dbPassword DATABASE_PASSWD PGPASSWORD REDISPASSWORD KEY_PASSPHRASE MYSQL_PWD DB_PWD
		HF_TOKEN HUGGING_FACE_HUB_TOKEN authToken GITHUB_TOKEN SLACK_BOT_TOKEN AWS_SESSION_TOKEN ACCESS_TOKENS
		OPENAI_API_KEY openaiApiKey OPENAI_APIKEY API_KEYS AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY TLS_PRIVATE_KEY
		DJANGO_SECRET_KEY COOKIE_SECRET CLIENT_SECRET clientSecret JWT_SIGNING_KEY DATA_ENCRYPTION_KEY STORAGE_ACCOUNT_KEY
		HFTOKEN_API_TOKEN APITOKEN authtoken ACCESSTOKEN DB_PASS SMTP_PASS redisPass SASL_PWD AZURE_SUBSCRIPTION_KEY
		NEW_RELIC_LICENSE_KEY SHARED_KEY
		SSH_KEY AWS_CREDENTIALS REDISCLI_AUTH BASIC_AUTH
		DB_PASSWORD_PROD DB_PASSWORD_2 API_KEY_VALUE HF_TOKEN_DEV password_base64
	`) {
		assert.True(t, secrets.Looks(name, x1), name)
	}
}

func TestNamesThatOnlyHoldASecretWordAreHarmless(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq(`
		MAX_TOKENS MAX_NEW_TOKENS MAX_TOTAL_TOKENS MAX_BATCH_PREFILL_TOKENS TOKENIZERS_PARALLELISM TOKENIZER
		TOKENIZER_REVISION INPUT_TOKEN_LIMIT TOKEN_LIMIT MAX_TOKEN NUM_TOKEN TOKEN_BUDGET TOKEN_TYPE COST_PER_TOKEN
		PAD_TOKEN EOS_TOKEN bos_token IMAGE_TOKEN THINK_START_TOKEN TOKEN_URL TOKEN_ENDPOINT
		KEY KEY_FIELD SORT_KEY PARTITION_KEY PRIMARY_KEY MONKEY KEYSPACE FEATURE_KEYS KEY_PREFIX LABEL_KEY
		SECRET_NAME SECRET_ARN SECRET_ID SECRETS_MANAGER_REGION DB_PASSWORD_SECRET_ARN API_KEY_SECRET_NAME
		PASSWORD_POLICY PASSWORD_MIN_LENGTH PASSWORD_FILE REQUIRE_PASSWORD NO_PASSWORD PASSWORDLESS
		USE_AUTH_TOKEN HF_HUB_DISABLE_IMPLICIT_TOKEN ENABLE_API_KEY CREDENTIALS_PROVIDER
		PWD OLDPWD FORWARD_PASS SINGLE_PASS PASS BYPASS NUM_PASS COMPASS AUTHOR
		MODEL_SERVER_WORKERS SAGEMAKER_PROGRAM LOG_LEVEL SECRETARY BETOKEN
	`) {
		assert.False(t, secrets.Looks(name, x1), name)
	}
}

func TestValuesThatAreNoSecretsAreHarmlessUnderAnyName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"HF_TOKEN", "DB_PASSWORD", "OPENAI_API_KEY"} {
		for _, value := range []string{
			"", "true", "None", arn, "arn:aws:kms:eu-west-1:123456789012:key/1234abcd", "alias/vision", "${DB_PASSWORD}",
			"$TOKEN", "EMPTY", "not-needed", "<password>", "[PAD]", "********", "{{ token }}",
		} {
			assert.Empty(t, secrets.Why(name, value), "%s=%s", name, value)
		}
	}
}

// A number is a bad password and no token; the path of a file is no key.
func TestWhatIsHarmlessDependsOnTheKindOfSecret(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, value string
		want        string
	}{
		{"DB_PASSWORD", "12345", `its name ends in "PASSWORD"`},
		{"NEXT_LAYER_TOKEN", "12345", ""},
		{"SESSION_TOKEN", "<session>", ""},
		{"SESSION_TOKEN", "</s>", ""},
		{"GOOGLE_APPLICATION_CREDENTIALS", "/opt/ml/model/key.json", ""},
		{"TLS_PRIVATE_KEY", "./tls/server.key", ""},
		{"TLS_PRIVATE_KEY", "file:///etc/tls/server.key", ""},
		{"DB_PASSWORD", "/opt/ml/model/key.json", `its name ends in "PASSWORD"`},
		{"API_KEY", "/abc", `its name ends in "API_KEY"`},
		{"openaiApiKey", x1, `its name ends in "Api_Key"`},
		{"PGPASSWORD", x1, `its name ends in "PGPASSWORD"`},
		{"DBPASS", x1, `its name ends in "DBPASS"`},
		{"CREDS", x1, `its name ends in "CREDS"`},
		{"FOOTPASS", x1, ""},
	} {
		assert.Equal(t, row.want, secrets.Why(row.name, row.value), "%s=%s", row.name, row.value)
	}
}
