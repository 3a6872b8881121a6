package cron_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/kit/cron"
)

// The newest moment up to the oldest one is the oldest one, and before it there is none.
func TestTheOldestMomentIsTheOneWithNoneBefore(t *testing.T) {
	t.Parallel()
	expressions := rapid.SampledFrom([]string{
		"rate(1 minute)", "rate(7 hours)", "rate(3 days)", "at(2027-03-28T02:30:00)", "cron(30 2 * * ? *)",
		"cron(0/20 9-17 ? * MON-FRI *)", "cron(0 0 L * ? *)", "cron(0 12 1 1 ? 2028)",
	})
	zones := rapid.SampledFrom([]string{"", "Europe/Berlin", "Australia/Lord_Howe"})
	begin := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		zone, err := cron.Zone(zones.Draw(t, "zone"))
		require.NoError(t, err)
		once := rapid.Bool().Draw(t, "once")
		schedule, err := cron.Scheduler.Parse(expressions.Draw(t, "expression"),
			cron.Options{Zone: zone, Start: begin, Once: once})
		require.NoError(t, err)
		if rapid.Bool().Draw(t, "bounded") {
			schedule = schedule.Within(begin.AddDate(0, 0, 40), begin.AddDate(0, 0, 400))
		}
		after := begin.Add(time.Duration(rapid.Int64Range(-1e6, 1e8).Draw(t, "seconds")) * time.Second)
		until := after.Add(time.Duration(rapid.Int64Range(0, 1e7).Draw(t, "span")) * time.Second)
		oldest, ok := schedule.Oldest(after, until)
		if !ok {
			_, some := schedule.Newest(after, until)
			require.False(t, some)
			return
		}
		newest, some := schedule.Newest(after, oldest)
		require.True(t, some)
		require.True(t, newest.Equal(oldest), "%s and %s", newest, oldest)
		_, some = schedule.Newest(after, oldest.Add(-1))
		require.False(t, some)
	})
}

func TestTheZeroScheduleHasNoOldestMoment(t *testing.T) {
	t.Parallel()
	_, ok := cron.Schedule{}.Oldest(time.Unix(0, 0), time.Unix(1, 0))
	assert.False(t, ok)
}
