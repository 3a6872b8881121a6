package asl

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/world/clock"
)

// Whatever is read without a complaint runs, and comes to an end or waits.
func FuzzExecution(f *testing.F) {
	for _, seed := range []struct{ definition, input string }{
		{single(`"Type":"Pass","ResultPath":"$.r","Parameters":
			{"a.$":"States.Format('{}-{}', $.x, States.ArrayLength($.l))"}`), `{"x":1,"l":[1]}`},
		{single(does + `,"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1}],"ResultSelector":{"b.$":"$"}`), `{}`},
		{`{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.a","IsPresent":true},
			{"Not":{"Variable":"$.a","StringMatches":"x*"}}],"Next":"W"}],"Default":"F"},
			"W":{"Type":"Wait","SecondsPath":"$.s","Next":"E"},"E":{"Type":"Succeed","OutputPath":"$.a"},
			"F":{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.JsonToString($)"}}}`, `{"a":"y","s":0}`},
		{`{"StartAt":"T","States":{"T":{` + follows + `,"Next":"W","TimeoutSeconds":5,"Catch":[{"ErrorEquals":["States.ALL"],
			"ResultPath":"$.e","Next":"W"}]},"W":{"Type":"Wait","Timestamp":"2020-01-01T00:00:00Z","End":true}}}`, `{"b":[]}`},
		{`{"StartAt":"`, `nope`},
	} {
		f.Add(seed.definition, seed.input)
	}
	f.Fuzz(func(t *testing.T, definition, input string) {
		k, n := &task{answers: []any{busy, map[string]any{"x": "done"}}}, &notes{full: maxEvents - 200}
		m, wrong := Parse(definition, Options{Partition: "aws", Catalog: k.catalog()})
		require.Equal(t, m == nil, len(wrong) > 0)
		given, err := Decode(input)
		if m == nil || err != nil {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		e := execution(m, n)
		e.Clock = clock.New(noon)
		require.NoError(t, e.Clock.SetSpeed(clock.MaxSpeed))
		outcome, err := e.Run(ctx, m.Start(given))
		if err != nil {
			require.ErrorIs(t, err, context.DeadlineExceeded)
			return
		}
		assert.Contains(t, []Status{Succeeded, Failed, TimedOut}, outcome.Status)
		assert.NotEmpty(t, n.events)
	})
}

// What an expression is read from is what it is computed with: it neither breaks nor changes its input.
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{
		"$.a[0]", "$$.Execution", "States.Format('{}', $.a)", `States.Array('a\'b', 1, null, $['a'])`, "States.UUID()",
		"States.MathAdd(1e300, 2)", "States.StringSplit($.s, ',')", "States.Hash($.s, 'MD5')", "$..a[?(@.b>1)]",
	} {
		f.Add(seed, `{"a":[1,{"b":2}],"s":"x,y"}`)
	}
	f.Fuzz(func(t *testing.T, text, input string) {
		e, err := parseExpression(text)
		given, wrong := Decode(input)
		if err != nil || wrong != nil {
			return
		}
		before := Encode(given)
		if _, failed := e.eval(scope{given, map[string]any{}}, "f.$"); failed != nil {
			assert.Contains(t, []string{runtimeError, intrinsicError}, failed.Name)
		}
		assert.Equal(t, before, Encode(given))
	})
}
