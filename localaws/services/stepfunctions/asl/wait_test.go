package asl

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestWaitStatesWait(t *testing.T) {
	input := `{"s":90,"at":"2026-01-01T12:02:00Z","f":1.5,"neg":-1,"big":100000000,"text":"x"}`
	for fields, want := range map[string]time.Duration{
		`"Seconds":3600`:      time.Hour,
		`"Seconds":0`:         0,
		`"SecondsPath":"$.s"`: 90 * time.Second,
		`"Timestamp":"2026-01-01T13:00:30+01:00"`: 30 * time.Second,
		`"Timestamp":"2020-01-01T00:00:00Z"`:      0,
		`"TimestampPath":"$.at"`:                  2 * time.Minute,
	} {
		got, n, took := result(t, single(`"Type":"Wait",`+fields), input, &task{})
		assert.JSONEq(t, input, got)
		assert.Equal(t, want, took, fields)
		assert.Equal(t, "WaitStateEntered WaitStateExited ExecutionSucceeded", n.types())
	}
	for fields, want := range map[string]string{
		`"SecondsPath":"$.x"`:   "The SecondsPath parameter does not reference an input value: $.x",
		`"SecondsPath":"$.f"`:   "The SecondsPath parameter cannot be parsed as a long value: $.f == 1.5",
		`"SecondsPath":"$.neg"`: "The SecondsPath parameter references a negative value: $.neg == -1",
		`"SecondsPath":"$.big"`: "Wait state delay is too long.",
		`"TimestampPath":"$.text"`: "The TimestampPath parameter does not reference a valid ISO-8601 extended offset " +
			"date-time format string: $.text == x",
	} {
		got, _, _ := result(t, single(`"Type":"Wait",`+fields), input, &task{})
		assert.Equal(t, lost+want, got, fields)
	}
}
