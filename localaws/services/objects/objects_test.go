package objects_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/objects"
)

// s3 is an Amazon S3 of one bucket, "b", that keeps what it is given and notes who asked.
type s3 struct {
	objects map[string]string
	header  http.Header
}

func (s *s3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key, found := strings.CutPrefix(r.URL.Path, "/b/")
	switch {
	case !found && r.URL.Path != "/b":
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `<Error><Code>NoSuchBucket</Code><Message>none</Message></Error>`)
	case r.URL.Query().Has("list-type"):
		_, _ = io.WriteString(w, `<ListBucketResult><IsTruncated>false</IsTruncated>`+
			`<Contents><Key>in/1</Key><Size>3</Size></Contents><Contents><Key>in/2</Key><Size>4</Size></Contents>`+
			`</ListBucketResult>`)
	case r.Method == http.MethodPut:
		body, _ := io.ReadAll(r.Body)
		s.objects[key], s.header = string(body), r.Header
	default:
		body, ok := s.objects[key]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `<Error><Code>NoSuchKey</Code><Message>none</Message></Error>`)
			return
		}
		w.Header().Set("Content-Type", "text/csv")
		_, _ = io.WriteString(w, body)
	}
}

func start(t *testing.T) (*objects.Store, *s3) {
	t.Helper()
	fake := &s3{objects: map[string]string{}}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return objects.New(server.URL), fake
}

func TestAnObjectIsWrittenAndRead(t *testing.T) {
	t.Parallel()
	store, fake := start(t)
	meta := objects.Meta{ContentType: "text/csv", KMSKey: "key"}
	require.NoError(t, store.Put(t.Context(), "eu-west-1", "s3://b/a/1.csv", strings.NewReader("1,2"), meta))
	assert.Contains(t, fake.objects["a/1.csv"], "1,2")
	assert.Equal(t, "text/csv", fake.header.Get("Content-Type"))
	assert.Equal(t, "aws:kms", fake.header.Get("X-Amz-Server-Side-Encryption"))
	assert.Equal(t, "key", fake.header.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"))
	assert.Contains(t, fake.header.Get("Authorization"), "/eu-west-1/s3/")

	fake.objects["a/1.csv"] = "1,2"
	object, err := store.Get(t.Context(), "eu-west-1", "s3://b/a/1.csv")
	require.NoError(t, err)
	defer object.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(object.Body)
	require.NoError(t, err)
	assert.Equal(t, "1,2", body.String())
	assert.Equal(t, int64(3), object.Size)
	assert.Equal(t, "text/csv", object.ContentType)
}

func TestObjectsUnderAPrefixAreListed(t *testing.T) {
	t.Parallel()
	store, _ := start(t)
	var listed []objects.Entry
	for entry, err := range store.List(t.Context(), "eu-west-1", "s3://b/in/") {
		require.NoError(t, err)
		listed = append(listed, entry)
	}
	assert.Equal(t, []objects.Entry{{URI: "s3://b/in/1", Size: 3}, {URI: "s3://b/in/2", Size: 4}}, listed)
}

func TestARefusalHasItsCode(t *testing.T) {
	t.Parallel()
	store, _ := start(t)
	for uri, want := range map[string]string{
		"s3://b/none": "NoSuchKey", "s3://none/a": "NoSuchBucket", "http://b/a": "InvalidURI", "s3:///a": "InvalidURI",
	} {
		_, err := store.Get(t.Context(), "eu-west-1", uri)
		assert.Equal(t, want, objects.Code(err), uri)
		assert.ErrorContains(t, err, uri+": ")
	}
	assert.Empty(t, objects.Code(io.EOF))
}

func TestKeysAreJoinedToPrefixesBySlashes(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"s3://b/a", "s3://b/a/"} {
		for _, key := range []string{"c", "/c"} {
			assert.Equal(t, "s3://b/a/c", objects.Join(prefix, key))
		}
	}
}
