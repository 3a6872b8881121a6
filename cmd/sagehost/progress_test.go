package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/measure/batchrun"
)

// screen is what a terminal shows of a text: a carriage return goes back to the beginning of the line.
func screen(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		var cells []rune
		for part := range strings.SplitSeq(line, "\r") {
			drawn := []rune(part)
			cells = append(drawn, cells[min(len(drawn), len(cells)):]...)
		}
		lines = append(lines, strings.TrimRight(string(cells), " "))
	}
	return strings.Join(lines, "\n")
}

func TestProgressTellsTheJobItsAttemptAndWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		now  batchrun.Progress
		want string
	}{
		{batchrun.Progress{}, "looking for input, 0s"},
		{batchrun.Progress{Job: "j-1", Attempt: 1, Elapsed: 90 * time.Second}, "j-1, attempt 1, 1m30s"},
		{batchrun.Progress{Job: "j", Waiting: "States.TaskFailed"}, "j: waiting for capacity, 0s"},
		{batchrun.Progress{Job: "j", Waiting: "AwaitLimit"}, "j: has taken too long, 0s"},
		{
			batchrun.Progress{Job: "j", Waiting: "SageMaker.ResourceLimitExceededException"},
			"j: waiting for a quota, 0s",
		},
		{batchrun.Progress{Job: "j", Waiting: "ThrottlingException"}, "j: waiting after ThrottlingException, 0s"},
		{batchrun.Progress{Job: "j", Counts: &batchrun.Counts{Records: 3}}, "j: 3 records, 0s"},
	} {
		var out bytes.Buffer
		p := &progress{out: &out}
		p.show(row.now)
		assert.Contains(t, screen(out.String()), row.want)
		assert.NotContains(t, screen(out.String()), " B", "nothing is known of bytes")
	}
}

func TestABarThatIsFinishedLeavesItsLineToWhatComesNext(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := &progress{out: &out}
	out.WriteString("Run r has started.\n")
	p.show(batchrun.Progress{Job: "a-long-name-of-a-job-1", Attempt: 1})
	p.show(batchrun.Progress{Job: "j-2", Attempt: 2, Counts: &batchrun.Counts{Bytes: 512, TotalBytes: 1024, Records: 7}})
	assert.Regexp(t, `\nj-2, attempt 2: 7 records, 0s  50% .*\(512 B/1\.0 kB`, screen(out.String()))
	// All bytes are read before the run has ended.
	p.show(batchrun.Progress{Job: "j-2", Attempt: 2, Counts: &batchrun.Counts{Bytes: 1024, TotalBytes: 1024, Records: 9}})
	assert.Contains(t, screen(out.String()), "j-2, attempt 2: 9 records, 0s")
	p.finish()
	p.finish()
	out.WriteString("Done.\n")
	assert.Equal(t, "Run r has started.\nDone.\n", screen(out.String()))
}

func TestNothingIsDrawnWhereNobodyWatches(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := newProgress(&out)
	p.show(batchrun.Progress{Job: "j"})
	p.finish()
	assert.Empty(t, out.String())
}
