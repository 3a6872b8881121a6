package serving

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// BenchmarkInvoke measures invocations with small bodies of a container that does nothing, in this same process.
func BenchmarkInvoke(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	defer server.Close()
	at, err := url.Parse(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	f := newFleet(New(Options{Dir: b.TempDir(), Log: io.Discard}), Spec{Containers: []Container{{}}}, "")
	f.containers[0].ready.Store(&process{invocations: newEndpoint(at.Port())})
	body := []byte("5.1,3.5,1.4,0.2")
	b.ReportAllocs()
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			response, err := f.Invoke(b.Context(), &Request{
				ContentType: "text/csv", Accept: "text/csv", Body: bytes.NewReader(body), Size: int64(len(body)),
			})
			if err != nil {
				b.Error(err)
				return
			}
			if _, err := io.Copy(io.Discard, response.Body); err != nil {
				b.Error(err)
			}
			_ = response.Body.Close()
		}
	})
}
