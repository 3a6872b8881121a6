package stackfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/stackfile"
)

const project = "name: sagehost\nruntime: go\n"

// secure is a stack's file with an encrypted value, which holds in its clear text what no test may see.
const secure = `encryptionsalt: v1:salt
config:
  aws:region: eu-west-1
  sagehost:alerts:
    emails:
      - secure: v1:cipher
  sagehost:pinned: true
`

// folder is a project's folder with these files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

// load reads the stack "dev" with this file.
func load(t *testing.T, text string) *stackfile.File {
	t.Helper()
	file, err := stackfile.Load(folder(t, map[string]string{"Pulumi.yaml": project, "Pulumi.dev.yaml": text}), "dev")
	require.NoError(t, err)
	return file
}

// JSON, which a configuration becomes, has no infinities: whoever wants a number says so, by its path.
func TestWhatIsNoNumberIsATextInTheConfiguration(t *testing.T) {
	t.Parallel()
	values, err := load(t, "config:\n  sagehost:endpoints: {e: [.nan, -.INF, 1.5, '.nan']}\n").Config()
	require.NoError(t, err)
	assert.JSONEq(t, `{"e": [".nan", "-.INF", 1.5, ".nan"]}`, values["sagehost:endpoints"])
}

func TestAFileKnowsItsStackAndProject(t *testing.T) {
	t.Parallel()
	file := load(t, "config:\n  aws:region: eu-west-1\n")
	assert.Equal(t, "dev", file.Stack)
	assert.Equal(t, "sagehost", file.Project.Name.String())
	assert.Len(t, file.Settings.Config, 1)
}

func TestConfigIsWhatAProgramReceives(t *testing.T) {
	t.Parallel()
	values, err := load(t, `config:
  aws:region: eu-west-1
  sagehost:pinned: true
  sagehost:models:
    flowers:
      image: registry/flowers:1
  sagehost:alerts:
    emails: [a@example.com, b@example.com]
`).Config()
	require.NoError(t, err)
	assert.Equal(t, map[string]string{
		"aws:region":      "eu-west-1",
		"sagehost:pinned": "true",
		"sagehost:models": `{"flowers":{"image":"registry/flowers:1"}}`,
		"sagehost:alerts": `{"emails":["a@example.com","b@example.com"]}`,
	}, values)
}

func TestAKeyWithoutNamespaceIsTheProjects(t *testing.T) {
	t.Parallel()
	values, err := load(t, "config:\n  pinned: true\n").Config()
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"sagehost:pinned": "true"}, values)
}

func TestEncryptedValuesStayEncrypted(t *testing.T) {
	t.Parallel()
	values, err := load(t, secure).Config()
	require.NoError(t, err)
	assert.JSONEq(t, `{"emails":[{"secure":"v1:cipher"}]}`, values["sagehost:alerts"])
}

func TestAKeyIsSecretWhenAnyPartOfItIsEncrypted(t *testing.T) {
	t.Parallel()
	file := load(t, secure)
	for key, want := range map[string]bool{
		"sagehost:alerts": true,
		"sagehost:pinned": false,
		"aws:region":      false,
		"sagehost:models": false, // not in the file
	} {
		assert.Equal(t, want, file.Secret(key), key)
	}
}

func TestTheLocalAWSGetsNothingThatLeadsToTheRealOne(t *testing.T) {
	t.Parallel()
	local := load(t, `encryptionsalt: v1:salt
config:
  aws:region: eu-west-1
  aws:profile: production
  aws:assumeRole: {roleArn: arn:aws:iam::123456789012:role/deploy}
  aws:allowedAccountIds: ["123456789012"]
  aws:endpoints: [{sagemaker: https://example.com}]
  aws:s3UsePathStyle: false
  aws:maxRetries: 25
  aws:defaultTags: {tags: {project: sagehost}}
  sagehost:pinned: true
  other:key: value
`).ForLocalAWS()
	values := map[string]string{}
	for key, value := range local.Config {
		text, err := value.Value(config.NopDecrypter)
		require.NoError(t, err)
		values[key.String()] = text
	}
	assert.Equal(t, map[string]string{
		"aws:region":         "eu-west-1",
		"aws:defaultTags":    `{"tags":{"project":"sagehost"}}`,
		"aws:s3UsePathStyle": "true",
		"aws:maxRetries":     "3",
		"sagehost:pinned":    "true",
		"other:key":          "value",
	}, values)
	assert.Empty(t, local.EncryptionSalt)
}

