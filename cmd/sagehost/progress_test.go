package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/batchrun"
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
		{batchrun.Progress{Job: "j", Waiting: "WaitForCapacity"}, "j: waiting for capacity, 0s"},
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

func TestTheEndOfARunIsTold(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		outcome batchrun.Outcome
		want    string
		fails   string
	}{
		"done": {
			batchrun.Outcome{
				Execution: batchrun.Execution{Name: "r", Status: "SUCCEEDED", Output: "s3://b/f/runs/r/output/"},
				Duration:  90 * time.Second, Read: &batchrun.Size{Objects: 1, Bytes: 2},
				Written: &batchrun.Size{Objects: 3, Bytes: 4}, Records: new(int64(5)),
			},
			"Done in 1m30s: 1 objects (2 bytes) read, 3 objects (4 bytes) written, 5 records\ns3://b/f/runs/r/output/\n", "",
		},
		"done, and not counted": {
			batchrun.Outcome{
				Execution: batchrun.Execution{Name: "r", Status: "SUCCEEDED", Output: "s3://b/f/runs/r/output/"},
				Written:   &batchrun.Size{Objects: 3, Bytes: 4}, Uncounted: errors.New("refused"),
			},
			"Not everything could be counted: refused\n" +
				"Done in 0s: an unknown number of objects read, 3 objects (4 bytes) written\ns3://b/f/runs/r/output/\n", "",
		},
		"failed": {
			batchrun.Outcome{
				Execution: batchrun.Execution{Name: "r", Status: "FAILED"}, Error: "Batch.JobFailed", Reason: "why",
				Duration: time.Minute, Written: &batchrun.Size{Objects: 3, Bytes: 4}, Folder: "s3://b/f/runs/r/",
			},
			"Ended in 1m0s with partial output, which is not a result: 3 objects (4 bytes) in s3://b/f/runs/r/\n" +
				"`sagehost batch logs f r` shows what happened.\n",
			"execution r ended with FAILED: Batch.JobFailed: why",
		},
		"failed at once": {
			batchrun.Outcome{
				Execution: batchrun.Execution{Name: "r", Status: "FAILED"}, Error: "Batch.NoInput",
				Written: &batchrun.Size{}, Folder: "s3://b/f/runs/r/",
			},
			"Ended in 0s with no predictions in s3://b/f/runs/r/\n`sagehost batch logs f r` shows what happened.\n",
			"execution r ended with FAILED: Batch.NoInput",
		},
	} {
		var out bytes.Buffer
		err := (&app{out: &out}).printOutcome("f", &row.outcome)
		assert.Equal(t, row.want, out.String(), name)
		if row.fails == "" {
			assert.NoError(t, err, name)
			continue
		}
		assert.EqualError(t, err, row.fails, name)
	}
}
