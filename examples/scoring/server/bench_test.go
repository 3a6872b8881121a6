package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sagehost/examples/scoring/server"
)

// flowers serves the model of examples/flowers.
func flowers(b *testing.B) http.Handler {
	b.Helper()
	s := server.New(server.Options{ModelFolder: "../../flowers", ModelBytes: 1 << 20})
	require.NoError(b, s.Load())
	return s.Handler()
}

// BenchmarkInvocations asks for one row with each request, over connections that are kept.
func BenchmarkInvocations(b *testing.B) {
	web := httptest.NewServer(flowers(b))
	defer web.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			response, err := client.Post(web.URL+"/invocations", "text/csv", strings.NewReader("5.1,3.5,1.4,0.2"))
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

// BenchmarkRows asks for 10,000 rows with each request, without a network.
func BenchmarkRows(b *testing.B) {
	const rows = 10_000
	handler, body := flowers(b), strings.Repeat("5.1,3.5,1.4,0.2\n", rows)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		request := httptest.NewRequest(http.MethodPost, "/invocations", strings.NewReader(body))
		request.Header.Set("Content-Type", "text/csv")
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if answer.Code != http.StatusOK {
			b.Fatal(answer.Body.String())
		}
	}
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
}
