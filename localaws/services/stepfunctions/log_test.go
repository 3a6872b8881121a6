package stepfunctions_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// logged makes a state machine that logs and fails, runs it, and returns what it has logged.
func (w *world) logged(level types.LogLevel, withData bool) []string {
	w.t.Helper()
	_, err := w.CreateStateMachine(w.t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("m"), RoleArn: aws.String(role),
		Definition: aws.String(`{"StartAt":"P","States":{"P":{"Type":"Pass","Next":"F"},"F":{"Type":"Fail","Error":"E"}}}`),
		LoggingConfiguration: &types.LoggingConfiguration{
			Level: level, IncludeExecutionData: withData,
			Destinations: []types.LogDestination{{CloudWatchLogsLogGroup: &types.CloudWatchLogsLogGroup{
				LogGroupArn: aws.String("arn:aws:logs:eu-west-1:123456789012:log-group:/batch/m:*"),
			}}},
		},
	})
	require.NoError(w.t, err)
	w.start("x", "")
	w.await("x", types.ExecutionStatusFailed)
	w.fake.Close()
	w.logs.mu.Lock()
	defer w.logs.mu.Unlock()
	for stream, lines := range w.logs.all {
		assert.Regexp(w.t, `^eu-west-1 /batch/m states/m/2026-01-01-12-\d\d/[0-9a-f]{8}$`, stream)
		return lines
	}
	return nil
}

func TestALevelSaysWhatIsLogged(t *testing.T) {
	t.Parallel()
	for level, want := range map[types.LogLevel]string{
		types.LogLevelAll:   "ExecutionStarted PassStateEntered PassStateExited FailStateEntered ExecutionFailed",
		types.LogLevelError: "FailStateEntered ExecutionFailed",
		types.LogLevelFatal: "ExecutionFailed",
		types.LogLevelOff:   "",
	} {
		var kinds []string
		for _, line := range newWorld(t).logged(level, true) {
			_, rest, _ := strings.Cut(line, `"type":"`)
			kind, _, _ := strings.Cut(rest, `"`)
			kinds = append(kinds, kind)
		}
		assert.Equal(t, want, strings.Join(kinds, " "), level)
	}
}

func TestALineIsAnEventWithOrWithoutItsData(t *testing.T) {
	t.Parallel()
	for withData, details := range map[bool]string{
		true:  `{"input":"{}","inputDetails":{"truncated":false},"name":"F"}`,
		false: `{"name":"F"}`,
	} {
		w := newWorld(t)
		lines := w.logged(types.LogLevelError, withData)
		require.Len(t, lines, 2)
		_, rest, _ := strings.Cut(lines[0], `"event_timestamp":"`)
		at, _, _ := strings.Cut(rest, `"`)
		assert.JSONEq(t, fmt.Sprintf(`{"id":"4","type":"FailStateEntered","details":%s,"previous_event_id":"3",
			"event_timestamp":%q,"execution_arn":%q,"redrive_count":"0"}`, details, at, *arnOf("x")), lines[0])
	}
}
