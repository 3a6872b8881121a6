package batch

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"sagehost/kit/check"
	"sagehost/kit/limits"
	"sagehost/kit/s3uri"
)

// form is what a text must look like.
type form struct {
	longest int // in characters
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
	switch n := utf8.RuneCountInString(text); {
	case text == "":
	case n > f.longest:
		at.Addf("has %d characters; at most %d are allowed", n, f.longest)
	case !f.pattern.MatchString(text):
		at.Addf("%q %s", text, f.says)
	}
}

// inputKey is a key or a prefix. Patterns of events would give an asterisk another meaning.
var inputKey = regexp.MustCompile(`^[^*\\?\pC]*$`)

func (s *Spec) checkInput(at check.At, ownBuckets string) {
	if s.Input == "" {
		return
	}
	input, ok := s3uri.Parse(s.Input)
	switch problem := limits.StringProblem("S3Uri", s3uri.Normalize(s.Input)); {
	case problem != "":
		at.Addf("%s", problem)
		return
	case !ok || !input.NamesBucket() || !inputKey.MatchString(input.Key):
		// The query of a presigned URL is a credential.
		shown, _, _ := strings.Cut(s.Input, "?")
		at.Addf(`%q is neither a prefix nor an object in Amazon S3; expected one like "s3://bucket/path/" or `+
			`"s3://bucket/path/rows.csv"`, shown)
		return
	}
	if ownBuckets == "" || !strings.HasPrefix(input.Bucket, ownBuckets) {
		return
	}
	// What is in the bucket is beneath the folder of a batch or an endpoint, and there in a folder of its kind.
	parts := strings.Split(input.Key, "/")
	if input.IsPrefix() && len(parts) <= 2 || len(parts) > 2 && parts[1]+"/" == runsFolder {
		at.Addf("%q holds what runs write; each would transform the predictions of those before it", s.Input)
	}
}
