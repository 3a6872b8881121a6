package smoke

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnAnswerIsHeldAgainstWhatIsExpected(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 121)
	for name, test := range map[string]struct{ expect, body, want string }{
		"the end of the last line does not count": {"equals: a", "a\n", ""},
		"equal or not": {"equals: a", "b", `the answer is "b"; expected "a"`},
		"a long answer is cut": {
			"equals: a", long, `the answer is "` + strings.Repeat("é", 120) + `…" (242 bytes); expected "a"`,
		},
		"lines":                        {`lines: ["a,1", b]`, "a,1\r\nb\n", ""},
		"a number may be written else": {`lines: ["a,1"]`, "a,1.0", ""},
		"a number within tolerance":    {`{lines: ["a,1.5"], tolerance: 0.25}`, "a,1.75", ""},
		"a number beyond tolerance": {
			`{lines: ["a,1.5"], tolerance: 0.25}`, "a,1.76", `line 1 is "a,1.76"; expected "a,1.5"`,
		},
		"a class has no tolerance": {
			`{lines: ["a,1"], tolerance: 9}`, "b,1", `line 1 is "b,1"; expected "a,1"`,
		},
		"no number is near none":   {`{lines: ["1"], tolerance: 9}`, "NaN", `line 1 is "NaN"; expected "1"`},
		"another number of fields": {`lines: ["a,1"]`, "a", `line 1 is "a"; expected "a,1"`},
		"another number of lines":  {"lines: [a]", "a\na", "the answer has 2 lines; expected 1"},
		"all texts":                {"contains: [a, c]", "abc", ""},
		"a text is missing":        {"contains: [a, d]", "abc", `the answer "abc" does not contain "d"`},
		"JSON in any order":        {"json: {a: 1, b: [true, ~, x]}", `{"b": [true, null, "x"], "a": 1.0}`, ""},
		"a number in JSON": {
			"{json: {a: [{b: 1}]}, tolerance: 0.1}", `{"a": [{"b": 1.2}]}`, `$.a[0].b is "1.2"; expected "1"`,
		},
		"a missing member":     {"json: {a: 1}", `{}`, `$ has no member "a"`},
		"an unexpected member": {"json: {}", `{"a": 1}`, `$ has a member "a" that is not expected`},
		"elements":             {"json: [1]", `[1, 2]`, `$ has 2 elements; expected 1`},
		"another kind":         {"json: {a: {}}", `{"a": []}`, `$.a is "[]"; expected "{}"`},
		"no JSON":              {"json: {}", `{`, `the answer "{" is not JSON`},
		"a schema": {
			"schema: {type: object, required: [class], properties: {class: {enum: [a, b]}}}", `{"class": "a"}`, "",
		},
		"a schema is broken": {
			"schema: {type: object, required: [class], properties: {class: {type: string}}}", `{"class": 1}`,
			"the answer breaks the schema: at '/class': got number, want string",
		},
		"a format is no matter of taste": {
			"schema: {type: array, minItems: 2}", `[1]`,
			"the answer breaks the schema: at '': minItems: got 1, want 2",
		},
		"status alone": {"status: 200", "anything", ""},
		"a secret in the answer": {
			"equals: a", `{"password": "hunter2"}`, `the answer is (not shown: it looks like a secret); expected "a"`,
		},
		"a secret in JSON": {
			"json: {apiKey: x}", `{"apiKey": "hunter2"}`,
			`$.apiKey is not as expected (not shown: it looks like a secret)`,
		},
		"a secret that breaks a schema": {
			"schema: {properties: {token: {enum: [x]}}}", `{"token": "hunter2"}`,
			"the answer breaks the schema: (not shown: it looks like a secret)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expect := test.expect
			if !strings.HasPrefix(expect, "{") {
				expect = "{" + expect + "}"
			}
			file, err := Parse([]byte("cases: [{name: a, body: x, expect: "+expect+"}]"), noFiles)
			require.NoError(t, err)
			assert.Equal(t, test.want, file.Cases[0].Expect.difference(test.body))
		})
	}
}
