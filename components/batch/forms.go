package batch

import (
	"regexp"
	"strings"

	"sagehost/internal/check"
	"sagehost/internal/limits"
	"sagehost/internal/s3uri"
)

// form is what a text must look like.
type form struct {
	longest int // in bytes
	pattern *regexp.Regexp
	says    string
}

// Forms of texts. The lengths are those of the service model (ContentType, Accept, JsonPath); SageMaker reads the
// JSONPath itself.
var (
	contentType = form{
		256, regexp.MustCompile(`^[\w.+-]+/[\w.+-]+(\s*;.*)?$`), `is not a MIME type; expected one like "text/csv"`,
	}
	filter = form{63, regexp.MustCompile(`^\$([.\[].*)?$`), `is not a JSONPath; expected one like "$[1:]"`}
	// suffix leaves out what patterns of events give another meaning to.
	suffix = form{
		128, regexp.MustCompile(`^[^*\\/\pC]+$`), `is not the end of a file's name; expected one like ".csv"`,
	}
)

// check reports a text of another form. Empty ones are unset.
func (f form) check(at check.At, text string) {
	switch {
	case text == "":
	case len(text) > f.longest:
		at.Addf("has %d characters; at most %d are allowed", len(text), f.longest)
	case !f.pattern.MatchString(text):
		at.Addf("%q %s", text, f.says)
	}
}

// folder is a bucket, or a folder in one. Patterns of events would give an asterisk another meaning.
var folder = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/([^*\\?\pC]+/)?$`)

func (s *Spec) checkInput(at check.At, ownBuckets string) {
	switch problem := limits.StringProblem("S3Uri", s.Input); {
	case s.Input == "":
		return
	case problem != "":
		at.Addf("%s", problem)
		return
	case !folder.MatchString(s.Input):
		at.Addf(`%q is not a prefix in Amazon S3; expected one like "s3://bucket/path/"`, s.Input)
		return
	}
	bucket, key, _ := s3uri.Split(s.Input)
	if ownBuckets == "" || !strings.HasPrefix(bucket, ownBuckets) {
		return
	}
	// What is in the bucket is beneath the folder of a batch or an endpoint, and there in a folder of its kind.
	if parts := strings.Split(key, "/"); len(parts) <= 2 || parts[1]+"/" == runsFolder {
		at.Addf("%q holds what runs write; each would transform the predictions of those before it", s.Input)
	}
}
