package batchrun_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/batchrun"
)

// FuzzForeignJSON reads parameters, definitions and causes that are anything.
func FuzzForeignJSON(f *testing.F) {
	for _, text := range []string{
		parameter, `{"FailureReason":"r"}`, `{"Cause":"{\"Cause\":\"{}\"}"}`, "[", "",
		`{"a":[{"TransformInput":{"SplitType":1}}]}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w := &world{
			definition: text, looks: []*sfn.DescribeExecutionOutput{ending("FAILED", "E", text)},
			parameters: map[string]string{"/sagehost/dev/batch/flowers": text},
		}
		if b, err := batchrun.Find(t.Context(), w.clients(), "dev", "flowers"); err == nil {
			assert.NotEmpty(t, b.Bucket)
		}
		w.parameters = nil
		b := w.batch(t)
		if _, err := b.Job(t.Context()); err != nil {
			assert.ErrorContains(t, err, `batch "flowers" of stack dev: `)
		}
		w.looks[0].Input = &text
		if run, err := b.Execution(t.Context(), "r"); err == nil {
			assert.Equal(t, "r", run.Name)
		}
		w.history = []types.HistoryEvent{scheduled(1, "sagemaker", "createTransformJob.sync", text)}
		if _, err := b.JobOf(t.Context(), &batchrun.Execution{Name: "r"}); err != nil {
			assert.ErrorContains(t, err, `execution r of batch "flowers"`)
		}
		outcome, err := b.Wait(t.Context(), &batchrun.Execution{Name: "r"}, batchrun.Watch{})
		require.NoError(t, err)
		assert.ErrorContains(t, outcome.Failed(), "execution r ended with FAILED: E")
	})
}
