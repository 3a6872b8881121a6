package cron_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/kit/cron"
)

// epoch is a moment that schedules of tests count from.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	utc    = ""
	berlin = "Europe/Berlin"
)

// dues lists when a schedule is due after a moment, up to n times.
func dues(t *testing.T, expression, zone, after string, n int) []string {
	t.Helper()
	from, err := time.Parse(time.RFC3339, after)
	require.NoError(t, err)
	location, err := cron.Zone(zone)
	require.NoError(t, err)
	schedule, err := cron.Scheduler.Parse(expression, cron.Options{Zone: location, Start: from})
	require.NoError(t, err)
	list := []string{}
	// Minute by minute, as Run would see it, for at most 3 years; days without a due minute are skipped whole.
	for day, end := from, from.AddDate(3, 0, 0); day.Before(end) && len(list) < n; day = day.Add(24 * time.Hour) {
		if _, ok := schedule.Newest(day, day.Add(24*time.Hour)); !ok {
			continue
		}
		for m := day; m.Before(day.Add(24*time.Hour)) && len(list) < n; m = m.Add(time.Minute) {
			if due, ok := schedule.Newest(m, m.Add(time.Minute)); ok {
				list = append(list, due.UTC().Format("2006-01-02T15:04:05"))
			}
		}
	}
	return list
}

