package serving

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/objects"
	"sagehost/localaws/world/clock"
)

// generous is how long something may take that takes no time on an idle machine.
const generous = 30 * time.Second

// journal is a log that tests read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// lines are those that start with a word, without the prefix of the container. All are there once the fleet is closed.
func (j *journal) lines(word string) []string {
	var found []string
	for _, match := range regexp.MustCompile(`(?m)^\[[^]]*\] (`+word+`.*)$`).FindAllStringSubmatch(j.String(), -1) {
		found = append(found, match[1])
	}
	return found
}

// bucket is a small S3. The bucket "secret" is closed, and objects whose key has "stuck" never arrive.
type bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
	gets    map[string]int
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	path := strings.TrimPrefix(r.URL.Path, "/")
	content, found := b.objects[path]
	b.gets[path]++
	names := slices.Sorted(maps.Keys(b.objects))
	b.mu.Unlock()
	w.Header().Set("Content-Type", "application/xml")
	switch {
	case strings.HasPrefix(path, "secret"):
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")
	case r.URL.Query().Get("list-type") == "2":
		_, _ = io.WriteString(w, "<ListBucketResult><IsTruncated>false</IsTruncated>")
		for _, name := range names {
			_, key, _ := strings.Cut(name, "/")
			if strings.HasPrefix(name, strings.TrimSuffix(path, "/")+"/"+r.URL.Query().Get("prefix")) {
				_, _ = io.WriteString(w, "<Contents><Key>")
				_ = xml.EscapeText(w, []byte(key))
				_, _ = io.WriteString(w, "</Key></Contents>")
			}
		}
		_, _ = io.WriteString(w, "</ListBucketResult>")
	case strings.Contains(path, "stuck"):
		<-r.Context().Done()
	case !found:
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<Error><Code>NoSuchKey</Code><Message>No such key</Message></Error>")
	default:
		_, _ = w.Write(content)
	}
}

func (b *bucket) put(name string, content []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.objects[name] = content
}

// pack makes an archive with one file.
func pack(t *testing.T, name, content string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	compressed := gzip.NewWriter(&buffer)
	writer := tar.NewWriter(compressed)
	require.NoError(t, writer.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))}))
	_, err := io.WriteString(writer, content)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	require.NoError(t, compressed.Close())
	return buffer.Bytes()
}

// bench is a host with what is around it.
type bench struct {
	*Host
	s3    *bucket
	log   *journal
	clock *clock.Clock
	// images is the path of the file.
	images string
}

// newBench makes a host that runs the tests' own program for the image "fake". Its clock runs fast, and timeouts last
// no longer than the clock says.
func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{
		s3:  &bucket{objects: map[string][]byte{}, gets: map[string]int{}},
		log: &journal{}, clock: clock.New(time.Now()), images: filepath.Join(t.TempDir(), "images.yaml"),
	}
	server := httptest.NewServer(b.s3)
	t.Cleanup(server.Close)
	self, err := os.Executable()
	require.NoError(t, err)
	text := fmt.Sprintf("images:\n  - repository: fake\n    command: [%q]\n    environment: {PROGRAM: yes}\n", self)
	require.NoError(t, os.WriteFile(b.images, []byte(text), 0o600))
	images, err := LoadImages(b.images, t.TempDir())
	require.NoError(t, err)
	b.Host = New(Options{Images: images, Objects: objects.New(server.URL), Clock: b.clock, Dir: t.TempDir(), Log: b.log})
	b.patience = 0
	t.Cleanup(b.Close)
	return b
}

// fakeContainer is one with a name that it puts around what it is sent.
func fakeContainer(name string) Container {
	return Container{Image: "fake:1", Hostname: name, Environment: map[string]string{"NAME": name}}
}

func spec(containers ...Container) Spec {
	return Spec{
		Region: "eu-west-1", Name: "flowers-dev/main", RoleARN: "arn:aws:iam::123456789012:role/flowers",
		Containers: containers,
	}
}

// start starts a fleet, and checks at the end of the test that its processes have gone.
func (b *bench) start(t *testing.T, s Spec) *Fleet {
	t.Helper()
	f, err := b.Start(t.Context(), s)
	require.NoError(t, err)
	t.Cleanup(func() {
		ids := f.PIDs()
		f.Close()
		for _, id := range ids {
			assert.ErrorIs(t, syscall.Kill(id, 0), syscall.ESRCH)
		}
	})
	return f
}

// ask invokes a fleet and reads the response.
func ask(t *testing.T, f *Fleet, r *Request, body string) (string, *Response, error) {
	t.Helper()
	with := *r
	with.Body, with.Size = strings.NewReader(body), int64(len(body))
	response, err := f.Invoke(t.Context(), &with)
	if err != nil {
		return "", nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(text), response, nil
}

// zombie says that a process has ended, and only its parent has not noticed.
func zombie(id int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", id))
	return err == nil && strings.Contains(string(stat), ") Z ")
}