func TestTheRegionIsTheFiles(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "eu-west-1", load(t, "config:\n  aws:region: eu-west-1\n").Region())
	assert.Empty(t, load(t, "config:\n  sagehost:pinned: true\n").Region())
	assert.Empty(t, load(t, "{}\n").Region())
}

func TestStacksAreThoseWithAFile(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"Pulumi.yaml": project, "Pulumi.prod.yaml": "", "Pulumi.dev.yaml": "", "Pulumi.dev.yaml.bak": "", "main.go": "",
	})
	assert.Equal(t, []string{"dev", "prod"}, stackfile.Stacks(dir))
	assert.Empty(t, stackfile.Stacks(filepath.Join(dir, "missing")))
}

func TestAMissingFileIsNamedWithTheNearestStack(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"Pulumi.yaml": project, "Pulumi.prod.yaml": "", "Pulumi.dev.yaml": ""})
	_, err := stackfile.Load(dir, "prd")
	require.EqualError(t, err, `there is no Pulumi.prd.yaml; the stacks are dev, prod; did you mean "prod"?`)
	_, err = stackfile.Load(dir, "experiments")
	assert.EqualError(t, err, "there is no Pulumi.experiments.yaml; the stacks are dev, prod")
}

func TestAMissingFileAmongNoneNamesNoStacks(t *testing.T) {
	t.Parallel()
	_, err := stackfile.Load(folder(t, map[string]string{"Pulumi.yaml": project}), "dev")
	assert.EqualError(t, err, "there is no Pulumi.dev.yaml, nor a file of another stack")
}

func TestAMissingProjectIsNamed(t *testing.T) {
	t.Parallel()
	_, err := stackfile.Load(t.TempDir(), "dev")
	require.ErrorContains(t, err, "Pulumi.yaml: ")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestAFileThatIsNotYAMLIsNamed(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"Pulumi.yaml": project, "Pulumi.dev.yaml": "config:\n\t- nonsense"})
	_, err := stackfile.Load(dir, "dev")
	assert.ErrorContains(t, err, "Pulumi.dev.yaml: ")
}

func TestAnEmptyFileHasNothing(t *testing.T) {
	t.Parallel()
	file := stackfile.Empty("dev")
	assert.Equal(t, "dev", file.Stack)
	assert.Equal(t, "sagehost", file.Project.Name.String())
	assert.Empty(t, file.Region())
	assert.False(t, file.Secret("sagehost:models"))
	values, err := file.Config()
	require.NoError(t, err)
	assert.Empty(t, values)
	assert.Len(t, file.ForLocalAWS().Config, 2)
}

func TestAccountsAreThoseThatTheFileAllows(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		line string
		want []string
		err  string
	}{
		"any account where the file names none": {line: "aws:region: eu-west-1"},
		"ids with and without quotes": {
			line: `aws:allowedAccountIds: ["012345678901", 123456789012]`, want: []string{"012345678901", "123456789012"},
		},
		"an id that lost its leading zero": {
			line: "aws:allowedAccountIds: [12345678901]",
			err:  "aws:allowedAccountIds[0]: 12345678901 is not the id of an account, 12 digits in quotes",
		},
		"no list": {
			line: `aws:allowedAccountIds: "123456789012"`, err: "aws:allowedAccountIds: 123456789012 is not a list",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			accounts, err := load(t, "config:\n  "+test.line+"\n").AllowedAccounts()
			if test.err != "" {
				require.EqualError(t, err, test.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.want, accounts)
		})
	}
}
