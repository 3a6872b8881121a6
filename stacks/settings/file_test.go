package settings

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// configuredWith is the minimal configuration with these keys; an empty value removes one.
func configuredWith(t *testing.T, set map[string]string) Source {
	t.Helper()
	source := configured(t, nil)
	for key, value := range set {
		source.Config[key] = value
		if value == "" {
			delete(source.Config, key)
		}
	}
	return source
}

// problemsWith are those of the minimal configuration with these keys.
func problemsWith(t *testing.T, set map[string]string) []string {
	t.Helper()
	_, err := Parse(configuredWith(t, set))
	if err == nil {
		return nil
	}
	return lines(t, err)
}

func TestKeysThatNothingReadsAreRefused(t *testing.T) {
	t.Parallel()
	const of = "; expected one of sagehost, aws, awsx, pulumi"
	for key, want := range map[string]string{
		"sagehots:endpoints": `is of an unknown namespace; did you mean "sagehost"?`,
		"sagehosting:models": `is of an unknown namespace; did you mean "sagehost"?`,
		"Sagehost:models":    `is of an unknown namespace; did you mean "sagehost"?`,
		"awss:region":        `is of an unknown namespace; did you mean "aws"?`,
		"kubernetes:context": "is of an unknown namespace" + of,
		"aws:nonsense":       "",
		"aws:profile":        "",
		"awsx:anything":      "",
		"pulumi:tags":        "",
		"pulumi:autonaming":  "",
	} {
		var problems []string
		if want != "" {
			problems = []string{key + ": " + want}
		}
		assert.Equal(t, problems, problemsWith(t, map[string]string{key: `{"a":1}`}), key)
	}
}

func TestAnEmptiedFileIsRefused(t *testing.T) {
	t.Parallel()
	const want = "sagehost: has no key, so that everything the stack has would be deleted; " +
		"to have nothing, set sagehost:models to {}"
	_, err := Parse(Source{Stack: "dev", Config: map[string]string{regionKey: "eu-west-1"}})
	assert.Equal(t, []string{want}, lines(t, err))
	_, err = Parse(Source{Stack: "dev"})
	assert.Equal(t, []string{`aws:region: is required: the AWS region of the stack, such as "eu-west-1"`, want},
		lines(t, err))
}

func TestTheRegionIsOneOfAWS(t *testing.T) {
	t.Parallel()
	for _, region := range []string{
		"eu-west-1", "us-gov-west-1", "cn-northwest-1", "ap-southeast-7", "us-isob-east-1", "eusc-de-east-1", "mx-central-1",
	} {
		// The images of another region are another matter.
		found := strings.Join(problemsWith(t, map[string]string{regionKey: region}), "\n")
		assert.NotContains(t, found, regionKey+":", region)
	}
	for _, region := range []string{"eu-west1", "EU-WEST-1", "eu-west-1a", "eu-west", "Ireland", " eu-west-1", "1", "{}"} {
		assert.Equal(t, []string{"aws:region: \"" + region + "\" is not the name of an AWS region; " +
			`expected one like "eu-west-1"`}, problemsWith(t, map[string]string{regionKey: region}))
	}
	assert.Equal(t, []string{`aws:region: is required: the AWS region of the stack, such as "eu-west-1"`},
		problemsWith(t, map[string]string{regionKey: ""}))
}

func TestABoundaryOfAnAccountThatTheStackMayNotBeInIsRefused(t *testing.T) {
	t.Parallel()
	const boundary = "arn:aws:iam::999999999999:policy/edge"
	for accounts, want := range map[string][]string{
		``:                 nil,
		`["999999999999"]`: nil,
		`["123456789012"]`: {`sagehost:permissionsBoundary: "` + boundary + `" is in account 999999999999, and ` +
			"aws:allowedAccountIds has 123456789012: IAM attaches policies of the role's own account alone"},
		`[123456789]`:    {"aws:allowedAccountIds[0]: 123456789 is not the id of an account, 12 digits in quotes"},
		`"999999999999"`: {`aws:allowedAccountIds: "999999999999" is not a list`},
	} {
		assert.Equal(t, want, problemsWith(t, map[string]string{
			accountsKey: accounts, "sagehost:permissionsBoundary": boundary,
		}), accounts)
	}
}

// tagged is aws:defaultTags with so many tags, and what is in the braces more.
func tagged(n int, more string) string {
	var tags []string
	for i := range n {
		tags = append(tags, `"`+strings.Repeat("k", i+1)+`":"v"`)
	}
	if more != "" {
		tags = append(tags, more)
	}
	return `{"tags":{` + strings.Join(tags, ",") + `}}`
}

