package dataplane_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/cloudclock"
	"sagehost/internal/measure/bake"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
)

// baked is an endpoint "v1" with an alarm on its errors, watched for 10 minutes of its fast clock while something
// happens.
func (w *world) baked(happens func(context.Context)) *bake.Report {
	w.tb.Helper()
	w.serve("v1", told("v1"))
	w.alarm("v1.main.5xx", "Invocation5XXErrors", dimensions("EndpointName", "v1", "VariantName", "main"))
	w.speed(300)
	ctx, cancel := context.WithCancel(w.tb.Context())
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		happens(ctx)
	}()
	watch := bake.Watch{
		Endpoint: "v1", For: minutes(10), CloudWatch: w.cloudwatch, SageMaker: w.sagemaker,
		Clock: cloudclock.Local(w.url), Out: io.Discard,
	}
	report, err := watch.Run(w.tb.Context())
	require.NoError(w.tb, err)
	cancel()
	<-ended
	return report
}

// asks sends requests until the context ends.
func (w *world) asks(body string) func(context.Context) {
	return func(ctx context.Context) {
		for ctx.Err() == nil {
			_, _ = w.invoke(ctx, "v1", body) // its answers show in the metrics
			_ = w.clock.Sleep(ctx, time.Second)
		}
	}
}

// alarmHistory is what an alarm has gone through between two times, oldest first.
func (w *world) alarmHistory(alarm string, from, to time.Time) []string {
	w.tb.Helper()
	out, err := w.cloudwatch.DescribeAlarmHistory(w.tb.Context(), &cloudwatch.DescribeAlarmHistoryInput{
		AlarmName: &alarm, HistoryItemType: cwtypes.HistoryItemTypeStateUpdate, StartDate: &from, EndDate: &to,
		ScanBy: cwtypes.ScanByTimestampAscending,
	})
	require.NoError(w.tb, err)
	var changes []string
	for _, item := range out.AlarmHistoryItems {
		assert.Equal(w.tb, alarm, *item.AlarmName)
		changes = append(changes, *item.HistorySummary)
	}
	return changes
}

func judgedBake(report *bake.Report) gates.Verdict {
	ten, few := minutes(10), 20
	return (&gates.Bake{For: &ten, MinSamples: &few}).Judge(report.Measurements())
}

func TestAWatchedEndpointPassesWithTrafficOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	report := w.baked(w.asks("anything"))
	assert.Equal(t, gates.Verdict{Result: release.Pass}, judgedBake(report), report)
	assert.Equal(t, 1, report.Alarms)
	assert.GreaterOrEqual(t, report.For, minutes(10))

	idle := newWorld(t)
	report = idle.baked(func(context.Context) {})
	assert.Equal(t, gates.Verdict{Result: release.Inconclusive, Reasons: []string{
		"the variant with the least traffic answered 0 requests; 20 are needed",
	}}, judgedBake(report))
}

func TestAWatchedEndpointFailsWithAnAlarm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	report := w.baked(w.asks(order{Status: http.StatusServiceUnavailable}.String()))
	assert.Equal(t, []string{"v1.main.5xx"}, report.Raised)
	assert.Equal(t, release.Fail, judgedBake(report).Result)
}

func TestAnAlarmThatIsOverIsInItsHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	began := w.clock.Now()
	w.serve("v1", told("v1"))
	w.alarm("v1.main.5xx", "Invocation5XXErrors", dimensions("EndpointName", "v1", "VariantName", "main"))
	// A busy machine evaluates seldom, and may have missed a single failure.
	w.speed(60)
	require.Eventually(t, func() bool {
		_, err := w.invoke(t.Context(), "v1", order{Status: http.StatusServiceUnavailable}.String())
		return err != nil && w.state("v1.main.5xx") == cwtypes.StateValueAlarm
	}, soon, often)
	w.pass(minutes(10))
	require.Eventually(t, func() bool { return len(w.alarmHistory("v1.main.5xx", began, w.clock.Now())) > 1 }, soon, often)
	assert.Equal(t, []string{"Alarm updated from OK to ALARM", "Alarm updated from ALARM to OK"},
		w.alarmHistory("v1.main.5xx", began, w.clock.Now()))
	assert.Empty(t, w.alarmHistory("v1.main.5xx", began.Add(-time.Hour), began))
	assert.Empty(t, w.alarmHistory("v1.main.4xx", began, w.clock.Now()))
}
