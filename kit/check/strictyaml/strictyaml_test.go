package strictyaml_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/kit/check"
	"sagehost/kit/check/strictyaml"
)

type file struct {
	Name  string         `yaml:"name"`
	Count *int           `yaml:"count"`
	On    bool           `yaml:"on"`
	Share float64        `yaml:"share"`
	Limit *time.Duration `yaml:"limit"`
	Value any            `yaml:"value"`
	Lines []string       `yaml:"lines"`
	Other string         `yaml:"-"`
}

func TestEveryKindOfValueIsRead(t *testing.T) {
	t.Parallel()
	var have file
	at := check.New("")
	strictyaml.Decode(at, []byte(`
name: a
count: 0
on: true
share: 1
limit: 1m30s
value: {a: [1, 2.5, x, true, ~], "b": {}}
lines: ["1", ""]
`), &have)
	require.NoError(t, at.Err())
	zero, limit := 0, 90*time.Second
	assert.Equal(t, file{
		Name: "a", Count: &zero, On: true, Share: 1, Limit: &limit, Lines: []string{"1", ""},
		Value: map[string]any{"a": []any{1.0, 2.5, "x", true, nil}, "b": map[string]any{}},
	}, have)
}

func TestAllProblemsAreSaidByPath(t *testing.T) {
	t.Parallel()
	at := check.New("")
	strictyaml.Decode(at, []byte(`
name: 1
count: "1"
on: 1
share: x
limit: 90
value: {a: 1, a: 2, b: &c x}
lines: [1]
nam: a
"-": a
"": a
`), &file{})
	assert.EqualError(t, at.Err(), strings.Join([]string{
		`[""]: is an unknown key`,
		`["-"]: is an unknown key`,
		`count: "1" is not a number`,
		`limit: "90" is not a span of time; expected one like "90s", "5m" or "1h30m"`,
		`lines[0]: 1 is not text; put it in quotes`,
		`nam: is an unknown key; did you mean "name"?`,
		`name: 1 is not text; put it in quotes`,
		`on: "1" is not true or false`,
		`share: "x" is not a number`,
		`value.a: is given twice`,
		`value.b: uses an anchor; write the value itself`,
	}, "\n"))
}

func TestWhatIsNoDocumentAtAllIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                "is empty",
		"# nothing":       "is empty",
		"- a":             "is not an object",
		"a: b\n---\nc: d": "is followed by something else",
		"a: [":            "yaml: line 1: did not find expected node content",
		"? [a]\n: b":      "has a key that is no text in line 1",
	} {
		at := check.New("")
		strictyaml.Decode(at, []byte(text), &file{})
		assert.EqualError(t, at.Err(), want, text)
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"", "name: a", "value: {a: [1, .nan, 0x1F, 1_000]}", "a: &a [*a]", "limit: 1h", "<<: {a: b}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var have file
		at := check.New("")
		strictyaml.Decode(at, text, &have)
		if err := at.Err(); err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		_, err := json.Marshal(have.Value)
		require.NoError(t, err, "what is read is what JSON can say")
	})
}
