package stepfunctions_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/world/clock"
)

func TestAnExecutionRunsAndIsMeasured(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(contexts)
	w.start("x", `{"a":1.50}`)
	got := w.await("x", types.ExecutionStatusSucceeded)
	var out struct {
		C struct {
			Execution struct {
				ID, Name, RoleArn, StartTime string
				Input                        json.RawMessage
			}
			StateMachine struct{ ID, Name string }
			State        struct{ Name string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(*got.Output), &out))
	assert.Equal(t, *arnOf("x"), out.C.Execution.ID)
	assert.Equal(t, "x "+role+` {"a":1.50}`,
		out.C.Execution.Name+" "+out.C.Execution.RoleArn+" "+string(out.C.Execution.Input))
	assert.Regexp(t, `^2026-01-01T12:0\d:\d\d\.\d{3}Z$`, out.C.Execution.StartTime)
	assert.Equal(t, machine+" m P", out.C.StateMachine.ID+" "+out.C.StateMachine.Name+" "+out.C.State.Name)
	assert.Equal(t, `{"a":1.50}`, *got.Input)
	for metric, want := range map[string]float64{
		"ExecutionsStarted": 1, "ExecutionsSucceeded": 1, "ExecutionsFailed": 0, "ExecutionsTimedOut": 0,
		"ExecutionsAborted": 0,
	} {
		assert.InDelta(t, want, w.metrics.of(metric), 0, metric)
	}
}

func TestExecutionsAreCountedByTheirEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(`{"TimeoutSeconds":60,"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$.s","End":true}}}`)
	require.NoError(t, w.clock.SetSpeed(clock.MaxSpeed))
	w.start("late", `{"s":99999}`)
	w.start("wrong", `{}`)
	w.await("late", types.ExecutionStatusTimedOut)
	got := w.await("wrong", types.ExecutionStatusFailed)
	assert.Equal(t, "States.Runtime", *got.Error)
	assert.Equal(t, "An error occurred while executing the state 'W' (entered at the event id #2). The SecondsPath "+
		"parameter does not reference an input value: $.s", *got.Cause)
	for metric, want := range map[string]float64{
		"ExecutionsStarted": 2, "ExecutionsSucceeded": 0, "ExecutionsFailed": 1, "ExecutionsTimedOut": 1,
		"ExecutionsAborted": 0,
	} {
		assert.InDelta(t, want, w.metrics.of(metric), 0, metric)
	}
	assert.GreaterOrEqual(t, w.metrics.of("ExecutionTime"), 60_000.0, "milliseconds")
}

func TestAStopEndsWhatATaskHasBegun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(follows)
	w.start("x", "")
	w.awaitEvents("x", 5)
	first, err := w.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: arnOf("x"), Cause: aws.String("why")})
	require.NoError(t, err)
	assert.Equal(t, "begun", <-w.stopped)
	again, err := w.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: arnOf("x"), Cause: aws.String("no")})
	require.NoError(t, err)
	assert.Equal(t, *first.StopDate, *again.StopDate)
	got := w.await("x", types.ExecutionStatusAborted)
	assert.Equal(t, "why", *got.Cause)
	assert.Nil(t, got.Error)
	assert.InDelta(t, 1, w.metrics.of("ExecutionsAborted"), 0)
}

func TestADeletedStateMachineTakesItsExecutionsAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(follows)
	w.start("x", "")
	w.awaitEvents("x", 5)
	_, err := w.DeleteStateMachine(t.Context(), &sfn.DeleteStateMachineInput{StateMachineArn: aws.String(machine)})
	require.NoError(t, err)
	assert.Equal(t, "begun", <-w.stopped)
	_, err = w.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: arnOf("x")})
	assertCode(t, "ExecutionDoesNotExist", err)
	assert.ErrorContains(t, w.fake.StartExecution(t.Context(), region, machine, "y", ""), "StateMachineDoesNotExist: ")
	w.create(passes)
	w.start("x", "")
	w.await("x", types.ExecutionStatusSucceeded)
}

