package transform_test

import (
	"bytes"
	"context"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"sagehost/kit/s3uri"
	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/objects"
	"sagehost/localaws/services/transform"
)

// The store of the local AWS does what the fake here stands for.
var _ transform.Objects = (*objects.Store)(nil)

// bucket is an S3 in memory.
type bucket struct {
	mu      sync.Mutex
	content map[string]string
	meta    map[string]objects.Meta
	// refused holds the codes of objects that cannot be read or written.
	refused map[string]string
	// held are objects that are found, and end only with the context.
	held map[string]bool
}

func (b *bucket) refuse(uri string) error {
	if code := b.refused[uri]; code != "" {
		return &objects.Error{Code: code, URI: uri}
	}
	return nil
}

func (b *bucket) Get(ctx context.Context, _, uri string) (*objects.Object, error) {
	uri = s3uri.Normalize(uri)
	b.mu.Lock()
	defer b.mu.Unlock()
	content, ok := b.content[uri]
	if !ok {
		return nil, &objects.Error{Code: "NoSuchKey", URI: uri}
	}
	if err := b.refuse(uri); err != nil {
		return nil, err
	}
	var body io.Reader = strings.NewReader(content)
	if b.held[uri] {
		body = io.MultiReader(body, untilDone{ctx})
	}
	return &objects.Object{Body: io.NopCloser(body), Size: int64(len(content))}, nil
}

type untilDone struct{ ctx context.Context }

func (u untilDone) Read([]byte) (int, error) {
	<-u.ctx.Done()
	return 0, u.ctx.Err()
}

func (b *bucket) List(_ context.Context, _, prefix string) iter.Seq2[objects.Entry, error] {
	return func(yield func(objects.Entry, error) bool) {
		b.mu.Lock()
		err := b.refuse(prefix)
		content := maps.Clone(b.content)
		b.mu.Unlock()
		prefix := s3uri.Normalize(prefix)
		if err != nil {
			yield(objects.Entry{}, err)
			return
		}
		for _, uri := range slices.Sorted(maps.Keys(content)) {
			entry := objects.Entry{URI: uri, Size: int64(len(content[uri]))}
			if strings.HasPrefix(uri, prefix) && !yield(entry, nil) {
				return
			}
		}
	}
}

func (b *bucket) Put(_ context.Context, _, uri string, content io.Reader, meta objects.Meta) error {
	b.mu.Lock()
	err := b.refuse(uri)
	b.mu.Unlock()
	if err != nil {
		return err
	}
	all, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.content[uri], b.meta[uri] = string(all), meta
	return nil
}

// outputs is what is in the bucket "out", by key.
func (b *bucket) outputs() map[string]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := map[string]string{}
	for uri, content := range b.content {
		if rest, ok := strings.CutPrefix(uri, "s3://out/"); ok {
			found[rest] = content
		}
	}
	return found
}

// fleet answers with a function.
type fleet struct {
	answer func(context.Context, *serving.Request, []byte) (string, error)
	closed chan struct{}
	ended  sync.Once

	mu    sync.Mutex
	asked []string
}

func (f *fleet) Invoke(ctx context.Context, request *serving.Request) (*serving.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.asked = append(f.asked, string(body))
	f.mu.Unlock()
	answer, err := f.answer(ctx, request, body)
	if err != nil {
		return nil, err
	}
	return &serving.Response{Body: io.NopCloser(strings.NewReader(answer))}, nil
}

func (f *fleet) Close() { f.ended.Do(func() { close(f.closed) }) }

func (f *fleet) requests() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

// echo answers each line in capitals.
func echo(_ context.Context, _ *serving.Request, body []byte) (string, error) {
	return string(bytes.ToUpper(body)), nil
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}
