package transform_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/objects"
)

// input sets how the input is read.
func input(uri string, split types.SplitType, strategy types.BatchStrategy) func(*sdk.CreateTransformJobInput) {
	return func(in *sdk.CreateTransformJobInput) {
		in.TransformInput.DataSource.S3DataSource.S3Uri = aws.String(uri)
		in.TransformInput.SplitType, in.BatchStrategy = split, strategy
	}
}

func payload(megabytes int32) func(*sdk.CreateTransformJobInput) {
	return func(in *sdk.CreateTransformJobInput) { in.MaxPayloadInMB = aws.Int32(megabytes) }
}

func unassembled(in *sdk.CreateTransformJobInput) {
	in.TransformOutput.AssembleWith = types.AssemblyTypeNone
}

func TestOutputsAreNamedAfterTheirInputs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, uri string
		want      map[string]string
	}{
		{"a folder", "s3://in/data/", map[string]string{"a.csv.out": "A\n", "more/b.csv.out": "B\n"}},
		{"the start of names", "s3://in/da", map[string]string{"data/a.csv.out": "A\n", "data/more/b.csv.out": "B\n"}},
		{"one object", "s3://in/data/more/b.csv", map[string]string{"b.csv.out": "B\n"}},
		{"a bucket", "s3://in", map[string]string{"data/a.csv.out": "A\n", "data/more/b.csv.out": "B\n"}},
		{"a URL", "https://in.s3.eu-central-1.amazonaws.com/data/more/", map[string]string{"b.csv.out": "B\n"}},
		{"a URL with the bucket in its path", "https://s3.amazonaws.com/in/data/more/b.csv", map[string]string{
			"b.csv.out": "B\n",
		}},
	}
	for _, test := range tests {
		w := newWorld(t)
		w.content["s3://in/data/"] = ""
		w.content["s3://in/data/a.csv"] = "a\n"
		w.content["s3://in/data/more/b.csv"] = "b\n"
		assert.Equal(t, test.want, w.transform(input(test.uri, types.SplitTypeLine, "")), test.name)
	}
}

func TestAManifestNamesItsObjects(t *testing.T) {
	t.Parallel()
	manifest := func(in *sdk.CreateTransformJobInput) {
		in.TransformInput.DataSource.S3DataSource.S3DataType = types.S3DataTypeManifestFile
		in.TransformInput.DataSource.S3DataSource.S3Uri = aws.String("s3://lists/m")
	}
	w := newWorld(t)
	w.content["s3://lists/m"] = `[{"prefix":"s3://in/data/"}, "a.csv", "more/b.csv"]`
	w.content["s3://in/data/a.csv"] = "a\n"
	w.content["s3://in/data/c.csv"] = "c\n"
	w.content["s3://in/data/more/b.csv"] = "b\n"
	assert.Equal(t, map[string]string{"a.csv.out": "A\n", "more/b.csv.out": "B\n"}, w.transform(manifest))

	w = newWorld(t)
	w.content["s3://lists/m"] = `[{"prefix":"https://in.s3.amazonaws.com/data/"}, "a%20b.csv"]`
	w.content["s3://in/data/a%20b.csv"] = "a\n"
	assert.Equal(t, map[string]string{"a%20b.csv.out": "A\n"}, w.transform(manifest))

	for content, want := range map[string]string{
		`[{"prefix":"s3://in/"}, "x"]`: "in/x: NoSuchKey: s3://in/x: <nil>",
		`[{"prefix":"s3://in/"}]`:      `No S3 objects found under S3 URL "s3://lists/m" given`,
		`[{"prefix":"in"}, "x"]`: "lists/m: the manifest is not a JSON array of " +
			`{"prefix": "s3://..."} and relative paths`,
		`[{"prefix":"s3://in/"}, 1]`: "lists/m: the manifest is not a JSON array of",
		`{}`:                         "lists/m: the manifest is not a JSON array of",
	} {
		w := newWorld(t)
		w.content["s3://lists/m"] = content
		reason := w.fails(manifest)
		assert.True(t, strings.HasPrefix(reason, "ClientError"+seeLogs+want), reason)
	}
}

func TestMetadataIsSetOnOutputs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a"] = "a"
	w.transform(func(in *sdk.CreateTransformJobInput) { in.TransformOutput.KmsKeyId = aws.String("k") })
	assert.Equal(t, objects.Meta{ContentType: "text/csv", KMSKey: "k"}, w.meta["s3://out/a.out"])
}