func TestSchedules(t *testing.T) {
	t.Parallel()
	const new2026 = "2026-01-01T00:00:00Z" // a Thursday
	tests := []struct {
		expression, zone, after string
		want                    []string
	}{
		{"at(2026-01-02T03:04:05)", utc, new2026, []string{"2026-01-02T03:04:05"}},
		{"at(2026-07-02T03:04:05)", berlin, new2026, []string{"2026-07-02T01:04:05"}},
		{"at(2025-12-31T23:59:59)", utc, new2026, []string{}},
		{"rate(5 minutes)", utc, new2026, []string{"2026-01-01T00:05:00", "2026-01-01T00:10:00"}},
		{"rate(1 hour)", utc, new2026, []string{"2026-01-01T01:00:00", "2026-01-01T02:00:00"}},
		{"rate(2 days)", utc, new2026, []string{"2026-01-03T00:00:00", "2026-01-05T00:00:00"}},
		{"cron(0/30 6 * * ? *)", utc, new2026, []string{"2026-01-01T06:00:00", "2026-01-01T06:30:00"}},
		{"cron(30 6 ? * MON *)", utc, new2026, []string{"2026-01-05T06:30:00", "2026-01-12T06:30:00"}},
		// 1 is Sunday.
		{"cron(0 0 ? * 1 *)", utc, new2026, []string{"2026-01-04T00:00:00"}},
		{"cron(0 0 ? * 7 *)", utc, new2026, []string{"2026-01-03T00:00:00"}},
		{"cron(0 0 ? * 2-6 *)", utc, "2026-01-02T00:00:00Z", []string{"2026-01-05T00:00:00", "2026-01-06T00:00:00"}},
		{"cron(0 0 ? * mon-FRI *)", utc, "2026-01-02T00:00:00Z", []string{"2026-01-05T00:00:00"}},
		{"cron(0 0 ? * FRI-MON *)", utc, new2026, []string{
			"2026-01-02T00:00:00", "2026-01-03T00:00:00", "2026-01-04T00:00:00", "2026-01-05T00:00:00", "2026-01-09T00:00:00",
		}},
		{"cron(0 0 ? * SUN,WED *)", utc, new2026, []string{"2026-01-04T00:00:00", "2026-01-07T00:00:00"}},
		// The last day of the week, the last Friday, the second Tuesday.
		{"cron(0 0 ? * L *)", utc, new2026, []string{"2026-01-03T00:00:00", "2026-01-10T00:00:00"}},
		{"cron(0 0 ? * 6L *)", utc, new2026, []string{"2026-01-30T00:00:00", "2026-02-27T00:00:00"}},
		{"cron(0 0 ? * FRIL *)", utc, new2026, []string{"2026-01-30T00:00:00", "2026-02-27T00:00:00"}},
		{"cron(0 0 ? * 3#2 *)", utc, new2026, []string{"2026-01-13T00:00:00", "2026-02-10T00:00:00"}},
		{"cron(0 0 ? * SUN#1 *)", utc, new2026, []string{"2026-01-04T00:00:00", "2026-02-01T00:00:00"}},
		// The last day, the last workday, the workday next to the 31st (a Saturday) and to the 1st (a Sunday).
		{"cron(0 0 L * ? *)", utc, new2026, []string{"2026-01-31T00:00:00", "2026-02-28T00:00:00"}},
		{"cron(0 0 LW * ? *)", utc, new2026, []string{"2026-01-30T00:00:00", "2026-02-27T00:00:00"}},
		{"cron(0 0 31W 1 ? *)", utc, new2026, []string{"2026-01-30T00:00:00"}},
		{"cron(0 0 1W FEB ? *)", utc, new2026, []string{"2026-02-02T00:00:00"}},
		{"cron(0 0 1/10 * ? 2026)", utc, new2026, []string{
			"2026-01-11T00:00:00", "2026-01-21T00:00:00", "2026-01-31T00:00:00", "2026-02-01T00:00:00",
		}},
		{"cron(0 22-1 1 1 ? 2027)", utc, new2026, []string{
			"2027-01-01T00:00:00", "2027-01-01T01:00:00", "2027-01-01T22:00:00", "2027-01-01T23:00:00",
		}},
		{"cron(0 0 1 NOV-FEB ? 2026)", utc, new2026, []string{
			"2026-02-01T00:00:00", "2026-11-01T00:00:00", "2026-12-01T00:00:00",
		}},
		{"cron(15 10 ? * 6L 2025-2026)", utc, "2026-12-01T00:00:00Z", []string{"2026-12-25T10:15:00"}},
		{"cron(0 0 * * ? 2025)", utc, new2026, []string{}},
		// Summer time begins on March 29 at 2:00 and ends on October 25 at 3:00.
		{"cron(0 8 * * ? *)", berlin, "2026-03-28T00:00:00Z", []string{
			"2026-03-28T07:00:00", "2026-03-29T06:00:00", "2026-03-30T06:00:00",
		}},
		{"cron(0 8 * * ? *)", berlin, "2026-10-24T00:00:00Z", []string{
			"2026-10-24T06:00:00", "2026-10-25T07:00:00", "2026-10-26T07:00:00",
		}},
		{"cron(30 2 * * ? *)", berlin, "2026-03-28T00:00:00Z", []string{"2026-03-28T01:30:00", "2026-03-30T00:30:00"}},
		{"cron(30 2 * * ? *)", berlin, "2026-10-24T00:00:00Z", []string{
			"2026-10-24T00:30:00", "2026-10-25T00:30:00", "2026-10-25T01:30:00", "2026-10-26T01:30:00",
		}},
		{"cron(0/30 * * * ? *)", berlin, "2026-03-29T00:00:00Z", []string{
			"2026-03-29T00:30:00", "2026-03-29T01:00:00", "2026-03-29T01:30:00",
		}},
		{"at(2026-10-25T12:00:00)", berlin, "2026-10-24T00:00:00Z", []string{"2026-10-25T11:00:00"}},
	}
	for _, test := range tests {
		t.Run(test.expression+test.zone+test.after, func(t *testing.T) {
			t.Parallel()
			limit := len(test.want)
			if limit == 0 {
				limit = 1
			}
			assert.Equal(t, test.want, dues(t, test.expression, test.zone, test.after, limit))
		})
	}
}

func TestAScheduleKeepsWithinItsTimes(t *testing.T) {
	t.Parallel()
	at := func(hours float64) time.Time { return epoch.Add(time.Duration(hours * float64(time.Hour))) }
	tests := []struct {
		schedule     string
		after, until float64
		want         float64
	}{
		{"rate(1 hour)", 0, 1.9, -1},
		{"rate(1 hour)", 0, 2.5, 2.5},
		{"rate(1 hour)", 0, 99, 4.5},
		{"rate(1 hour)", 4.5, 99, -1},
		{"cron(0 * * * ? *)", 0, 2.9, -1},
		{"cron(0 * * * ? *)", 0, 3, 3},
		{"cron(0 * * * ? *)", 3, 99, 5},
		{"cron(0 * * * ? *)", 5, 99, -1},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test), func(t *testing.T) {
			t.Parallel()
			schedule, err := cron.Scheduler.Parse(test.schedule, cron.Options{Start: at(2.5)})
			require.NoError(t, err)
			due, ok := schedule.Within(at(2.5), at(5)).Newest(at(test.after), at(test.until))
			if !ok {
				assert.InDelta(t, test.want, -1, 0)
				return
			}
			assert.Equal(t, at(test.want), due.UTC())
		})
	}
}

