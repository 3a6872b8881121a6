package cron_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/kit/cron"
)

// services are all three, in the order of the tables below.
var services = []cron.Service{cron.ApplicationAutoScaling, cron.Scheduler, cron.Rules}

func TestEachServiceTakesItsOwnExpressions(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string][3]bool{
		// Every service.
		"rate(1 minute)":    {true, true, true},
		"rate(1 hour)":      {true, true, true},
		"rate(2 days)":      {true, true, true},
		"rate(05 minutes)":  {true, true, true},
		"cron(0 8 * * ? *)": {true, true, true},
		// What the number of the unit is, only rules look at.
		"rate(1 minutes)": {true, true, false},
		"rate(1 days)":    {true, true, false},
		"rate(5 minute)":  {true, true, false},
		// No space, only Application Auto Scaling.
		"rate(5minutes)": {true, false, false},
		// A single time is for no rule.
		"at(2030-01-31T08:00:00)": {true, true, false},
		// None.
		"rate(5  minutes)":            {false, false, false},
		"rate( 5 minutes )":           {false, false, false},
		" rate(5 minutes)":            {false, false, false},
		"rate(5 MINUTES)":             {false, false, false},
		"rate(10 minutess)":           {false, false, false},
		"rate(10 seconds)":            {false, false, false},
		"rate(5 weeks)":               {false, false, false},
		"rate(0 minutes)":             {false, false, false},
		"rate(-1 days)":               {false, false, false},
		"rate(1.5 hours)":             {false, false, false},
		"rate(foo minutes)":           {false, false, false},
		"rate(10)":                    {false, false, false},
		"rate()":                      {false, false, false},
		"Rate(5 minutes)":             {false, false, false},
		"at(2030-02-30T00:00:00)":     {false, false, false},
		"at(2030-01-31T24:00:00)":     {false, false, false},
		"at(2030-01-31T08:00:00.439)": {false, false, false},
		"at(2030-01-31T08:00:00Z)":    {false, false, false},
		"at(2030-1-31T08:00:00)":      {false, false, false},
		"at(2030-01-31 08:00:00)":     {false, false, false},
		"at(2030-01-31)":              {false, false, false},
		"at()":                        {false, false, false},
		"0 8 * * ? *":                 {false, false, false},
		"every day":                   {false, false, false},
		"":                            {false, false, false},
		"cron(0 8 * * ? *) ":          {false, false, false},
		"CRON(0 8 * * ? *)":           {false, false, false},
	} {
		for i, service := range services {
			_, err := service.Parse(expression, cron.Options{})
			assert.Equal(t, want[i], err == nil, "%q of service %d: %v", expression, i, err)
		}
	}
}

func TestAnExpressionIsAsLongAsItsServiceTakes(t *testing.T) {
	t.Parallel()
	// A list of minutes makes cron expressions as long as one likes.
	of := func(length int) string {
		const rest = "cron(0 8 * * ? *)"
		return strings.Replace(rest, "0", "0"+strings.Repeat(",0", (length-len(rest))/2), 1)
	}
	for i, longest := range []int{1600, 256, 256} {
		// Lengths of these expressions are odd.
		fits, tooLong := of(longest-1), of(longest+1)
		require.Len(t, fits, longest-1)
		_, err := services[i].Parse(fits, cron.Options{})
		require.NoError(t, err)
		_, err = services[i].Parse(tooLong, cron.Options{})
		assert.ErrorContains(t, err, "it has "+map[bool]string{true: "1601", false: "257"}[longest == 1600]+" characters; ")
	}
}