func TestRecordsAreSentAsSplitTypeAndStrategySay(t *testing.T) {
	t.Parallel()
	recordIO := func(data string) string {
		length := binary.LittleEndian.AppendUint32(nil, uint32(len(data)))
		return "\x0a\x23\xd7\xce" + string(length) + data + strings.Repeat("\x00", (4-len(data)%4)%4)
	}
	tests := []struct {
		name     string
		content  string
		split    types.SplitType
		strategy types.BatchStrategy
		asked    []string
	}{
		{"whole objects", "a\nb\n", types.SplitTypeNone, types.BatchStrategySingleRecord, []string{"a\nb\n"}},
		{"many lines", "a\r\n\nb", types.SplitTypeLine, types.BatchStrategyMultiRecord, []string{"a\r\n\nb"}},
		{"single lines", "a\r\nb", types.SplitTypeLine, types.BatchStrategySingleRecord, []string{"a\r\n", "b"}},
		{
			"many records with their padding", recordIO("a") + recordIO("b"), types.SplitTypeRecordio, "",
			[]string{recordIO("a") + recordIO("b")},
		},
		{
			"single records without it", recordIO("a") + recordIO("b"), types.SplitTypeRecordio,
			types.BatchStrategySingleRecord,
			[]string{"a", "b"},
		},
	}
	for _, test := range tests {
		w := newWorld(t)
		w.content["s3://in/data/a"] = test.content
		out := w.transform(input("s3://in/data/", test.split, test.strategy), unassembled)
		assert.Equal(t, test.asked, w.fleet.requests(), test.name)
		assert.Equal(t, strings.ToUpper(strings.Join(test.asked, "")), out["a.out"], test.name)
		progress, _ := w.jobs.Progress(region, "Job")
		assert.Equal(t, int64(len(test.content)), progress.Bytes, test.name)
	}
}

func TestEachResultEndsALineWhenAssembledWithLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a"] = "a\nb\nc"
	w.fleet.answer = func(_ context.Context, r *serving.Request, body []byte) (string, error) {
		assert.Equal(t, int64(len(body)), r.Size)
		assert.Equal(t, [2]string{"text/csv", "text/csv"}, [2]string{r.ContentType, r.Accept})
		return map[string]string{"a\n": "1", "b\n": "2\n", "c": ""}[string(body)], nil
	}
	out := w.transform(input("s3://in/data/", types.SplitTypeLine, types.BatchStrategySingleRecord))
	assert.Equal(t, "1\n2\n\n", out["a.out"])
}

func TestCompressedInputIsRead(t *testing.T) {
	t.Parallel()
	compressed := func(in *sdk.CreateTransformJobInput) { in.TransformInput.CompressionType = types.CompressionTypeGzip }
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := writer.Write([]byte("a\nb\n"))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	w := newWorld(t)
	w.content["s3://in/data/a.gz"] = packed.String()
	assert.Equal(t, map[string]string{"a.gz.out": "A\nB\n"}, w.transform(compressed))
	progress, _ := w.jobs.Progress(region, "Job")
	assert.Equal(t, int64(packed.Len()), progress.Bytes)

	w = newWorld(t)
	w.content["s3://in/data/a"] = "a\n"
	assert.Equal(t, "ClientError"+seeLogs+"in/data/a: unexpected EOF", w.fails(compressed))

	w = newWorld(t)
	w.content["s3://in/data/a"] = packed.String()[:packed.Len()-4]
	assert.Equal(t, "ClientError"+seeLogs+"in/data/a: record at byte 4: unexpected EOF", w.fails(compressed))
}

