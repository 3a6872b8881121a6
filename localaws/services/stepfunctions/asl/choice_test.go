package asl

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// chosen is "yes" or "no", or why a Choice fails.
func chosen(t *testing.T, rule, input string) string {
	t.Helper()
	got, _, _ := result(t, `{"StartAt":"S","States":{
		"S":{"Type":"Choice","Choices":[{"Next":"Yes",`+rule+`}],"Default":"No"},
		"Yes":{"Type":"Pass","Result":"yes","End":true},"No":{"Type":"Pass","Result":"no","End":true}}}`, input, &task{})
	return got
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestChoicesCompare(t *testing.T) {
	input := `{"s":"b","n":2,"f":2.0,"big":12345678901234567890,"t":true,"z":null,"at":"2026-01-01T12:00:00Z",
		"later":"2026-01-01T14:00:00+01:00","star":"a*b","log":"a.b.log","l":[]}`
	for rule, want := range map[string]bool{
		`"Variable":"$.s","StringEquals":"b"`:                                                          true,
		`"Variable":"$.s","StringEquals":"B"`:                                                          false,
		`"Variable":"$.s","StringEqualsPath":"$.s"`:                                                    true,
		`"Variable":"$.s","StringLessThan":"c"`:                                                        true,
		`"Variable":"$.s","StringGreaterThan":"b"`:                                                     false,
		`"Variable":"$.s","StringGreaterThanEquals":"b"`:                                               true,
		`"Variable":"$.s","StringLessThanEqualsPath":"$.log"`:                                          false,
		`"Variable":"$.n","StringEquals":"2"`:                                                          false,
		`"Variable":"$.n","NumericEquals":2.0`:                                                         true,
		`"Variable":"$.n","NumericEqualsPath":"$.f"`:                                                   true,
		`"Variable":"$.n","NumericLessThan":2`:                                                         false,
		`"Variable":"$.n","NumericLessThanEquals":2`:                                                   true,
		`"Variable":"$.n","NumericGreaterThan":1e0`:                                                    true,
		`"Variable":"$.big","NumericGreaterThan":12345678901234567889`:                                 true,
		`"Variable":"$.s","NumericGreaterThan":0`:                                                      false,
		`"Variable":"$.t","BooleanEquals":true`:                                                        true,
		`"Variable":"$.t","BooleanEqualsPath":"$.t"`:                                                   true,
		`"Variable":"$.z","BooleanEquals":false`:                                                       false,
		`"Variable":"$.at","TimestampEquals":"2026-01-01T13:00:00+01:00"`:                              true,
		`"Variable":"$.at","TimestampLessThanPath":"$.later"`:                                          true,
		`"Variable":"$.s","TimestampLessThan":"2026-01-01T13:00:00Z"`:                                  false,
		`"Variable":"$$.Execution.Name","StringEquals":"run"`:                                          true,
		`"Variable":"$.log","StringMatches":"a.*.log"`:                                                 true,
		`"Variable":"$.log","StringMatches":"*.b"`:                                                     false,
		`"Variable":"$.log","StringMatches":"*b*o*"`:                                                   true,
		`"Variable":"$.log","StringMatches":"a.b.log"`:                                                 true,
		`"Variable":"$.star","StringMatches":"a\\*b"`:                                                  true,
		`"Variable":"$.log","StringMatches":"a\\*log"`:                                                 false,
		`"Variable":"$.n","StringMatches":"*"`:                                                         false,
		`"Variable":"$.x","IsPresent":false`:                                                           true,
		`"Variable":"$.x","IsPresent":true`:                                                            false,
		`"Variable":"$.z","IsPresent":true`:                                                            true,
		`"Variable":"$.z","IsNull":true`:                                                               true,
		`"Variable":"$.n","IsNull":false`:                                                              true,
		`"Variable":"$.n","IsNumeric":true`:                                                            true,
		`"Variable":"$.s","IsString":true`:                                                             true,
		`"Variable":"$.l","IsString":true`:                                                             false,
		`"Variable":"$.t","IsBoolean":true`:                                                            true,
		`"Variable":"$.at","IsTimestamp":true`:                                                         true,
		`"Variable":"$.s","IsTimestamp":false`:                                                         true,
		`"Not":{"Variable":"$.s","StringEquals":"b"}`:                                                  false,
		`"And":[{"Variable":"$.n","IsNumeric":true},{"Not":{"Variable":"$.t","BooleanEquals":false}}]`: true,
		`"And":[{"Variable":"$.x","IsPresent":true},{"Variable":"$.x","StringEquals":"b"}]`:            false,
		`"Or":[{"Variable":"$.x","IsPresent":true},{"Variable":"$.n","NumericEquals":2}]`:              true,
		`"Or":[{"Variable":"$.n","NumericEquals":2},{"Variable":"$.x","StringEquals":"b"}]`:            true,
		`"Or":[{"Variable":"$.n","NumericEquals":3},{"Variable":"$.n","NumericEquals":4}]`:             false,
	} {
		answer := map[bool]string{true: `"yes"`, false: `"no"`}[want]
		assert.Equal(t, answer, chosen(t, rule, input), rule)
	}
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAChoiceOnWhatIsNotThereFails(t *testing.T) {
	missing := lost + "Invalid path '$.x': The choice state's condition path references an invalid value."
	for _, rule := range []string{
		`"Variable":"$.x","StringEquals":"b"`, `"Variable":"$.s","StringEqualsPath":"$.x"`, `"Variable":"$.x","IsNull":true`,
		`"Not":{"Variable":"$.x","StringEquals":"b"}`, `"Or":[{"Variable":"$.x","StringEquals":"b"}]`,
	} {
		assert.Equal(t, missing, chosen(t, rule, `{"s":"b"}`), rule)
	}
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestTheFirstChoiceThatHoldsIsTaken(t *testing.T) {
	definition := `{"StartAt":"S","States":{"S":{"Type":"Choice","InputPath":"$.i","OutputPath":"$.n","Choices":[
		{"Variable":"$.n","NumericGreaterThan":1,"Next":"A"},{"Variable":"$.n","NumericGreaterThan":0,"Next":"B"}]},
		"A":{"Type":"Pass","Result":"a","ResultPath":null,"End":true},"B":{"Type":"Pass","Result":"b","End":true}}}`
	assertResults(t, `{"i":{"n":2}}`, map[string]string{definition: `2`})
	assertResults(t, `{"i":{"n":1}}`, map[string]string{definition: `"b"`})
	assertResults(t, `{"i":{"n":0}}`, map[string]string{
		definition: "FAILED States.NoChoiceMatched: An error occurred while executing the state 'S' (entered at the event " +
			"id #2). Failed to transition out of the state. The state's Choices do not match, and it has no Default.",
	})
}
