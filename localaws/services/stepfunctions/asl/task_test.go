package asl

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/world/clock"
)

const (
	does    = `"Type":"Task","Resource":"arn:aws:states:::test:do"`
	follows = `"Type":"Task","Resource":"arn:aws:states:::test:do.sync"`
)

var (
	busy   = &Error{Name: "Test.Busy", Cause: "later"}
	broken = &Error{Name: "Test.Broken", Cause: "never"}
)

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestATaskIsTriedAgainAsItsStateSays(t *testing.T) {
	const retry = `"Retry":[{"ErrorEquals":["Test.Busy"],"IntervalSeconds":3,"MaxAttempts":2,"BackoffRate":4},
		{"ErrorEquals":["States.ALL"],"MaxAttempts":1,"MaxDelaySeconds":1}]`
	busyTwice := []any{busy, busy, "done"}
	for _, row := range []struct {
		title   string
		retry   string
		answers []any
		want    string
		calls   int
		took    time.Duration
	}{
		{"until it succeeds", retry, busyTwice, `"done"`, 3, 15 * time.Second},
		{"no more often than it may be", retry, []any{busy}, "FAILED Test.Busy: later", 3, 15 * time.Second},
		{"by the rule for the error", retry, []any{broken, busy, "done"}, `"done"`, 3, 4 * time.Second},
		{"not for other errors", `"Retry":[{"ErrorEquals":["X"]}]`, []any{busy}, "FAILED Test.Busy: later", 1, 0},
		{"never", `"Retry":[{"ErrorEquals":["Test.Busy"],"MaxAttempts":0}]`, []any{busy}, "FAILED Test.Busy: later", 1, 0},
		{
			"three times after 1, 2 and 4 s by default", `"Retry":[{"ErrorEquals":["States.TaskFailed"]}]`,
			[]any{busy},
			"FAILED Test.Busy: later", 4, 7 * time.Second,
		},
		{"after no more than it may take", `"Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":10,` +
			`"MaxDelaySeconds":11,"MaxAttempts":3}]`, []any{busy}, "FAILED Test.Busy: later", 4, 32 * time.Second},
	} {
		t.Run(row.title, func(t *testing.T) {
			k := &task{answers: row.answers}
			got, _, took := result(t, single(does+","+row.retry), `{}`, k)
			assert.Equal(t, row.want, got)
			assert.Len(t, k.calls, row.calls)
			assert.Equal(t, row.took, took)
		})
	}
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestJitterShortensTheWait(t *testing.T) {
	r := retrier{interval: time.Hour, backoff: 2, jitter: true}
	seen := map[time.Duration]bool{}
	for range 20 {
		wait := r.pause(1)
		assert.GreaterOrEqual(t, wait, time.Duration(0))
		assert.LessOrEqual(t, wait, 2*time.Hour)
		seen[wait] = true
	}
	assert.Greater(t, len(seen), 1)
	assert.Equal(t, maxInterval*time.Second, retrier{interval: time.Second, backoff: 2}.pause(1e6))
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAnAttemptKnowsHowManyCameBefore(t *testing.T) {
	k := &task{answers: []any{busy, broken, "done"}}
	_, n, _ := result(t, single(does+`,"Parameters":{"n.$":"$$.State.RetryCount","in.$":"$.a"},"Retry":[
		{"ErrorEquals":["Test.Busy"]},{"ErrorEquals":["Test.Broken"]}]`), `{"a":"b"}`, k)
	var seen []string
	for _, call := range k.calls {
		seen = append(seen, Encode(call.Parameters))
		assert.Equal(t, "eu-west-1 role", call.Region+" "+call.RoleARN)
	}
	assert.Equal(t, []string{`{"in":"b","n":0}`, `{"in":"b","n":1}`, `{"in":"b","n":2}`}, seen)
	assert.Equal(t, "TaskStateEntered TaskScheduled TaskStarted TaskFailed TaskScheduled TaskStarted TaskFailed "+
		"TaskScheduled TaskStarted TaskSucceeded TaskStateExited ExecutionSucceeded", n.types())
	assert.Equal(t, map[string]any{
		"resourceType": "test", "resource": "do", "error": "Test.Busy", "cause": "later",
	}, n.events[3].Details)
	assert.Equal(t, map[string]any{
		"resourceType": "test", "resource": "do", "region": "eu-west-1", "parameters": `{"in":"b","n":0}`,
	}, n.events[1].Details)
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAnErrorIsCaught(t *testing.T) {
	caught := func(catch string) string {
		return `{"StartAt":"S","States":{"S":{` + does + `,"End":true,"Catch":[` + catch + `]},
			"C":{"Type":"Pass","End":true},"D":{"Type":"Pass","Result":"other","End":true}}}`
	}
	for catch, want := range map[string]string{
		`{"ErrorEquals":["Test.Broken"],"Next":"C"},{"ErrorEquals":["States.ALL"],"Next":"D"}`: `{"Cause":"never",` +
			`"Error":"Test.Broken"}`,
		`{"ErrorEquals":["Test.Busy"],"Next":"C"},{"ErrorEquals":["States.TaskFailed"],"Next":"D"}`: `"other"`,
		`{"ErrorEquals":["A","Test.Broken"],"ResultPath":"$.why","Next":"C"},{"ErrorEquals":["X"],"Next":"D"}`: `{"in":1,` +
			`"why":{"Cause":"never","Error":"Test.Broken"}}`,
		`{"ErrorEquals":["A"],"Next":"C"},{"ErrorEquals":["States.Timeout"],"Next":"D"}`: "FAILED Test.Broken: never",
	} {
		got, _, _ := result(t, caught(catch), `{"in":1}`, &task{answers: []any{broken}})
		assert.Equal(t, want, got, catch)
	}
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestErrorsOfTheDefinitionAreNotCaught(t *testing.T) {
	handled := `,"Retry":[{"ErrorEquals":["States.ALL"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}]`
	for fields, want := range map[string]string{
		`,"Parameters":{"a.$":"$.x"}`: lost +
			"The JSONPath '$.x' specified for the field 'a.$' could not be found in the input '{}'",
		`,"Parameters":{"a.$":"States.ArrayLength('x')"}`: `{"Cause":"An error occurred while executing the state 'S' ` +
			`(entered at the event id #2). The function 'States.ArrayLength('x')' had the following error: argument 1 must be ` +
			`an array","Error":"States.IntrinsicFailure"}`,
		`,"InputPath":"$$.Execution.Name"`: lost + `The Parameters '"run"' could not be used to start the Task: ` +
			`[Expected value of type Object]`,
		`,"InputPath":"$$.Execution.Input","TimeoutSecondsPath":"$.a"`: lost +
			"The TimeoutSecondsPath parameter does not reference a positive integer: $.a == b",
		`,"TimeoutSecondsPath":"$.x"`: lost + "Invalid path '$.x' : No results for path: $['x']",
	} {
		got, _, _ := result(t, `{"StartAt":"S","States":{"S":{`+does+`,"End":true`+fields+handled+`},
			"C":{"Type":"Succeed"}}}`, `{}`, &task{answers: []any{"done"}})
		assert.Equal(t, want, got, fields)
	}
	got, _, _ := result(t, single(does), `{"wrong":1}`, &task{})
	assert.Equal(t, lost+`The Parameters '{"wrong":1}' could not be used to start the Task: `+
		`[The field "wrong" is not supported by Step Functions]`, got)
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestATaskThatTakesTooLongTimesOut(t *testing.T) {
	k := &task{answers: []any{"done"}, takes: time.Minute}
	for fields, want := range map[string]string{
		does + `,"TimeoutSeconds":59`:                                                             "FAILED States.Timeout: ",
		does + `,"TimeoutSeconds":61`:                                                             `"done"`,
		does + `,"TimeoutSecondsPath":"$.t"`:                                                      "FAILED States.Timeout: ",
		does + `,"TimeoutSeconds":1,"Retry":[{"ErrorEquals":["States.TaskFailed"]}]`:              "FAILED States.Timeout: ",
		follows + `,"TimeoutSeconds":59,"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1}]`: "FAILED States.Timeout: ",
	} {
		got, _, _ := result(t, single(fields), `{"t":30}`, k)
		assert.Equal(t, want, got, fields)
	}
	begun := map[string]any{"id": "begun"}
	assert.Equal(t, []any{begun, begun}, k.stopped, "what a task has begun ends with its time")
	_, n, _ := result(t, single(does+`,"TimeoutSeconds":59`), `{}`, k)
	assert.Equal(t, "TaskStateEntered TaskScheduled TaskStarted TaskTimedOut ExecutionFailed", n.types())
	assert.Equal(t, number(59), n.events[1].Details["timeoutInSeconds"])
	assert.Equal(t, map[string]any{
		"resourceType": "test", "resource": "do", "error": "States.Timeout",
	}, n.events[3].Details)
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAnExecutionThatTakesTooLongTimesOut(t *testing.T) {
	k := &task{answers: []any{"done"}, takes: time.Hour}
	got, n, took := result(t, `{"TimeoutSeconds":60,"StartAt":"S","States":{"S":{`+follows+`,"End":true,
		"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}]},"C":{"Type":"Succeed"}}}`, `{}`, k)
	assert.Equal(t, "TIMED_OUT", got)
	assert.Equal(t, "TaskStateEntered TaskScheduled TaskStarted TaskSubmitted ExecutionTimedOut", n.types())
	assert.True(t, n.events[4].Apart)
	assert.Len(t, k.stopped, 1)
	assert.Equal(t, time.Minute, took)
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAStoppedExecutionEndsWhatItsTaskHasBegun(t *testing.T) {
	for _, row := range []struct {
		cause   error
		stopped int
	}{{ErrStopped, 1}, {context.Canceled, 0}} {
		synctest.Test(t, func(t *testing.T) {
			k, n := &task{answers: []any{"done"}, takes: time.Hour}, &notes{}
			m := read(t, single(follows), k)
			ctx, stop := context.WithCancelCause(t.Context())
			go func() {
				time.Sleep(time.Second)
				stop(row.cause)
			}()
			_, err := execution(m, n).Run(ctx, m.Start(value(t, `{}`)))
			assert.ErrorIs(t, err, context.Canceled)
			assert.Len(t, k.stopped, row.stopped)
			assert.Equal(t, "TaskStateEntered TaskScheduled TaskStarted TaskSubmitted", n.types())
		})
	}
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAnExecutionGoesOnFromWhereItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k, n := &task{answers: []any{"done"}}, &notes{}
		m := read(t, single(follows), k)
		at := Position{
			State: "S", Input: map[string]any{}, Entered: noon, EnteredID: 2, Scheduled: noon, Begun: "job", Attempts: []int{},
		}
		outcome, err := execution(m, n).Run(t.Context(), at)
		require.NoError(t, err)
		assert.Equal(t, `"done"`, shownOutcome(outcome))
		assert.Equal(t, "TaskSucceeded TaskStateExited ExecutionSucceeded", n.types(), "nothing is started twice")

		n = &notes{}
		m = read(t, single(`"Type":"Wait","Seconds":60`), k)
		e := execution(m, n)
		e.Clock = clock.New(noon.Add(50 * time.Second))
		began := time.Now()
		_, err = e.Run(t.Context(), Position{State: "S", Entered: noon, Until: noon.Add(time.Minute), Attempts: []int{}})
		require.NoError(t, err)
		assert.Equal(t, 10*time.Second, time.Since(began))
	})
}

// refusing is a journal of an execution that has ended.
type refusing struct{ *notes }

var errRefused = errors.New("it has ended")

func (refusing) Keep(Position) error { return errRefused }

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAJournalThatRefusesEndsAnExecution(t *testing.T) {
	k := &task{answers: []any{"done"}}
	m := read(t, single(does), k)
	e := execution(m, nil)
	e.Journal = refusing{&notes{}}
	_, err := e.Run(t.Context(), m.Start(map[string]any{}))
	assert.ErrorIs(t, err, errRefused)
	assert.Empty(t, k.calls)
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAnExecutionThatDoesNotEndFailsWhenItsHistoryIsFull(t *testing.T) {
	definition := `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"S"},"S":{"Type":"Choice","Choices":[
		{"Variable":"$","IsNull":true,"Next":"E"}],"Default":"A"},"E":{"Type":"Succeed"}}}`
	got, n, _ := result(t, definition, `1`, &task{})
	assert.Equal(t, "FAILED States.Runtime: The execution reached the maximum number of history events (25000).", got)
	assert.Len(t, n.events, 24999)
}
