package transform_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/objects"
	"sagehost/localaws/services/transform"
	"sagehost/localaws/world/clock"
)

// row is 100 bytes.
var row = append(bytes.Repeat([]byte("12345.678,"), 9), "123456789\n"...)

// endless is an object of many rows that are never in memory together, and counts what is written.
type endless struct {
	rows    int
	written atomic.Int64
	done    chan struct{}
}

func (e *endless) Get(context.Context, string, string) (*objects.Object, error) {
	size := int64(e.rows * len(row))
	return &objects.Object{Body: io.NopCloser(io.LimitReader(&repeated{}, size)), Size: size}, nil
}

func (e *endless) List(context.Context, string, string) iter.Seq2[objects.Entry, error] {
	return func(yield func(objects.Entry, error) bool) {
		yield(objects.Entry{URI: "s3://in/a", Size: int64(e.rows * len(row))}, nil)
	}
}

func (e *endless) Put(_ context.Context, _, _ string, content io.Reader, _ objects.Meta) error {
	n, err := io.Copy(io.Discard, content)
	e.written.Add(n)
	close(e.done)
	return err
}

// repeated is rows without an end.
type repeated struct{ at int }

func (r *repeated) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		copied := copy(p[n:], row[r.at:])
		n += copied
		r.at = (r.at + copied) % len(row)
	}
	return n, nil
}

// ones answers a 1 for each line.
type ones struct{ each func() }

func (o ones) Invoke(_ context.Context, request *serving.Request) (*serving.Response, error) {
	buffer := make([]byte, 32<<10)
	count := 0
	for {
		n, err := request.Body.Read(buffer)
		count += bytes.Count(buffer[:n], []byte("\n"))
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if o.each != nil {
		o.each()
	}
	return &serving.Response{Body: io.NopCloser(bytes.NewReader(bytes.Repeat([]byte("1\n"), count)))}, nil
}

func (ones) Close() {}

// transformRows runs a job over some rows, joined with their predictions or not.
func transformRows(tb testing.TB, rows int, concurrency json.Number, join bool, each func()) *endless {
	tb.Helper()
	store := &endless{rows: rows, done: make(chan struct{})}
	jobs, err := transform.New(transform.Options{
		Models: models{"m": {}}, Objects: store, Clock: clock.New(epoch), Log: io.Discard,
		Start: func(context.Context, serving.Spec) (transform.Fleet, error) { return ones{each}, nil },
	})
	require.NoError(tb, err)
	tb.Cleanup(jobs.Close)
	process := map[string]any{}
	if join {
		process = map[string]any{"InputFilter": "$[1:]", "JoinSource": "Input", "OutputFilter": "$[0,-1]"}
	}
	_, err = jobs.Operations()["CreateTransformJob"].Run(awsjson.Call{Region: region, Input: awsjson.Object{
		"TransformJobName": "j", "ModelName": "m",
		"MaxPayloadInMB": json.Number("1"), "MaxConcurrentTransforms": concurrency,
		"TransformInput": map[string]any{
			"DataSource": map[string]any{"S3DataSource": map[string]any{"S3DataType": "S3Prefix", "S3Uri": "s3://in/a"}},
			"SplitType":  "Line", "ContentType": "text/csv",
		},
		"TransformOutput":    map[string]any{"S3OutputPath": "s3://out", "Accept": "text/csv", "AssembleWith": "Line"},
		"TransformResources": map[string]any{"InstanceCount": json.Number("1")},
		"DataProcessing":     process,
	}})
	require.NoError(tb, err)
	<-store.done
	return store
}

// The input is 20 MB, and a batch 1 MB. Memory is that of the process: no other test may run meanwhile.
func TestMemoryDoesNotGrowWithTheInput(t *testing.T) { //nolint:paralleltest // see above
	const rows, bound = 200_000, 12 << 20
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var peak atomic.Uint64
	store := transformRows(t, rows, "1", true, func() {
		var now runtime.MemStats
		// The second collection takes what became garbage during the first.
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&now)
		// There is one request at a time.
		peak.Store(max(peak.Load(), now.HeapAlloc))
	})
	// A joined row is "12345.678,1\n".
	assert.Equal(t, int64(rows*12), store.written.Load())
	require.NotZero(t, peak.Load())
	assert.Less(t, int64(peak.Load())-int64(before.HeapAlloc), int64(bound))
}

func BenchmarkTransform(b *testing.B) {
	for name, join := range map[string]bool{"Plain": false, "FilteredAndJoined": true} {
		b.Run(name, func(b *testing.B) {
			const rows = 1_000_000
			b.ReportAllocs()
			b.SetBytes(int64(rows * len(row)))
			for b.Loop() {
				transformRows(b, rows, "2", join, nil)
			}
			b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
