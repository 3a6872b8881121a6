package runtime_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
)

// quick answers with little.
var quick = fleet(func(_ context.Context, r *serving.Request) (*serving.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	return &serving.Response{
		ContentType: "application/json", Body: io.NopCloser(strings.NewReader(`{"predictions":[1]}`)),
		Latencies: []serving.Latency{{Hostname: "primary", Took: time.Millisecond}},
	}, nil
})

const scope = "AWS4-HMAC-SHA256 Credential=k/20260101/eu-central-1/sagemaker/aws4_request, Signature=0"

// BenchmarkInvokeEndpoint is what the runtime itself takes, without a network.
func BenchmarkInvokeEndpoint(b *testing.B) {
	api := small(quick)
	body := strings.Repeat("1,2,3\n", 100)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			request := httptest.NewRequest(http.MethodPost, "/endpoints/e/invocations", strings.NewReader(body))
			request.Header["Content-Type"], request.Header["Authorization"] = []string{"text/csv"}, []string{scope}
			answer := httptest.NewRecorder()
			api.ServeHTTP(answer, request)
			if answer.Code != http.StatusOK {
				b.Error(answer.Body.String())
			}
		}
	})
}

// BenchmarkInvokeEndpointOverHTTP is the same with a client on the loopback interface.
func BenchmarkInvokeEndpointOverHTTP(b *testing.B) {
	server := httptest.NewServer(small(quick))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	body := strings.Repeat("1,2,3\n", 100)
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			request, _ := http.NewRequestWithContext(b.Context(), http.MethodPost,
				server.URL+"/endpoints/e/invocations", strings.NewReader(body))
			request.Header["Content-Type"], request.Header["Authorization"] = []string{"text/csv"}, []string{scope}
			response, err := client.Do(request)
			require.NoError(b, err)
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	})
}
