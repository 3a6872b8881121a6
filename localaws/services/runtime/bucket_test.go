package runtime_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// bucket is a small S3 that keeps objects by their path.
type bucket struct {
	*httptest.Server
	mu      sync.Mutex
	objects map[string]string
	keys    map[string]string
	// refuse is a prefix of paths that cannot be written.
	refuse string
}

func newBucket(t *testing.T) *bucket {
	t.Helper()
	b := &bucket{objects: map[string]string{}, keys: map[string]string{}}
	b.Server = httptest.NewServer(b)
	t.Cleanup(b.Close)
	return b
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	defer b.mu.Unlock()
	content, found := b.objects[r.URL.Path]
	switch {
	case b.refuse != "" && strings.HasPrefix(r.URL.Path, b.refuse):
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`)
	case r.Method == http.MethodPut:
		b.objects[r.URL.Path] = plain(body, r)
		b.keys[r.URL.Path] = r.Header.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id")
	case r.URL.Path == "/bucket/huge":
		w.Header().Set("Content-Length", fmt.Sprint(1<<30+1))
		w.WriteHeader(http.StatusOK)
	case found:
		_, _ = io.WriteString(w, content)
	default:
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `<Error><Code>NoSuchKey</Code><Message>none</Message></Error>`)
	}
}

// plain takes the chunks of a signed stream apart.
func plain(body []byte, r *http.Request) string {
	if !strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
		return string(body)
	}
	var text strings.Builder
	for rest := string(body); ; {
		head, after, found := strings.Cut(rest, "\r\n")
		size := 0
		if _, err := fmt.Sscanf(strings.SplitN(head, ";", 2)[0], "%x", &size); !found || err != nil || size == 0 {
			return text.String()
		}
		text.WriteString(after[:size])
		rest = strings.TrimPrefix(after[size:], "\r\n")
	}
}

// put writes an object.
func (b *bucket) put(path, content string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.objects[path] = content
}

// get reads an object; it is empty when there is none.
func (b *bucket) get(path string) (content, kmsKey string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.objects[path], b.keys[path]
}

// under lists the paths with a prefix.
func (b *bucket) under(prefix string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var paths []string
	for path := range b.objects {
		if strings.HasPrefix(path, prefix) {
			paths = append(paths, path)
		}
	}
	return paths
}
