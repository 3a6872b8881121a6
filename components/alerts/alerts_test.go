package alerts

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnEmailAddressHasARoughForm(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"on-call@example.com":       true,
		"on.call+ml@ml.example.com": true,
		"":                          false,
		"on-call":                   false,
		"on-call@example":           false,
		"@example.com":              false,
		"a@b@example.com":           false,
		"on call@example.com":       false,
		"on-call@example.com\n":     false,
	} {
		assert.Equal(t, want, emailAddress.MatchString(address), address)
	}
}
