package scaling

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/check"
)

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
