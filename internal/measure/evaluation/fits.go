package evaluation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sagehost/internal/measure/batchrun"
	"sagehost/internal/measure/evaluation/heldout"
)

// defaultPayload is the MaxPayloadInMB of a job that does not say it (API reference, CreateTransformJob).
const defaultPayload = 6

// fits reports everything for which a batch's jobs cannot take the rows of a held-out set, or would not answer each in
// a line of its own that can be read. The set is read once more where all of it must fit into one request.
func fits(ctx context.Context, batch string, job *batchrun.Job, set *heldout.Set) error {
	var problems []error
	report := func(format string, given any) {
		problems = append(problems, fmt.Errorf("batch %q "+format, batch, given))
	}
	in, out := job.TransformInput, job.TransformOutput
	if kind := mediaType(in.ContentType); kind != "" && kind != "text/csv" {
		report("takes %s; an evaluation sends text/csv", in.ContentType)
	}
	switch kind := mediaType(out.Accept); kind {
	case "", "text/csv", "application/jsonlines":
	default:
		report("answers with %s; an evaluation reads text/csv and application/jsonlines", out.Accept)
	}
	switch in.SplitType {
	case "", "None":
		if err := inOneRequest(ctx, batch, job, set); err != nil {
			problems = append(problems, err)
		}
	case "Line":
		// Without, the last answer of a request and the first of the next one are one line, if the container ends none.
		if out.AssembleWith != "Line" {
			report("does not put its answers together by lines; set %s", "assembleWith: Line")
		}
	default:
		report("splits its input by %s; an evaluation sends lines", in.SplitType)
	}
	return errors.Join(problems...)
}

// mediaType is a content type without its parameters.
func mediaType(contentType string) string {
	kind, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	return strings.TrimSpace(kind)
}

// errTooLong ends the counting.
var errTooLong = errors.New("is too long for one request")

// inOneRequest reports a set that is too long for a job that does not split its input: then a file is one request.
func inOneRequest(ctx context.Context, batch string, job *batchrun.Job, set *heldout.Set) error {
	most := int64(defaultPayload)
	if job.MaxPayloadInMB != nil {
		most = *job.MaxPayloadInMB
	}
	if most == 0 {
		return nil
	}
	err := set.WriteInput(ctx, &allowance{left: most << 20})
	if errors.Is(err, errTooLong) {
		return fmt.Errorf("batch %q sends each file as one request of at most %d MB, and the rows are more; "+
			"set splitType: Line", batch, most)
	}
	return err
}

// allowance takes so many bytes and no more.
type allowance struct{ left int64 }

func (a *allowance) Write(p []byte) (int, error) {
	if a.left -= int64(len(p)); a.left < 0 {
		return 0, errTooLong
	}
	return len(p), nil
}