func TestServicesStartExecutions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(passes)
	ctx := t.Context()
	require.NoError(t, w.fake.StartExecution(ctx, region, machine, "", ""))
	require.NoError(t, w.fake.StartExecution(ctx, region, machine, "", `{"a":1}`))
	listed, err := w.ListExecutions(ctx, &sfn.ListExecutionsInput{StateMachineArn: aws.String(machine)})
	require.NoError(t, err)
	assert.Len(t, listed.Executions, 2, "each has a name of its own")
	for name, row := range map[string]struct{ region, machine, name, input, want string }{
		"another region": {"us-east-1", machine, "", "", "StateMachineDoesNotExist: State Machine Does Not Exist: '" +
			machine + "'"},
		"no ARN": {region, "m", "", "", "InvalidArn: Invalid Arn: 'Invalid ARN prefix: m'"},
		"no JSON": {region, machine, "", "{", "InvalidExecutionInput: Invalid State Machine Execution Input: " +
			"'unexpected EOF'"},
		"a name that is too long": {region, machine, string(make([]byte, 81)), "", "start of " + machine + ": 1 validation " +
			"error detected: Value '" + string(make([]byte, 81)) + "' at 'name' failed to satisfy constraint: Member must " +
			"have length less than or equal to 80"},
	} {
		assert.EqualError(t, w.fake.StartExecution(ctx, row.region, row.machine, row.name, row.input), row.want, name)
	}
}

func TestANameIsTakenFor90Days(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(passes)
	w.start("x", "")
	stopped := *w.await("x", types.ExecutionStatusSucceeded).StopDate
	w.clock.Forward(stopped.Add(90*24*time.Hour - time.Hour))
	assert.ErrorContains(t, w.fake.StartExecution(t.Context(), region, machine, "x", ""), "ExecutionAlreadyExists: ")
	w.clock.Forward(stopped.Add(90*24*time.Hour + time.Hour))
	w.start("x", `{"new":true}`)
	assert.Equal(t, `{"new":true}`, *w.await("x", types.ExecutionStatusSucceeded).Output)
}

func TestExecutionsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(waits)
	w.start("done", `{"s":0}`)
	w.await("done", types.ExecutionStatusSucceeded)
	w.start("waiting", `{"s":3600}`)
	w.awaitEvents("waiting", 2)
	_, err := w.UpdateStateMachine(t.Context(), &sfn.UpdateStateMachineInput{
		StateMachineArn: aws.String(machine), Definition: aws.String(follows),
	})
	require.NoError(t, err)
	w.start("following", "")
	w.awaitEvents("following", 5)
	history := func(name string) []types.HistoryEvent {
		got, err := w.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: arnOf(name)})
		require.NoError(t, err)
		return got.Events
	}
	before := [][]types.HistoryEvent{history("done"), history("waiting"), history("following")}

	w.reopen()
	assert.Empty(t, w.stopped, "what goes on is not stopped")
	after := [][]types.HistoryEvent{history("done"), history("waiting"), history("following")}
	assert.Equal(t, before, after)
	described, err := w.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{
		StateMachineArn: aws.String(machine),
	})
	require.NoError(t, err)
	assert.JSONEq(t, follows, *described.Definition)
	require.NoError(t, w.clock.SetSpeed(clock.MaxSpeed))
	ended := w.await("waiting", types.ExecutionStatusSucceeded)
	assert.GreaterOrEqual(t, ended.StopDate.Sub(*ended.StartDate), time.Hour)
	_, err = w.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: arnOf("following")})
	require.NoError(t, err)
	assert.Equal(t, "begun", <-w.stopped)
}

func TestManyExecutionsRunAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(waits)
	for i := range 50 {
		w.start(string(rune('a'+i%26))+string(rune('a'+i/26)), `{"s":1}`)
	}
	require.Eventually(t, func() bool {
		got, err := w.ListExecutions(t.Context(), &sfn.ListExecutionsInput{
			StateMachineArn: aws.String(machine), StatusFilter: types.ExecutionStatusSucceeded,
		})
		require.NoError(t, err)
		return len(got.Executions) == 50
	}, 30*time.Second, time.Millisecond)
}
