package dataplane_test

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// state is that of an alarm.
func (w *world) state(alarm string) cwtypes.StateValue {
	w.tb.Helper()
	described, err := w.cloudwatch.DescribeAlarms(w.tb.Context(), &cloudwatch.DescribeAlarmsInput{
		AlarmNames: []string{alarm},
	})
	require.NoError(w.tb, err)
	require.Len(w.tb, described.MetricAlarms, 1)
	return described.MetricAlarms[0].StateValue
}

// told is what an alarm tells a topic.
type alarmTold struct{ AlarmName, OldStateValue, NewStateValue string }

func TestAnAlarmGoesOffAndCalmsDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic, arrived := w.topic("alerts")
	w.serve("v1", told("v1"))
	w.alarm("errors", "Invocation5XXErrors", dimensions("EndpointName", "v1", "VariantName", "main"), topic)
	next := func() (told alarmTold, subject string) {
		n := w.await(arrived)
		require.NoError(t, json.Unmarshal([]byte(n.Message), &told))
		return told, n.Subject
	}
	w.speed(600)
	said, _ := next()
	assert.Equal(t, alarmTold{"errors", "INSUFFICIENT_DATA", "OK"}, said)
	w.speed(1)
	for range 3 {
		_, err := w.invoke(t.Context(), "v1", order{Status: 503}.String())
		assert.Equal(t, 424, statusOf(err))
	}
	w.assertAnswer("v1", "v1", "anything")
	w.speed(600)
	said, subject := next()
	assert.Equal(t, alarmTold{"errors", "OK", "ALARM"}, said)
	assert.Equal(t, `ALARM: "errors" in EU (Ireland)`, subject)
	said, _ = next()
	assert.Equal(t, alarmTold{"errors", "ALARM", "OK"}, said)
	assert.Equal(t, cwtypes.StateValueOk, w.state("errors"))
	w.assertSum(3, "Invocation5XXErrors", "EndpointName", "v1", "VariantName", "main")
	w.assertSum(3, "InvocationModelErrors", "EndpointName", "v1", "VariantName", "main")
	w.assertSum(4, "Invocations", "EndpointName", "v1", "VariantName", "main")
}
