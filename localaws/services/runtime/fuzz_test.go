package runtime_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/objects"
	"sagehost/localaws/services/runtime"
	"sagehost/localaws/world/clock"
)

// fixed tells of one real-time and one asynchronous endpoint, e and a.
type fixed struct{ now, async *runtime.Endpoint }

func (f fixed) Serving(_, name string) (*runtime.Endpoint, bool) {
	endpoint := map[string]*runtime.Endpoint{"e": f.now, "a": f.async}[name]
	return endpoint, endpoint != nil
}

func (f fixed) All() []*runtime.Endpoint { return []*runtime.Endpoint{f.now, f.async} }

// nowhere is a sink that keeps nothing.
type nowhere struct{}

func (nowhere) Add(metrics.Metric, float64) {}

// small is a runtime without a background.
func small(f runtime.Fleet) *runtime.Runtime {
	async := endpoint(variant("v", 1, 0, nil))
	async.Name, async.Async = "a", &runtime.Async{OutputPath: "s3://b/out", FailurePath: "s3://b/failed"}
	return runtime.New(runtime.Options{
		Endpoints: fixed{endpoint(variant("v", 1, 1, f)), async}, Metrics: nowhere{}, Objects: objects.New("http://[::1]:1"),
		Clock: clock.New(time.Unix(0, 0)), Log: io.Discard, Other: http.NotFoundHandler(),
	})
}

func FuzzRequest(f *testing.F) {
	f.Add("/endpoints/e/invocations", "text/csv", "a", "id", "v", "", "1,2", int64(3))
	f.Add("/endpoints/a/async-invocations", "", "", "", "s3://b/k", "60", "", int64(0))
	f.Add("/endpoints/e/invocations-response-stream", "", "", "", "", "", "x", int64(-1))
	f.Add("/endpoints/%2f/invocations", "\x80", "\x00", " ", "-", "x", "\xff", int64(1<<62))
	api := small(echo("v"))
	f.Fuzz(func(t *testing.T, path, contentType, attributes, id, target, number, body string, length int64) {
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		request.URL = &url.URL{Path: path}
		request.ContentLength = length
		request.Header = http.Header{
			"Content-Type": {contentType}, "Accept": {contentType}, "X-Amzn-Sagemaker-Content-Type": {contentType},
			"X-Amzn-Sagemaker-Custom-Attributes": {attributes}, "X-Amzn-Sagemaker-Inference-Id": {id},
			"X-Amzn-Sagemaker-Target-Variant": {target}, "X-Amzn-Sagemaker-Inputlocation": {target},
			"X-Amzn-Sagemaker-Requestttlseconds": {number}, "X-Amzn-Sagemaker-Session-Id": {target},
			"X-Amzn-Sagemaker-Filename": {target}, "X-Amzn-Sagemaker-S3outputpathextension": {attributes},
		}
		answer := httptest.NewRecorder()
		api.ServeHTTP(answer, request)
		require.NotEqual(t, http.StatusInternalServerError, answer.Code, answer.Body.String())
	})
}

func FuzzHeaders(f *testing.F) {
	f.Add("e", "X-Amzn-Sagemaker-Target-Model", "m.tar.gz")
	f.Add("-", "X-Amzn-Sagemaker-Invocationtimeoutseconds", "999999999999999999999")
	f.Fuzz(func(t *testing.T, name, header, value string) {
		invoke, async := runtime.ReadHeaders(name, http.Header{header: {value}})
		for _, err := range []error{invoke, async} {
			if err != nil {
				require.Contains(t, err.Error(), "ValidationError: ")
			}
		}
	})
}
