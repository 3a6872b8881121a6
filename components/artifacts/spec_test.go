package artifacts

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/check"
)

func TestABucketsNameCanBeginWithALogicalName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"sagehost-dev":          true,
		"1st":                   true,
		"a":                     true,
		strings.Repeat("a", 47): true,
		strings.Repeat("a", 48): false,
		"":                      false,
		"-dev":                  false,
		"Dev":                   false,
		"dev.eu":                false,
		"dev_eu":                false,
		"dev\n":                 false,
	} {
		at := check.New("")
		CheckLogicalName(at, name)
		if want {
			assert.NoError(t, at.Err(), name)
		} else {
			assert.ErrorContains(t, at.Err(),
				"cannot begin a bucket's name; expected at most 47 lower-case letters, digits and hyphens", name)
		}
	}
}

func TestARetentionIsOneDayToTenYears(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]string{
		0:    "captureRetentionDays: 0 is not between 1 and 3650",
		1:    "",
		3650: "",
		3651: "captureRetentionDays: 3651 is not between 1 and 3650",
	} {
		at := check.New("")
		spec := Spec{CaptureRetentionDays: &days}
		spec.Check(at)
		if want == "" {
			assert.NoError(t, at.Err(), days)
		} else {
			assert.EqualError(t, at.Err(), want)
		}
	}
}
