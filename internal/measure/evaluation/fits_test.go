package evaluation

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/batchrun"
)

// jobOf is a job that takes lines of CSV, with changes.
func jobOf(change func(*batchrun.Job)) *batchrun.Job {
	job := &batchrun.Job{}
	job.TransformInput.ContentType, job.TransformInput.SplitType = "text/csv", "Line"
	job.TransformOutput.Accept, job.TransformOutput.AssembleWith = "text/csv", "Line"
	change(job)
	return job
}

func TestABatchThatTakesNoLinesOfCSVIsRefused(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(*batchrun.Job)
		want   string
	}{
		"nothing is said": {func(j *batchrun.Job) { *j = batchrun.Job{} }, ""},
		"lines of CSV":    {func(*batchrun.Job) {}, ""},
		"parameters":      {func(j *batchrun.Job) { j.TransformInput.ContentType = "Text/CSV ; charset=utf-8" }, ""},
		"one request": {
			func(j *batchrun.Job) { j.TransformInput.SplitType, j.TransformOutput.AssembleWith = "None", "" }, "",
		},
		"lines of JSON": {func(j *batchrun.Job) { j.TransformOutput.Accept = "application/jsonlines" }, ""},
		"takes JSON": {
			func(j *batchrun.Job) { j.TransformInput.ContentType = "application/jsonlines" },
			`batch "b" takes application/jsonlines; an evaluation sends text/csv`,
		},
		"binary records": {
			func(j *batchrun.Job) { j.TransformInput.SplitType = "RecordIO" },
			`batch "b" splits its input by RecordIO; an evaluation sends lines`,
		},
		"answers run together": {
			func(j *batchrun.Job) { j.TransformOutput.AssembleWith = "None" },
			`batch "b" does not put its answers together by lines; set assembleWith: Line`,
		},
		"everything": {
			func(j *batchrun.Job) {
				*j = *jobOf(func(*batchrun.Job) {})
				j.TransformInput.ContentType, j.TransformOutput.AssembleWith = "image/png", ""
				j.TransformOutput.Accept = "application/json; verbose=1"
			},
			`batch "b" takes image/png; an evaluation sends text/csv` + "\n" +
				`batch "b" answers with application/json; verbose=1; an evaluation reads text/csv and application/jsonlines` +
				"\n" + `batch "b" does not put its answers together by lines; set assembleWith: Line`,
		},
	} {
		err := fits(t.Context(), "b", jobOf(row.change), scanned(t, "x,y\n1,a\n"))
		if row.want == "" {
			assert.NoError(t, err, name)
			continue
		}
		assert.EqualError(t, err, row.want, name)
	}
}

func TestASetThatIsOneRequestMustFitIntoIt(t *testing.T) {
	t.Parallel()
	// A row is 1,024 bytes without its label, so that 1,024 rows are 1 MB.
	full := strings.Repeat(strings.Repeat("1", 1023)+",a\n", 1024)
	const more = `batch "b" sends each file as one request of at most `
	for _, row := range []struct {
		content string
		most    *int64
		want    string
	}{
		{full, new(int64(1)), ""},
		{full + "1,a\n", new(int64(1)), more + "1 MB, and the rows are more; set splitType: Line"},
		{full + "1,a\n", new(int64(0)), ""},
		{strings.Repeat(full, 6), nil, ""},
		{strings.Repeat(full, 6) + "1,a\n", nil, more + "6 MB, and the rows are more; set splitType: Line"},
	} {
		set := scanned(t, "x,y\n"+row.content)
		err := fits(t.Context(), "b", jobOf(func(j *batchrun.Job) {
			j.TransformInput.SplitType, j.TransformOutput.AssembleWith, j.MaxPayloadInMB = "None", "", row.most
		}), set)
		if row.want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, row.want)
	}
	err := fits(t.Context(), "b", jobOf(func(*batchrun.Job) {}), scanned(t, "x,y\n"+strings.Repeat(full, 7)))
	assert.NoError(t, err, "lines are put into as many requests as they need")
}
