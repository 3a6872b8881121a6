package artifacts

import (
	"regexp"

	"sagehost/kit/check"
)

// Default retentions, in days.
const (
	DefaultCaptureRetentionDays    = 90
	DefaultBatchRetentionDays      = 90
	DefaultNoncurrentRetentionDays = 30
)

// Spec is what a user decides about buckets.
type Spec struct {
	// Protect makes Pulumi refuse to delete or replace the buckets. Default: false.
	Protect bool `json:"protect"`

	// ForceDestroy lets Pulumi delete buckets that hold objects, objects included. Not together with protect.
	// Default: false.
	ForceDestroy bool `json:"forceDestroy"`

	// CaptureRetentionDays is how long captured requests and answers are kept, in days. Range: 1 to 3650. Default: 90.
	CaptureRetentionDays *int `json:"captureRetentionDays"`

	// BatchRetentionDays is how long input and output of batch jobs is kept, in days. Range: 1 to 3650. Default: 90.
	BatchRetentionDays *int `json:"batchRetentionDays"`

	// NoncurrentRetentionDays is how long overwritten and deleted versions can be brought back, in days.
	// Range: 1 to 3650. Default: 30.
	NoncurrentRetentionDays *int `json:"noncurrentRetentionDays"`
}

// Check reports what is wrong.
func (s *Spec) Check(at check.At) {
	if s.Protect && s.ForceDestroy {
		at.Key("forceDestroy").Addf("true contradicts protect; at most one of the two can be")
	}
	for _, row := range []struct {
		key  string
		days *int
	}{
		{"captureRetentionDays", s.CaptureRetentionDays},
		{"batchRetentionDays", s.BatchRetentionDays},
		{"noncurrentRetentionDays", s.NoncurrentRetentionDays},
	} {
		if row.days != nil {
			check.Between(at.Key(row.key), *row.days, 1, 3650)
		}
	}
}

// bucketPrefix is what a bucket's name may begin with. Names have at most 63 characters, of which the longest purpose
// ("-capture") and the generated suffix take 16.
var bucketPrefix = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,46}$`)

// CheckLogicalName reports a component's name that Amazon S3 would refuse as the beginning of a bucket's name.
func CheckLogicalName(at check.At, name string) {
	if !bucketPrefix.MatchString(name) {
		at.Addf("%q cannot begin a bucket's name; expected at most 47 lower-case letters, digits and hyphens", name)
	}
}