func TestWhatComesTwiceInAutumnCanBeDueOnce(t *testing.T) {
	t.Parallel()
	// Clocks go back at 3:00 in Berlin, at 2:00 in New York, and by half an hour at 2:00 on Lord Howe Island.
	tests := []struct{ zone, expression, day, want string }{
		{berlin, "cron(30 2 * * ? *)", "2026-10-25", "2026-10-25T00:30:00Z"},
		{berlin, "cron(30 3 * * ? *)", "2026-10-25", "2026-10-25T02:30:00Z"},
		{"America/New_York", "cron(30 1 * * ? *)", "2026-11-01", "2026-11-01T05:30:00Z"},
		{"America/New_York", "cron(30 2 * * ? *)", "2026-11-01", "2026-11-01T07:30:00Z"},
		{"Australia/Lord_Howe", "cron(45 1 * * ? *)", "2026-04-05", "2026-04-04T14:45:00Z"},
		{"Australia/Lord_Howe", "cron(15 1 * * ? *)", "2026-04-05", "2026-04-04T14:15:00Z"},
	}
	for _, test := range tests {
		location, err := cron.Zone(test.zone)
		require.NoError(t, err)
		schedule, err := cron.Scheduler.Parse(test.expression, cron.Options{Zone: location, Once: true})
		require.NoError(t, err)
		midnight, err := time.ParseInLocation(time.DateOnly, test.day, location)
		require.NoError(t, err)
		var got []string
		for _, due := range schedule.All(midnight, midnight.Add(20*time.Hour), 10) {
			got = append(got, due.UTC().Format(time.RFC3339))
		}
		assert.Equal(t, []string{test.want}, got, test.zone+" "+test.expression)
	}
}

func TestAllListsTheNewestInTheirOrder(t *testing.T) {
	t.Parallel()
	schedule, err := cron.Scheduler.Parse("rate(1 hour)", cron.Options{Start: epoch})
	require.NoError(t, err)
	hour := func(n int) time.Time { return epoch.Add(time.Duration(n) * time.Hour) }
	assert.Equal(t, []time.Time{hour(0), hour(1), hour(2)}, schedule.All(epoch.Add(-1), hour(2), 9))
	assert.Equal(t, []time.Time{hour(1), hour(2)}, schedule.All(epoch.Add(-1), hour(2), 2))
	assert.Equal(t, []time.Time{hour(1)}, schedule.All(epoch, hour(1), 9))
	assert.Empty(t, schedule.All(hour(1), hour(1), 9))
	assert.Empty(t, cron.Schedule{}.All(epoch, hour(1), 9))
}

func TestOnlyAtIsDueOnce(t *testing.T) {
	t.Parallel()
	for expression, once := range map[string]bool{
		"at(2026-01-01T00:00:00)": true, "rate(1 day)": false, "cron(0 0 1 1 ? 2027)": false,
	} {
		schedule, err := cron.Scheduler.Parse(expression, cron.Options{})
		require.NoError(t, err)
		assert.Equal(t, once, schedule.OneTime(), expression)
	}
}

func FuzzSchedule(f *testing.F) {
	for _, seed := range []string{
		"at(2026-01-02T03:04:05)", "rate(5 minutes)", "cron(0/5 8-17 ? * MON-FRI *)", "cron(0 0 LW * ? *)",
		"cron(0 0 ? * 6L 2025-2030)", "cron(0 0 ? * 3#2 *)", "cron(59-1 23-0 31-1 DEC-JAN ? */9)", "cron(0 0 15W * ? *)",
	} {
		f.Add(seed, "Europe/Berlin", int64(1e9), int64(1e6), true)
	}
	f.Fuzz(func(t *testing.T, expression, zone string, from, span int64, once bool) {
		location, err := cron.Zone(zone)
		if err != nil {
			return
		}
		schedule, err := cron.Scheduler.Parse(expression, cron.Options{Zone: location, Start: epoch, Once: once})
		if err != nil {
			return
		}
		after := time.Unix(from%5e9, 0)
		until := after.Add(time.Duration(span % int64(1000*24*time.Hour)))
		due, ok := schedule.Newest(after, until)
		if ok && (!due.After(after) || due.After(until)) {
			t.Fatalf("%s is due at %s, which is not after %s and until %s", expression, due, after, until)
		}
		if again, more := schedule.Newest(due, until); ok && more {
			t.Fatalf("%s is due at %s, which is newer than %s", expression, again, due)
		}
	})
}
