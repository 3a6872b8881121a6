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

// fault makes a service refuse an operation so many times.
func (w *batchWorld) fault(t *testing.T, service, operation, code string, count int) {
	t.Helper()
	w.put(t, "faults/"+operation,
		fmt.Sprintf(`{"service": %q, "operation": %q, "error": %q, "count": %d}`, service, operation, code, count))
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