func TestDefaultTagsAreThoseThatEverythingTakes(t *testing.T) {
	t.Parallel()
	const at = "aws:defaultTags"
	for text, want := range map[string]string{
		tagged(0, ""):                          "",
		tagged(47, ""):                         "",
		tagged(0, `"":"v"`):                    `.tags[""]: the key is empty`,
		tagged(0, `"empty":""`):                "",
		tagged(0, `"cost":1234,"live":true`):   "", // the Pulumi CLI writes what looks like a number as one
		tagged(0, `"a b":"ü: 1/2 = x+y-z@_."`): "",
		tagged(0, `"aws:x":"v"`):               `.tags["aws:x"]: the key begins with "aws:", which AWS keeps for itself`,
		tagged(0, `"AWS:x":"v"`):               `.tags["AWS:x"]: the key begins with "aws:", which AWS keeps for itself`,
		tagged(0, `"sagehost:stack":"v"`): `.tags["sagehost:stack"]: the key begins with "sagehost:", ` +
			"which tells what a resource belongs to",
		tagged(0, `"team":"a","Team":"b"`): `.tags.team: differs from "Team" in case only, ` +
			"which IAM ignores in the keys of a role's tags",
		tagged(0, `"a#":"v"`):  `.tags["a#"]: the key "a#" may only have letters, digits, spaces and _ . : / = + - @`,
		tagged(0, `"a":"v,w"`): `.tags.a: "v,w" may only have letters, digits, spaces and _ . : / = + - @`,
		tagged(0, `"a":null`):  ".tags.a: <nil> is not text",
		tagged(0, `"a":[1]`):   ".tags.a: a list is not text",
		tagged(48, ""): ".tags: has 48 tags; at most 47 are allowed, as a model takes 50, " +
			"of which 3 are the stack's own",
		`{"tag":{}}`:  `.tag: is an unknown key; did you mean "tags"?; expected tags`,
		`{"tags":[]}`: ".tags: is not an object of tags by key",
		`{}`:          ".tags: is not an object of tags by key",
		`team=a`:      ": is not an object with the key tags",
		tagged(0, `"`+strings.Repeat("k", 129)+`":"v"`): `.tags.` + strings.Repeat("k", 129) + `: the key "` +
			strings.Repeat("k", 129) + `" has 129 characters; at most 128 are allowed`,
		tagged(0, `"k":"`+strings.Repeat("v", 257)+`"`): `.tags.k: "` + strings.Repeat("v", 257) +
			`" has 257 characters; at most 256 are allowed`,
	} {
		problems := problemsWith(t, map[string]string{defaultTagsKey: text})
		if want == "" {
			assert.Empty(t, problems, text)
			continue
		}
		require.NotEmpty(t, problems, text)
		assert.Equal(t, at+want, problems[0])
	}
}

func TestAStackWithObjectsTakesFewerTags(t *testing.T) {
	t.Parallel()
	for _, model := range []string{
		"{image: '" + repository + ":1', artifactFile: a.tar.gz}", "{image: '" + repository + ":1', multiModel: {}}",
	} {
		set := func(tags int) []string {
			source := configured(t, change{"models.flowers": model})
			source.Config[defaultTagsKey] = tagged(tags, "")
			source.Dir = t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(source.Dir, "a.tar.gz"), nil, 0o600))
			_, err := Parse(source)
			if err == nil {
				return nil
			}
			return lines(t, err)
		}
		assert.Empty(t, set(8))
		assert.Equal(t, []string{"aws:defaultTags.tags: has 9 tags; at most 8 are allowed, as an object in Amazon S3, " +
			"which a model's archive is, takes 10, of which 2 are the stack's own"}, set(9))
	}
}

func TestEncryptedTagsAndRegionsArePassedOver(t *testing.T) {
	t.Parallel()
	source := configuredWith(t, map[string]string{regionKey: "", defaultTagsKey: `{"tags":{"a":{"secure":"v1:x"}}}`})
	source.Secret = func(key string) bool { return strings.HasPrefix(key, "aws:") }
	_, err := Parse(source)
	assert.NoError(t, err)
}

func TestWhatPulumiPassesOverInAStacksFileIsRefused(t *testing.T) {
	t.Parallel()
	const config = "config:\n  aws:region: eu-west-1\n"
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"a file as Pulumi writes it": {
			"secretsprovider: awskms://alias/a\nencryptedkey: k\nencryptionsalt: v1:s\nenvironment:\n  - shared\n" + config, nil,
		},
		"an end of the document":        {config + "...\n", nil},
		"the beginning of the document": {"%YAML 1.2\n---\n" + config, nil},
		"line breaks of Windows":        {strings.ReplaceAll(config, "\n", "\r\n"), nil},
		"a byte order mark":             {"\ufeff" + config, nil},
		"anchors and merges":            {"config:\n  aws:a: &a {x: 1}\n  aws:b: {<<: *a}\n", nil},
		"nothing":                       {"", nil}, // has no key: see above
		"a comment":                     {"# nothing\n", nil},
		"no YAML":                       {"config: [", nil}, // Pulumi refuses it
		"a second document": {config + "---\nconfig: {}\n", []string{
			"the file goes on after its YAML document, and Pulumi reads the first one only; remove what is not meant",
		}},
		"an unknown key": {"confg: {}\n" + config, []string{
			`confg: is an unknown key, which nothing reads; did you mean "config"?`,
		}},
		"an unknown key of none": {"x-y: {}\n" + config, []string{"x-y: is an unknown key, which nothing reads"}},
		"settings beside config": {config + "sagehost:models: {}\n", []string{
			"sagehost:models: stands beside config, where nothing reads it; put it under config",
		}},
	} {
		source := configured(t, nil)
		source.Dir = t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(source.Dir, "Pulumi.dev.yaml"), []byte(test.text), 0o600))
		_, err := Parse(source)
		if test.want == nil {
			assert.NoError(t, err, name)
			continue
		}
		assert.Equal(t, test.want, lines(t, err), name)
	}
}

func TestTheKeysOfAStacksFileAreThoseThatPulumiKnows(t *testing.T) {
	t.Parallel()
	var known []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[workspace.ProjectStack]()) {
		if key, _, _ := strings.Cut(field.Tag.Get("yaml"), ","); key != "" && key != "-" {
			known = append(known, key)
		}
	}
	assert.ElementsMatch(t, known, stackKeys)
}
