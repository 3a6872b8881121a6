package batch

import (
	"strings"

	"sagehost/kit/check"
)

// checkExclusions reports what does not go together.
func (s *Spec) checkExclusions(at check.At) {
	if s.Strategy != "" && !s.splits() {
		at.Key("strategy").Addf("needs a splitType of Line, RecordIO or TFRecord; without, each file is one request")
	}
	if s.AssembleWith == line && !s.splits() {
		at.Key("assembleWith").Addf("needs a splitType of Line, RecordIO or TFRecord; without, each file is one record")
	}
	if s.ArrivalSuffix != "" && s.readsObject() {
		at.Key("arrivalSuffix").Addf("is for files beneath a prefix, and input is one object")
	}
	if what := s.processes(); what != "" {
		s.checkProcessing(at, what)
	}
}

// processes is the key of what is done to records beside predicting; empty for nothing.
func (s *Spec) processes() string {
	switch {
	case s.JoinSource == inputSource:
		return "joinSource"
	case s.OutputFilter != "" && s.OutputFilter != everything:
		return "outputFilter"
	case s.InputFilter != "" && s.InputFilter != everything:
		return "inputFilter"
	}
	return ""
}

// checkProcessing reports what filters and joins need: they know CSV and JSON, and put together what is of the same
// format, line by line where the format has lines (developer guide, "Associate Prediction Results with Input Records").
func (s *Spec) checkProcessing(at check.At, what string) {
	const formats = "text/csv, application/json or application/jsonlines"
	in, out := formatOf(s.ContentType), formatOf(s.Accept)
	changesOutput := what != "inputFilter"
	if changesOutput && out == other {
		at.Key("accept").Addf("must be %s for %s", formats, what)
	} else if changesOutput && in != other && (in == csv) != (out == csv) {
		at.Key("accept").Addf("%q is of another format than contentType, which %s does not put together", s.Accept, what)
	}
	binary := s.SplitType == "RecordIO" || s.SplitType == "TFRecord"
	switch {
	case in == other:
		at.Key("contentType").Addf("must be %s for %s", formats, what)
	case binary:
		at.Key("splitType").Addf("%q contradicts %s, which reads text", s.SplitType, what)
	case in == wholeJSON:
	case s.SplitType != line:
		at.Key("splitType").Addf("must be Line for %s of %s", what, s.ContentType)
	case changesOutput && s.AssembleWith != line:
		at.Key("assembleWith").Addf("must be Line for %s of %s", what, s.ContentType)
	}
}

// format is what filters and joins tell apart.
type format int

const (
	other format = iota
	csv
	wholeJSON
	jsonLines
)

// formatOf is the format of a MIME type.
func formatOf(mime string) format {
	mime, _, _ = strings.Cut(strings.ToLower(mime), ";")
	switch strings.TrimSpace(mime) {
	case "text/csv":
		return csv
	case "application/json":
		return wholeJSON
	case "application/jsonlines":
		return jsonLines
	}
	return other
}
