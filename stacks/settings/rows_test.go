package settings

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// minimal is the least that a stack with an endpoint needs.
const minimal = `
models:
  flowers:
    image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/flowers:1.0.0
endpoints:
  flowers:
    variants:
      - name: main
        model: flowers
        instanceType: ml.m5.large
`

// Values that several tables use.
const (
	digest      = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	repository  = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/flowers"
	secretARN   = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:flowers/api-AbCdEf"
	plainSecret = "hunter2-in-plain-text"
	// scaled is a valid scaling of a variant.
	scaled = "{min: 1, max: 4, invocationsPerInstance: 600}"
)

// change maps paths in the settings to the YAML to put there; empty YAML removes the key.
type change map[string]string

// row is a valid configuration with one thing changed.
type row struct {
	name   string
	set    change
	stack  string // "dev" unless given
	dir    string // the folder of Pulumi.yaml; the package's unless given
	secret string // the key that is encrypted
	want   []string
}

// refuse expects of each row exactly the problems it lists.
func refuse(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			source := configured(t, r.set)
			if r.stack != "" {
				source.Stack = r.stack
			}
			source.Dir = r.dir
			source.Secret = func(key string) bool { return key == r.secret }
			s, err := Parse(source)
			assert.Nil(t, s)
			assert.Equal(t, r.want, lines(t, err))
		})
	}
}

// accept expects the minimal configuration with these changes to be valid.
func accept(t *testing.T, set change) *Settings {
	t.Helper()
	return acceptIn(t, "eu-west-1", set)
}

// acceptIn is accept of a stack in another region, for settings without the image of the minimal ones.
func acceptIn(t *testing.T, region string, set change) *Settings {
	t.Helper()
	source := configured(t, set)
	source.Config[regionKey] = region
	s, err := Parse(source)
	require.NoError(t, err)
	return s
}

// lines are an error's problems, one line each.
func lines(t tester, err error) []string {
	t.Helper()
	var problems *Error
	require.ErrorAs(t, err, &problems)
	list := make([]string, len(problems.Problems))
	for i, problem := range problems.Problems {
		list[i] = problem.String()
	}
	return list
}

// tester is what tests and property tests have in common.
type tester interface {
	require.TestingT
	Helper()
}

// configured is the minimal configuration with these changes, for the stack "dev".
func configured(t tester, set change) Source {
	t.Helper()
	return source(t, changed(t, tree(t, minimal), set))
}

// changed applies changes to a configuration.
func changed(t tester, config resource.PropertyValue, set change) resource.PropertyValue {
	t.Helper()
	for _, path := range slices.Sorted(maps.Keys(set)) {
		at, err := resource.ParsePropertyPath(path)
		require.NoError(t, err)
		if set[path] == "" {
			require.True(t, at.Delete(config), path)
			continue
		}
		_, ok := at.Add(config, tree(t, set[path]))
		require.True(t, ok, path)
	}
	return config
}

func tree(t tester, text string) resource.PropertyValue {
	t.Helper()
	var value any
	require.NoError(t, yaml.Unmarshal([]byte(text), &value))
	return resource.NewPropertyValue(value)
}

// source hands a configuration over as Pulumi does: objects and lists as JSON, scalars as they are.
func source(t tester, config resource.PropertyValue) Source {
	t.Helper()
	values := map[string]string{regionKey: "eu-west-1"}
	for key, value := range config.ObjectValue().Mappable() {
		if text, ok := value.(string); ok {
			values[Namespace+":"+key] = text
			continue
		}
		data, err := json.Marshal(value)
		require.NoError(t, err)
		values[Namespace+":"+key] = string(data)
	}
	return Source{Stack: "dev", Config: values}
}

// join is a list of lines as one line each, for comparisons with whole errors.
func join(lines ...string) string { return strings.Join(lines, "\n") }
