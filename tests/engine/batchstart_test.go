package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// runs waits until so many runs have succeeded and none is under way, and returns their names.
func (w *batchWorld) runs(t *testing.T, count int) []string {
	t.Helper()
	var names []string
	require.Eventually(t, func() bool {
		names = nil
		page, err := w.states.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: &w.machine})
		require.NoError(t, err)
		for i := range page.Executions {
			if page.Executions[i].Status == sfntypes.ExecutionStatusSucceeded {
				names = append(names, *page.Executions[i].Name)
			}
		}
		return len(names) == count && len(names) == len(page.Executions)
	}, time.Minute, 50*time.Millisecond)
	slices.Sort(names)
	return names
}

// TestABatchTransformRunsNightly lets the schedule of a batch transform come round.
func TestABatchTransformRunsNightly(t *testing.T) {
	t.Parallel()
	spec := transformed
	due := time.Now().UTC().Add(90 * time.Minute)
	spec.Schedule = fmt.Sprintf("cron(%d %d * * ? *)", due.Minute(), due.Hour())
	w := newBatchWorld(t, spec)
	w.store(t, testBatch+"/input/a.csv", []byte(testRows))
	// A run of the schedule has hexadecimal digits for a name, which come before this one.
	w.start(t, "on-demand", "{}")
	w.succeeds(t, "on-demand")
	w.speed(t, 600)
	w.alarmIs(t, "missed", types.StateValueAlarm)
	run := w.runs(t, 2)[0]
	assert.Equal(t, testAnswers, w.folder(t, run)["output/a.csv.out"])
	over := lookedAt(t, w.alarmIs(t, "missed", types.StateValueOk))
	assert.False(t, over.Before(due.Truncate(time.Minute)), "%v: a run by hand says nothing of the schedule", over)
	w.speed(t, 1)
	assert.Equal(t, []string{run, "on-demand"}, w.runs(t, 2), "the next one is due tomorrow")

	paused := spec
	paused.Paused = true
	require.Equal(t, map[string]int{"same": 14, "update": 1, "delete": 1}, w.deployBatch(t, paused))

	often := spec
	often.Schedule = "rate(1 minute)"
	w.alarmIs(t, "not-started", types.StateValueOk)
	require.Equal(t, map[string]int{"same": 14, "update": 1, "create": 1}, w.deployBatch(t, often))
	w.cannotStart(t)
	require.NoError(t, w.openProgram(w.file, w.program(paused)).Destroy(t.Context()), w.out.String())
}

// TestFilesThatArriveAreTransformedOnceEach puts files where a batch transform waits for them.
func TestFilesThatArriveAreTransformedOnceEach(t *testing.T) {
	t.Parallel()
	spec := transformed
	spec.Arrivals, spec.ArrivalSuffix = true, ".csv"
	w := newBatchWorld(t, spec)
	w.store(t, testBatch+"/input/", nil)
	w.store(t, testBatch+"/input/a.csv.part", []byte("poison\n"))
	w.store(t, testBatch+"/other/a.csv", []byte("poison\n"))
	w.store(t, testBatch+"/input/a.csv", []byte(testFlower+"\n"))
	w.store(t, testBatch+"/input/day 1/ä+b.csv", []byte(testRows))
	outputs := map[string]string{}
	for _, run := range w.runs(t, 2) {
		for key, content := range w.folder(t, run) {
			if key != "_SUCCESS" && key != "manifest.json" {
				outputs[key] = content
			}
		}
	}
	assert.Equal(t, map[string]string{
		"output/flowers-test/input/a.csv.out":         testAnswer,
		"output/flowers-test/input/day 1/ä+b.csv.out": testAnswers,
	}, outputs)
	w.speed(t, 60)
	w.alarmIs(t, "not-started", types.StateValueOk)
	w.cannotStart(t, "late.csv")
	require.NoError(t, w.openProgram(w.file, w.program(spec)).Destroy(t.Context()), w.out.String())
}

// lookedAt is when the data points were looked at that have put an alarm into its state.
func lookedAt(t *testing.T, alarm types.MetricAlarm) time.Time {
	t.Helper()
	var reason struct{ QueryDate string }
	require.NoError(t, json.Unmarshal([]byte(aws.ToString(alarm.StateReasonData)), &reason))
	moment, err := time.Parse("2006-01-02T15:04:05.000-0700", reason.QueryDate)
	require.NoError(t, err)
	return moment
}

// cannotStart takes the state machine away from what starts it, lets files arrive, and waits for the alarm.
func (w *batchWorld) cannotStart(t *testing.T, files ...string) {
	t.Helper()
	_, err := w.states.DeleteStateMachine(t.Context(), &sfn.DeleteStateMachineInput{StateMachineArn: &w.machine})
	require.NoError(t, err)
	for _, name := range files {
		w.store(t, testBatch+"/input/"+name, []byte(testRows))
	}
	w.speed(t, 60)
	w.alarmIs(t, "not-started", types.StateValueAlarm)
	w.speed(t, 1)
}
