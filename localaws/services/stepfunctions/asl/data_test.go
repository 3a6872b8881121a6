package asl

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// entered is the state "S" in the context object.
const entered = `{"EnteredTime":"2026-01-01T12:00:00.000Z","Name":"S","RetryCount":0}`

const lost = "FAILED States.Runtime: An error occurred while executing the state 'S' (entered at the event id #2). "

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestStatesMoveData(t *testing.T) {
	input := `{"a":{"b":[1,2.50,{"c":"x"}]},"n":null}`
	rows := map[string]string{
		`"Type":"Pass"`:                        input,
		`"Type":"Pass","InputPath":"$.a.b[1]"`: `2.50`,
		`"Type":"Pass","InputPath":null`:       `{}`,
		`"Type":"Pass","OutputPath":null`:      `{}`,
		`"Type":"Pass","OutputPath":"$.n"`:     `null`,
		`"Type":"Pass","InputPath":"$.a.b[*]"`: `[1,2.50,{"c":"x"}]`,
		`"Type":"Pass","InputPath":"$..c"`:     `["x"]`,
		`"Type":"Pass","Result":{"x.$":"$.y"}`: `{"x.$":"$.y"}`,
		`"Type":"Pass","Result":null`:          `null`,
		`"Type":"Pass","InputPath":"$$.State"`: entered,
		`"Type":"Pass","InputPath":"$.a.x"`:    lost + "Invalid path '$.a.x' : No results for path: $['a']['x']",
		`"Type":"Pass","OutputPath":"$.a.b[7]"`: lost +
			"Invalid path '$.a.b[7]' : No results for path: $['a']['b'][7]",
		`"Type":"Pass","Result":7,"ResultPath":"$.a.z.y"`:  `{"a":{"b":[1,2.50,{"c":"x"}],"z":{"y":7}},"n":null}`,
		`"Type":"Pass","Result":7,"ResultPath":"$.a.b[0]"`: `{"a":{"b":[7,2.50,{"c":"x"}]},"n":null}`,
		`"Type":"Pass","Result":7,"ResultPath":"$.n.m"`:    `{"a":{"b":[1,2.50,{"c":"x"}]},"n":{"m":7}}`,
		`"Type":"Pass","Result":7,"ResultPath":null`:       input,
		`"Type":"Pass","Result":7,"ResultPath":"$.a.b[9]"`: "FAILED States.ResultPathMatchFailure: " +
			`Unable to apply step "a.b[9]" to input ` + input,
		`"Type":"Pass","Result":7,"ResultPath":"$.a.b.c"`: "FAILED States.ResultPathMatchFailure: " +
			`Unable to apply step "a.b.c" to input ` + input,
		`"Type":"Pass","Parameters":{"p.$":"$.a.b[2].c","q":[{"r.$":"$$.Execution.Name"}],"s":"$.a"}`: `{"p":"x",` +
			`"q":[{"r":"run"}],"s":"$.a"}`,
		`"Type":"Pass","Parameters":{"p.$":"$.a.x"}`: lost +
			"The JSONPath '$.a.x' specified for the field 'p.$' could not be found in the input '" + input + "'",
		`"Type":"Pass","Parameters":{"p.$":"$$.X"}`: lost + "The JSONPath '$$.X' specified for the field 'p.$' could not " +
			`be found in the input '{"Execution":{"Input":{"a":"b"},"Name":"run"},"State":{"EnteredTime":` +
			`"2026-01-01T12:00:00.000Z","Name":"S","RetryCount":0}}'`,
		`"Type":"Task","Resource":"arn:aws:states:::test:do","ResultSelector":{"r.$":"$"},"ResultPath":"$.t"`: `{"a":` +
			`{"b":[1,2.50,{"c":"x"}]},"n":null,"t":{"r":"done"}}`,
		`"Type":"Task","Resource":"arn:aws:states:::test:do","ResultSelector":{"r.$":"$.x"}`: lost +
			`The JSONPath '$.x' specified for the field 'r.$' could not be found in the input '"done"'`,
	}
	whole := map[string]string{
		`{"StartAt":"S","States":{"S":{"Type":"Succeed","OutputPath":"$.n"}}}`: `null`,
	}
	for fields, want := range rows {
		whole[single(fields)] = want
	}
	assertResults(t, input, whole)
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAnInputIsNeverChanged(t *testing.T) {
	input := value(t, `{"a":{"b":[1]}}`)
	p, err := parseResultPath("$.a.b[0]")
	require.NoError(t, err)
	_, failed := p.put(input, "x")
	require.Nil(t, failed)
	assert.Equal(t, value(t, `{"a":{"b":[1]}}`), input)
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestTooMuchDataFailsAState(t *testing.T) {
	k := &task{answers: []any{string(make([]byte, maxData))}}
	got, n, _ := result(t, single(`"Type":"Task","Resource":"arn:aws:states:::test:do"`), `{}`, k)
	assert.Equal(t, "FAILED States.DataLimitExceeded: The state/task 'test' returned a result with a size exceeding the "+
		"maximum number of bytes service limit.", got)
	assert.Equal(t, "TaskStateEntered TaskScheduled TaskStarted TaskFailed ExecutionFailed", n.types())
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestFailStatesFail(t *testing.T) {
	fail := func(fields string) string { return `{"StartAt":"S","States":{"S":{"Type":"Fail"` + fields + `}}}` }
	assertResults(t, `{"e":"E","c":"why","n":1}`, map[string]string{
		fail(``):                                 "FAILED : ",
		fail(`,"Error":"A.B","Cause":"because"`): "FAILED A.B: because",
		fail(`,"ErrorPath":"$.e","CausePath":"States.Format('for {}', $.c)"`): "FAILED E: for why",
		fail(`,"ErrorPath":"$.x"`): lost + "The JSONPath '$.x' specified for the field 'ErrorPath' could not be found in " +
			`the input '{"c":"why","e":"E","n":1}'`,
		fail(`,"CausePath":"$.n"`): lost + "The value of the field 'CausePath' must be a string",
	})
}