func TestRecordsAreFilteredAndJoined(t *testing.T) {
	t.Parallel()
	process := func(in *sdk.CreateTransformJobInput) {
		in.DataProcessing = &types.DataProcessing{
			InputFilter: aws.String("$[1:]"), OutputFilter: aws.String("$[0,-1]"), JoinSource: types.JoinSourceInput,
		}
	}
	w := newWorld(t)
	w.content["s3://in/data/a"] = "7,a,b\n\n8,c,d"
	assert.Equal(t, map[string]string{"a.out": "7,B\n8,D\n"}, w.transform(process))
	assert.Equal(t, []string{"a,b\nc,d\n"}, w.fleet.requests())

	w = newWorld(t)
	w.content["s3://in/data/a"] = "7,a\n\n\"8,c\n"
	assert.Equal(t, "ClientError"+seeLogs+`in/data/a: record 2: Failed to parse input as CSV: `+
		`extraneous or missing " in quoted-field found near: "8,c`, w.fails(process))

	w = newWorld(t)
	w.content["s3://in/data/a"] = "7,a\n8,b\n"
	w.fleet.answer = func(context.Context, *serving.Request, []byte) (string, error) { return "1\n", nil }
	assert.Equal(t, "ClientError"+seeLogs+"in/data/a, records 1-2: the algorithm returned 1 prediction for 2 records",
		w.fails(process))

	w = newWorld(t)
	w.content["s3://in/data/a"] = "7,a\n"
	assert.Equal(t, "ClientError"+seeLogs+"Invalid JsonPath: $.id: columns of CSV are selected by index",
		w.fails(func(in *sdk.CreateTransformJobInput) {
			in.DataProcessing = &types.DataProcessing{InputFilter: aws.String("$.id")}
		}))
	assert.Empty(t, w.specs)
}

func TestResultsAreInTheOrderOfTheRecords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var want strings.Builder
	for i := range 40 {
		w.content["s3://in/data/a"] += fmt.Sprintf("r%02d\n", i)
		fmt.Fprintf(&want, "R%02d\n", i)
	}
	// The requests under way are answered when there are 8 of them, the last one first.
	var mu sync.Mutex
	var waiting []chan struct{}
	most := 0
	w.fleet.answer = func(ctx context.Context, r *serving.Request, body []byte) (string, error) {
		mine := make(chan struct{})
		mu.Lock()
		waiting = append(waiting, mine)
		most = max(most, len(waiting))
		if len(waiting) == 8 {
			all := waiting
			waiting = nil
			go func() {
				for i := range all {
					close(all[len(all)-1-i])
					time.Sleep(time.Millisecond)
				}
			}()
		}
		mu.Unlock()
		<-mine
		return echo(ctx, r, body)
	}
	out := w.transform(input("s3://in/data/", types.SplitTypeLine, types.BatchStrategySingleRecord),
		func(in *sdk.CreateTransformJobInput) {
			in.MaxConcurrentTransforms, in.TransformResources.InstanceCount = aws.Int32(4), aws.Int32(2)
		})
	assert.Equal(t, want.String(), out["a.out"])
	assert.Equal(t, 8, most)
}

func TestAPayloadOfZeroStreamsTheObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.content["s3://in/data/a"] = strings.Repeat("abc\n", 1<<20)
	w.fleet.answer = func(ctx context.Context, r *serving.Request, body []byte) (string, error) {
		assert.Equal(t, int64(-1), r.Size)
		if len(w.fleet.requests()) == 1 {
			return "", &serving.ModelError{Status: 500}
		}
		return echo(ctx, r, body[:len(body)-1])
	}
	out := w.transform(payload(0))
	assert.Equal(t, strings.Repeat("ABC\n", 1<<20), out["a.out"])
	assert.Len(t, w.fleet.requests(), 2)
	progress, _ := w.jobs.Progress(region, "Job")
	assert.Equal(t, [2]int64{4 << 20, 1}, [2]int64{progress.Bytes, progress.Records})
}

func TestBatchesHoldAsManyRecordsAsFitAndKeepTheirOrder(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		lengths := rapid.SliceOfN(rapid.IntRange(0, limit-1), 1, 8).Draw(rt, "lengths")
		var lines []string
		for i, length := range lengths {
			lines = append(lines, strings.Repeat(string(rune('a'+i)), length)+"\n")
		}
		w.content["s3://in/data/a"] = strings.Join(lines, "")
		out := w.transform(payload(1), unassembled)
		asked := w.fleet.requests()
		all := strings.Join(lines, "")
		require.Zero(rt, strings.Compare(all, strings.Join(asked, "")), "what was sent")
		require.Zero(rt, strings.Compare(strings.ToUpper(all), out["a.out"]), "what was written")
		for i, body := range asked {
			require.LessOrEqual(rt, len(body), limit)
			if i > 0 {
				first, _, _ := strings.Cut(body, "\n")
				require.Greater(rt, len(asked[i-1])+len(first)+1, limit, "the record had a place in the batch before")
			}
		}
	})
}