func TestWhatIsWrongAndWhatIsMeantIsSaid(t *testing.T) {
	t.Parallel()
	const (
		kinds = "expected cron(minute hour day-of-month month day-of-week year), rate(value unit) or at(yyyy-mm-ddThh:mm:ss)"
		six   = "a cron expression has 6 fields (minute hour day-of-month month day-of-week year), not "
		days  = "day-of-month and day-of-week: exactly one must be ?"
		month = "day-of-month must be 1-31, L, LW or a workday such as 15W, got "
		week  = "day-of-week must be 1-7 or SUN-SAT, L, a last day such as 6L or a certain one such as 3#2, got "
	)
	for expression, want := range map[string]string{
		"":                         kinds,
		"30 3 * * *":               kinds,
		"rate(5 weeks)":            kinds,
		"rate(0 minutes)":          "the value of a rate must be 1 to 153722867 minutes, got 0",
		"rate(9999999999 days)":    "the value of a rate must be 1 to 106751 days, got 9999999999",
		"at(2026-02-30T00:00:00)":  `"2026-02-30T00:00:00" is not a date and time such as 2030-01-31T08:00:00`,
		"cron()":                   six + "0",
		"cron(0 20 * * *)":         six + `5; did you mean "cron(0 20 * * ? *)"?`,
		"cron(0 20 * * MON-FRI)":   six + `5; did you mean "cron(0 20 ? * MON-FRI *)"?`,
		"cron(0 20 1 * MON)":       six + "5",
		"cron(99 20 * * *)":        six + "5",
		"cron(0 0 20 * * ? *)":     six + "7",
		"cron( 0 20 * * ? *)":      "the fields must stand between the parentheses without a space before or after them",
		"cron(0 20 * * * *)":       days + `; did you mean "cron(0 20 * * ? *)"?`,
		"cron(0 20 ? * ? *)":       days + `; did you mean "cron(0 20 * * ? *)"?`,
		"cron(0 20 * * MON-FRI *)": days + `; did you mean "cron(0 20 ? * MON-FRI *)"?`,
		"cron(0 20 1 * MON *)":     days,
		"cron(0 25 * * XYZ *)":     days,
		"cron(99 25 ? 13 XYZ 1969)": "minute must be 0-59, got 99; hour must be 0-23, got 25; " +
			"month must be 1-12 or JAN-DEC, got 13; " + week + "XYZ; year must be 1970-2199, got 1969",
		"cron(? 20 ? * MON *)":        "minute must be 0-59, got ?",
		"cron(/5 20 ? * MON *)":       "minute must be 0-59, got nothing",
		"cron(0/0 20 ? * MON *)":      `the step of minute must be 1-59, got "0"`,
		"cron(*/60 20 ? * MON *)":     `the step of minute must be 1-59, got "60"`,
		"cron(0/ 20 ? * MON *)":       `the step of minute must be 1-59, got ""`,
		"cron(0/5/5 20 ? * MON *)":    `the step of minute must be 1-59, got "5/5"`,
		"cron(0,, 20 ? * MON *)":      "minute must be 0-59, got nothing",
		"cron(-5 20 ? * MON *)":       "minute must be 0-59, got -5",
		"cron(0 24 ? * MON *)":        "hour must be 0-23, got 24",
		"cron(0 1- ? * MON *)":        "hour must be 0-23, got 1-",
		"cron(0 1-2-3 ? * MON *)":     "hour must be 0-23, got 1-2-3",
		"cron(0 0/24 ? * MON *)":      `the step of hour must be 1-23, got "24"`,
		"cron(0 0 0 * ? *)":           month + "0",
		"cron(0 0 32W * ? *)":         month + "32W",
		"cron(0 0 1L * ? *)":          month + "1L",
		"cron(0 0 L-3 * ? *)":         month + "L-3",
		"cron(0 0 W * ? *)":           month + "W",
		"cron(0 0 1W,2 * ? *)":        month + "1W",
		"cron(0 0 1 JANUARY ? *)":     "month must be 1-12 or JAN-DEC, got JANUARY",
		"cron(0 0 ? * 0 *)":           week + "0",
		"cron(0 0 ? * 8 *)":           week + "8",
		"cron(0 0 ? * 3#6 *)":         week + "3#6",
		"cron(0 0 ? * 3#1,6#3 *)":     week + "3#1",
		"cron(0 0 ? * */2 *)":         "day-of-week takes no step, got /2",
		"cron(0 0 ? * 2-6/2 *)":       "day-of-week takes no step, got /2",
		"cron(0 0 ? * MON 2200)":      "year must be 1970-2199, got 2200",
		"cron(0 0 ? * MON 2027-2026)": "year: the range 2027-2026 ends before it begins",
		"cron(0 0 30 FEB ? *)":        "there is no such date",
		"cron(0 0 31 4,6,9,NOV ? *)":  "there is no such date",
		"cron(0 0 29 2 ? 2027)":       "there is no such date",
	} {
		_, err := cron.Scheduler.Parse(expression, cron.Options{})
		assert.EqualError(t, err, want, expression)
	}
	for expression, want := range map[string]string{
		"rate(1 minutes)": "rate(1 minute)", "rate(01 hours)": "rate(01 hour)", "rate(5 day)": "rate(5 days)",
	} {
		_, err := cron.Rules.Parse(expression, cron.Options{})
		assert.EqualError(t, err, "the unit is singular for 1 and plural otherwise; did you mean \""+want+"\"?")
	}
	_, err := cron.Rules.Parse("at(2030-01-31T08:00:00)", cron.Options{})
	require.ErrorIs(t, err, cron.ErrSyntax)
	assert.EqualError(t, err, "expected cron(minute hour day-of-month month day-of-week year) or rate(value unit), "+
		"such as rate(5 minutes)")
}

