package batch

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheLongestTimeBetweenTwoRunsIsThatOfTheWholeYear(t *testing.T) {
	t.Parallel()
	const berlin = "Europe/Berlin"
	for _, test := range []struct {
		schedule, zone string
		want           time.Duration
	}{
		{"rate(1 minute)", "", time.Hour}, // a gap within an hour is not looked for
		{"rate(90 minutes)", "", 90 * time.Minute},
		{"rate(6 hours)", "", 6 * time.Hour},
		{"rate(1 day)", "", 24 * time.Hour},
		{"rate(8 days)", "", 8 * 24 * time.Hour},
		{"cron(0/5 * * * ? *)", "", time.Hour},
		{"cron(30 1 * * ? *)", "", 24 * time.Hour},
		{"cron(30 1 * * ? *)", berlin, 25 * time.Hour}, // in autumn
		{"cron(30 2 * * ? *)", berlin, 47 * time.Hour}, // in spring, when there is no such time
		{"cron(0 7 ? * MON-FRI *)", "", 72 * time.Hour},
		{"cron(0 7 ? * MON-FRI *)", berlin, 73 * time.Hour},
		{"cron(0 9,17 * * ? *)", "", 16 * time.Hour},
		{"cron(0 0 ? * SUN *)", "", 7 * 24 * time.Hour},
		{"cron(0 0 1 * ? *)", "", 31 * 24 * time.Hour},
		{"cron(0 0 29 2 ? *)", "", lastYear.Sub(firstYear)}, // once in these years
		{"cron(0 0 * * ? 2040)", "", lastYear.Sub(firstYear)},
	} {
		spec := Spec{Schedule: test.schedule, Timezone: test.zone}
		gap, err := spec.longestGap()
		require.NoError(t, err, test.schedule)
		assert.Equal(t, test.want, gap, "%s in %q", test.schedule, test.zone)
	}
}

func TestRunsAreMissedSomewhatLaterThanTheyAreDue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		spec Spec
		want time.Duration // 0 for no alarm
	}{
		{Spec{}, 0},
		{Spec{Arrivals: true}, 0},
		{Spec{Schedule: "rate(1 minute)"}, 2 * time.Hour},
		{Spec{Schedule: "rate(1 day)"}, 25 * time.Hour},
		{Spec{Schedule: "rate(1 day)", Paused: true}, 0},
		{Spec{Schedule: "cron(0 9,17 * * ? *)"}, 17 * time.Hour},
		{Spec{Schedule: "cron(30 1 * * ? *)", Timezone: "Europe/Berlin"}, 26 * time.Hour},
		{Spec{Schedule: "rate(167 hours)"}, 168 * time.Hour},
		{Spec{Schedule: "cron(0 0 ? * SUN *)"}, 0}, // CloudWatch does not look back that far
		{Spec{Schedule: "rate(1 day)", Alarms: AlarmsSpec{MissedAfter: new(50 * time.Hour)}}, 50 * time.Hour},
	} {
		span, ok := test.spec.missedAfter()
		if !ok {
			span = 0
		}
		assert.Equal(t, test.want, span, "%+v", test.spec)
	}
}
