package transform_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// admin sends a request of the local AWS's own, and returns the status and the answer.
func (w *world) admin(method, query, body string) (int, string) {
	recorder := httptest.NewRecorder()
	w.jobs.Admin().ServeHTTP(recorder, httptest.NewRequest(method, "/_local/sagemaker/transform-jobs/next"+query,
		strings.NewReader(body)))
	return recorder.Code, recorder.Body.String()
}

func TestTheNextJobFailsAsItWasAskedTo(t *testing.T) {
	t.Parallel()
	const capacity = "CapacityError: Unable to provision requested ML compute capacity. " +
		"Please retry using a different ML instance type."
	for body, want := range map[string]string{
		`{"outcome": "capacity"}`:                                      capacity,
		`{"outcome": "capacity", "reason": "CapacityError: none"}`:     "CapacityError: none",
		`{"outcome": "fail", "reason": "InternalServerError: sorry."}`: "InternalServerError: sorry.",
	} {
		w := newWorld(t)
		w.content["s3://in/data/a"] = "a\n"
		code, said := w.admin(http.MethodPut, "?region="+region, body)
		require.Equal(t, http.StatusNoContent, code, said)
		assert.Equal(t, want, w.fails())
		assert.Empty(t, w.outputs())
		assert.Empty(t, w.specs, "no container is started")

		w.create(named("next"))
		assert.Nil(t, w.await("next", types.TransformJobStatusCompleted).FailureReason, "only one job fails")
	}
}

func TestTheNextJobHangsUntilItIsStopped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a"] = "a\n"
	code, said := w.admin(http.MethodPut, "?region="+region, `{"outcome": "hang"}`)
	require.Equal(t, http.StatusNoContent, code, said)
	w.create(named("hanging"))
	w.create(named("next"))
	w.await("next", types.TransformJobStatusCompleted)
	w.await("hanging", types.TransformJobStatusInProgress)
	require.NoError(t, w.stop("hanging"))
	assert.Nil(t, w.await("hanging", types.TransformJobStatusStopped).FailureReason)
}

func TestAFailureOfAnotherRegionIsNotForThisOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a"] = "a\n"
	code, _ := w.admin(http.MethodPut, "", `{"outcome": "capacity"}`)
	require.Equal(t, http.StatusNoContent, code)
	assert.Equal(t, map[string]string{"a.out": "A\n"}, w.transform())
}

func TestAJobThatIsRefusedDoesNotUseTheFailureUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a"] = "a\n"
	code, _ := w.admin(http.MethodPut, "?region="+region, `{"outcome": "fail", "reason": "r"}`)
	require.Equal(t, http.StatusNoContent, code)
	refused := job()
	refused.ModelName = aws.String("gone")
	_, err := w.CreateTransformJob(t.Context(), refused)
	require.Error(t, err)
	assert.Equal(t, "r", w.fails())
}

func TestFailuresThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const (
		members  = "the body is not a JSON object of outcome and reason\n"
		outcomes = "it must be one of [\"fail\" \"capacity\" \"hang\"]\n"
	)
	for _, test := range []struct {
		method, body string
		status       int
		answer       string
	}{
		{http.MethodPut, `{"outcome": "slow"}`, 400, "outcome is \"slow\"; " + outcomes},
		{http.MethodPut, `{}`, 400, "outcome is \"\"; " + outcomes},
		{http.MethodPut, `{"outcome": "hang", "reason": "r"}`, 400, "a job that hangs has no reason\n"},
		{http.MethodPut, `{"outcome": "fail"}`, 400, "reason must not be empty\n"},
		{http.MethodPut, `{"outcome": "capacity", "delay": "1s"}`, 400, members},
		{http.MethodPut, `capacity`, 400, members},
		{http.MethodGet, ``, 405, "Method Not Allowed\n"},
	} {
		code, said := w.admin(test.method, "", test.body)
		assert.Equal(t, test.status, code, test.body)
		assert.Equal(t, test.answer, said, test.body)
	}
}