func TestEveryFormOfCronIsTaken(t *testing.T) {
	t.Parallel()
	for _, fields := range []string{
		"0 10 * * ? *", "0 18 ? * MON-FRI *", "0/15 * * * ? *", "*/15 * * * ? *", "0/10 * ? * MON-FRI *",
		"0/5 8-17 ? * MON-FRI *", "0/30 20-2 ? * MON-FRI *", "15 10 ? * 6L 2025-2030", "15 10 ? * fril *", "0 9 ? * 2#1 *",
		"0 9 ? * mon#1 *", "0 0 L * ? *", "0 0 LW * ? *", "0 0 15w * ? *", "0-15/1 8-8 ? * 2,3,4,5,6,7 *",
		"1-31/30 1-1 ? * 1,7 *", "0 0 1 jan,Mar-MAY,7 ? *", "0 0 ? * FRI-MON *", "0 22-4/2 * * ? *", "1-5/2,7-9 0 1 1 ? *",
		"00 08 01 01 ? 2030", "0  8\t* * ? *", "0 8 29 2 ? 2028", "0 8 * * ? 2150", "0 8 * * ? 2090-2199", "0 8 * * ? 2026/2",
		"0 8 * * ? */4", "0/59 0/23 1/31 1/12 ? *",
	} {
		for _, service := range services {
			assert.NoError(t, service.Check("cron("+fields+")", nil), fields)
		}
	}
}

func TestWhatIsOverIsRefusedWhateverTheTimeIs(t *testing.T) {
	t.Parallel()
	berlin, err := cron.Zone(berlin)
	require.NoError(t, err)
	for expression, over := range map[string]bool{
		"cron(0 8 * * ? 2025)":        true,
		"cron(0 8 * * ? 2020-2026)":   false,
		"cron(0 8 * 1-11 ? 2026)":     true,
		"cron(0 8 * * ? 1970)":        true,
		"cron(0 8 29 2 ? 2020/1)":     false,
		"at(2026-11-30T23:59:59)":     true,
		"at(2026-12-01T00:59:59)":     true, // is still November in UTC
		"at(2026-12-01T01:00:00)":     false,
		"at(9999-12-31T23:59:59)":     false,
		"rate(106751 days)":           false,
		"cron(0 8 * * ? 2150,2160)":   false,
		"cron(0 8 L * ? 2024,2025)":   true,
		"cron(0 8 ? * 2#5 2019-2025)": true,
	} {
		err := cron.ApplicationAutoScaling.Check(expression, berlin)
		if over {
			assert.EqualError(t, err, "it is over: no time from 2026-12-01 on matches it", expression)
		} else {
			assert.NoError(t, err, expression)
		}
	}
}

func TestARangeWithAStepGoesOnAtTheLowestValue(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"2026-01-01T00:00:00", "2026-01-01T02:00:00", "2026-01-01T04:00:00", "2026-01-01T22:00:00"},
		dues(t, "cron(0 22-4/2 1 1 ? 2026)", utc, "2025-12-31T00:00:00Z", 9))
}

func TestYearsBeyondTheCalendarAreNeverDue(t *testing.T) {
	t.Parallel()
	schedule, err := cron.Scheduler.Parse("cron(0 8 * * ? 2150)", cron.Options{})
	require.NoError(t, err)
	_, due := schedule.Oldest(epoch, epoch.AddDate(200, 0, 0))
	assert.False(t, due)
}

func TestOnlyZonesOfTheDatabaseAreTaken(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]string{
		"": "", "UTC": "", "Etc/GMT+9": "", "Pacific/Tahiti": "", "US/Pacific": "", "America/Argentina/Buenos_Aires": "",
		"Local": "x", "Factory": "x", "posix/UTC": "x", "localtime": "x", "europe/berlin": "x", "Mars/Olympus": "x",
		"../etc/passwd": "x", "+02:00": "x", "Europe/": "x", "UTC+1": "x",
	} {
		_, err := cron.Zone(zone)
		assert.Equal(t, want == "", err == nil, "%q: %v", zone, err)
	}
	assert.Equal(t, `; did you mean "Europe/Berlin"?`, cron.NearestZone("Europe/Berlinn"))
	assert.Equal(t, `; did you mean "Europe/Berlin"?`, cron.NearestZone("europe/berlin"))
	assert.Equal(t, `; expected one like "Europe/Berlin"`, cron.NearestZone("+02:00"))
}

func TestEveryZoneOfTheListIsKnown(t *testing.T) {
	t.Parallel()
	zones := cron.Zones()
	assert.Greater(t, len(zones), 500)
	for _, name := range zones {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err, name)
		assert.Equal(t, name, zone.String())
	}
}
