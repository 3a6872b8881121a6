package engine_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// put sends a request to the local AWS's own paths.
func (w *batchWorld) put(t *testing.T, path, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, w.aws.URL()+"/_local/"+path,
		strings.NewReader(body))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusNoContent, response.StatusCode)
}

// refuse makes SageMaker refuse so many transform jobs.
func (w *batchWorld) refuse(t *testing.T, code string, count int) {
	t.Helper()
	w.put(t, "faults/jobs", fmt.Sprintf(
		`{"service": "sagemaker", "operation": "CreateTransformJob", "error": %q, "count": %d}`, code, count))
}

// triedTwice expects a run to have had two jobs, of which the first found no instances.
func (w *batchWorld) triedTwice(t *testing.T, run string) {
	t.Helper()
	folder := w.folder(t, run)
	second := mark(t, folder["_SUCCESS"])["job"]
	assert.Regexp(t, `^flowers-test-[0-9a-f]{32}-2$`, second)
	assert.Equal(t, testAnswers, folder["output/day/a.csv.out"])
	assert.Len(t, folder, 2, "the mark of an incomplete run is gone")

	first := strings.TrimSuffix(second, "2") + "1"
	for name, want := range map[string]types.TransformJobStatus{
		first: types.TransformJobStatusFailed, second: types.TransformJobStatusCompleted,
	} {
		job, err := w.clients.sagemaker.DescribeTransformJob(t.Context(),
			&sagemaker.DescribeTransformJobInput{TransformJobName: &name})
		require.NoError(t, err)
		assert.Equal(t, want, job.TransformJobStatus, name)
		if want == types.TransformJobStatusFailed {
			assert.Equal(t, "CapacityError: Unable to provision requested ML compute capacity. "+
				"Please retry using a different ML instance type.", *job.FailureReason)
		}
	}
}

// refusesInput expects that inputs of other forms are refused before anything is written, and so is what is empty: an
// object that a console shows as a folder would make a success without predictions.
func (w *batchWorld) refusesInput(t *testing.T) {
	t.Helper()
	w.store(t, testBatch+"/input/", nil)
	w.store(t, testBatch+"/input/day/", nil)
	const (
		malformed = `Batch.InvalidInput: expected {}, {"input": {"bucket": "b", "prefix": "p/"}} or ` +
			`{"input": {"bucket": "b", "key": "k"}}`
		empty = "Batch.NoInput: there is nothing but empty objects at s3://models/flowers-test/input/"
	)
	for name, row := range map[string]struct{ input, want string }{
		"no-bucket":   {`{"input": {"key": "a.csv"}}`, malformed},
		"both":        {`{"input": {"bucket": "models", "key": "a.csv", "prefix": "a"}}`, malformed},
		"not-wrapped": {`{"bucket": "models", "key": "a.csv"}`, malformed},
		"misspelt":    {`{"Input": {"bucket": "models", "key": "a.csv"}}`, malformed},
		"markers":     {`{}`, empty},
		"marker":      {`{"input": {"bucket": "models", "key": "flowers-test/input/day/"}}`, empty + "day/"},
	} {
		w.start(t, name, row.input)
		problem, cause := w.failed(t, name)
		assert.Equal(t, row.want, problem+": "+cause, name)
		assert.Empty(t, w.folder(t, name), name)
	}
}
