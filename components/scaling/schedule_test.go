package scaling

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/check"
)

func TestAnExpressionIsCronRateOrAt(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]bool{
		"cron(0 7 ? * MON-FRI *)":    true,
		"cron(*/5 * * * ? 2030)":     true,
		"rate(1 minute)":             true,
		"rate(1 hour)":               true,
		"rate(5 minutes)":            true,
		"rate(10 days)":              true,
		"at(2030-01-31T08:00:00)":    true,
		"":                           false,
		"0 7 * * *":                  false,
		"cron(0 7 * * *)":            false, // five fields
		"cron(0 7 ? * MON-FRI * *)":  false, // seven
		"cron(0  7 ? * MON-FRI *)":   false, // two spaces
		"cron(0 7 ? * MON-FRI *) ":   false,
		"cron(0 7 ? * MON-FRI *)\n":  false,
		"CRON(0 7 ? * MON-FRI *)":    false,
		"rate(0 minutes)":            false,
		"rate(1 minutes)":            false,
		"rate(5 minute)":             false,
		"rate(5m)":                   false,
		"rate(1.5 hours)":            false,
		"rate(2 weeks)":              false,
		"at(2030-02-30T08:00:00)":    false, // no such day
		"at(2030-01-31T24:00:00)":    false,
		"at(2030-01-31 08:00:00)":    false,
		"at(2030-01-31T08:00:00Z)":   false,
		"at(2030-01-31T08:00:00.5)":  false,
		"x cron(0 7 ? * MON-FRI *) ": false,
	} {
		assert.Equal(t, want, validExpression(expression), expression)
	}
}

func TestATimeZoneIsAnIANAName(t *testing.T) {
	t.Parallel()
	for timezone, want := range map[string]bool{
		"":                        true,
		"UTC":                     true,
		"Europe/Berlin":           true,
		"America/Argentina/Jujuy": true,
		"Local":                   false, // that of whichever machine deploys
		"europe/berlin":           false,
		"Europe/Berlinn":          false,
		"+01:00":                  false,
		"../../etc/passwd":        false,
	} {
		at := check.New("")
		s := Schedule{Schedule: "rate(1 day)", Timezone: timezone}
		s.checkTime(at)
		assert.Equal(t, want, at.Err() == nil, timezone)
	}
}
