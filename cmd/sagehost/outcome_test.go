package main

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/measure/batchrun"
)

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
			"Done in 1m30s: 1 object (2 bytes) read, 3 objects (4 bytes) written, 5 records\ns3://b/f/runs/r/output/\n", "",
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
				"`sagehost batch logs f r --stack dev` shows what happened.\n",
			"execution r ended with FAILED: Batch.JobFailed: why",
		},
		"failed at once": {
			batchrun.Outcome{
				Execution: batchrun.Execution{Name: "r", Status: "FAILED"}, Error: "Batch.NoInput",
				Written: &batchrun.Size{}, Folder: "s3://b/f/runs/r/",
			},
			"Ended in 0s with no predictions in s3://b/f/runs/r/\n`sagehost batch logs f r --stack dev` shows what happened.\n",
			"execution r ended with FAILED: Batch.NoInput",
		},
	} {
		var out bytes.Buffer
		err := (&app{out: &out}).printOutcome(&batchrun.Batch{Stack: "dev", Name: "f"}, &row.outcome)
		assert.Equal(t, row.want, out.String(), name)
		if row.fails == "" {
			assert.NoError(t, err, name)
			continue
		}
		assert.EqualError(t, err, row.fails, name)
	}
}
