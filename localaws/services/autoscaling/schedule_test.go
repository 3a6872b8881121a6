package autoscaling_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/autoscaling"
)

func TestMalformedSchedulesAreRefused(t *testing.T) {
	t.Parallel()
	const words = "ValidationException: Invalid schedule expression. Details: "
	tests := map[string]string{
		"30 3 * * *": words + `Schedule expressions must have the following syntax: ` +
			`rate(<number>\s?(minutes?|hours?|days?)), cron(<cron_expression>) or at(yyyy-MM-dd'T'HH:mm:ss).`,
		"rate(0 minutes)":       words + "the value of a rate must be 1 to 153722867 minutes, got 0.",
		"cron(60 20 ? * MON *)": words + "minute must be 0-59, got 60.",
	}
	for expression, want := range tests {
		_, err := autoscaling.ParseSchedule(awsjson.Object{"Schedule": expression}, epoch)
		assert.EqualError(t, err, want, expression)
	}
	_, err := autoscaling.ParseSchedule(awsjson.Object{"Schedule": "rate(1 day)", "Timezone": "Local"}, epoch)
	assert.EqualError(t, err, "ValidationException: Invalid timezone: Local")
}

func TestAScheduleCountsFromItsStartAndFollowsItsZone(t *testing.T) {
	t.Parallel()
	hour := func(n float64) time.Time { return epoch.Add(time.Duration(n * float64(time.Hour))) }
	tests := []struct {
		action awsjson.Object
		want   time.Time
	}{
		{awsjson.Object{"Schedule": "rate(1 hour)"}, hour(5)},
		{awsjson.Object{"Schedule": "rate(1 hour)", "StartTime": awsjson.Time(hour(2.5))}, hour(4.5)},
		{awsjson.Object{"Schedule": "rate(1 hour)", "EndTime": awsjson.Time(hour(3.5))}, hour(3)},
		{awsjson.Object{"Schedule": "cron(0 3 * * ? *)", "Timezone": "Europe/Berlin"}, hour(2)},
	}
	for _, test := range tests {
		schedule, err := autoscaling.ParseSchedule(test.action, epoch)
		require.NoError(t, err)
		due, ok := schedule.Newest(epoch, hour(5))
		require.True(t, ok, test.action)
		assert.Equal(t, test.want, due.UTC(), test.action)
	}
}
