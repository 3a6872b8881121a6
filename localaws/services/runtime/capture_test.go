package runtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/runtime"
	"sagehost/localaws/world/clock"
)

// capturing is the endpoint e with data capture.
func capturing(percentage int) *runtime.Endpoint {
	e := endpoint(variant("v", 1, 1, fleet(func(context.Context, *serving.Request) (*serving.Response, error) {
		return &serving.Response{
			ContentType: "application/json; charset=utf-8", Body: io.NopCloser(strings.NewReader(`{"p":"<1>"}`)),
		}, nil
	})))
	e.Capture = &runtime.Capture{
		Destination: "s3://bucket/captured/", Percentage: percentage, Input: true, Output: true, KMSKey: "key",
		CSVTypes: []string{"text/csv"}, JSONTypes: []string{"application/json"},
	}
	return e
}

func TestACapturedRequestIsALineInModelMonitorsSchema(t *testing.T) {
	t.Parallel()
	w := newWorld(t, capturing(100))
	stop := w.run()
	_, err := w.invoke(func(in *sdk.InvokeEndpointInput) {
		in.InferenceId, in.CustomAttributes = aws.String("id"), aws.String("c=1")
	})
	require.NoError(t, err)
	_, err = w.invoke(func(in *sdk.InvokeEndpointInput) {
		in.Body, in.ContentType = []byte{0xff}, aws.String("text/csv")
	})
	require.NoError(t, err)
	stop()
	paths := w.store.under("/bucket/captured/")
	require.Len(t, paths, 1)
	assert.Regexp(t, `^/bucket/captured/e/v/2026/01/02/03/\d\d-\d\d-\d{3}-[0-9a-f-]{36}\.jsonl$`, paths[0])
	content, key := w.store.get(paths[0])
	assert.Equal(t, "key", key)
	ids := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	times := regexp.MustCompile(`2026-01-02T03:\d\d:\d\dZ`)
	content = times.ReplaceAllString(ids.ReplaceAllString(content, "UUID"), "TIME")
	output := `"endpointOutput":{"observedContentType":"application/json; charset=utf-8","mode":"OUTPUT",` +
		`"data":"{\"p\":\"<1>\"}","encoding":"JSON"}`
	assert.Equal(t, `{"captureData":{"endpointInput":{"observedContentType":"text/csv","mode":"INPUT","data":"1,2",`+
		`"encoding":"CSV"},`+output+`},"eventMetadata":{"eventId":"UUID","inferenceId":"id","customAttributes":["c=1"],`+
		`"inferenceTime":"TIME"},"eventVersion":"0"}`+"\n"+
		`{"captureData":{"endpointInput":{"observedContentType":"text/csv","mode":"INPUT","data":"/w==",`+
		`"encoding":"BASE64"},`+output+`},"eventMetadata":{"eventId":"UUID","inferenceTime":"TIME"},"eventVersion":"0"}`+
		"\n", content)
}

func TestOnlyTheSidesThatAreAskedForAreCaptured(t *testing.T) {
	t.Parallel()
	for _, input := range []bool{true, false} {
		e := capturing(100)
		e.Capture.Input, e.Capture.Output = input, !input
		w := newWorld(t, e)
		stop := w.run()
		_, err := w.invoke(nil)
		require.NoError(t, err)
		stop()
		paths := w.store.under("/bucket/")
		require.Len(t, paths, 1)
		content, _ := w.store.get(paths[0])
		assert.Equal(t, []bool{input, !input},
			[]bool{strings.Contains(content, "endpointInput"), strings.Contains(content, "endpointOutput")})
	}
}

func TestCapturedDataIsWrittenEveryMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, capturing(100))
	require.NoError(t, w.clock.SetSpeed(clock.MaxSpeed))
	w.run()
	_, err := w.invoke(nil)
	require.NoError(t, err)
	w.eventually(func() bool { return len(w.store.under("/bucket/captured/e/v/")) == 1 })
}

func TestSamplingCapturesAShare(t *testing.T) {
	t.Parallel()
	for percentage, want := range map[int]int{0: 0, 25: 100} {
		w := newWorld(t, capturing(percentage))
		stop := w.run()
		for range 400 {
			_, err := w.invoke(nil)
			require.NoError(t, err)
		}
		stop()
		lines := 0
		for _, path := range w.store.under("/bucket/") {
			content, _ := w.store.get(path)
			lines += strings.Count(content, "\n")
		}
		assert.InDelta(t, want, lines, float64(want)*0.6)
	}
}

func TestFailuresAndMultiModelEndpointsAreNotCaptured(t *testing.T) {
	t.Parallel()
	failing, multi := capturing(100), capturing(100)
	failing.Variants[0].Fleet = fails(&serving.ModelError{Status: 500})
	multi.MultiModel, multi.Name = true, "m"
	w := newWorld(t, failing, multi)
	stop := w.run()
	_, err := w.invoke(nil)
	require.Error(t, err)
	_, err = w.invoke(func(in *sdk.InvokeEndpointInput) {
		in.EndpointName, in.TargetModel = aws.String("m"), aws.String("x")
	})
	require.NoError(t, err)
	stop()
	assert.Empty(t, w.store.under("/"))
}

func TestCapturedDataThatS3RefusesIsLoggedAndLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, capturing(100))
	w.store.refuse = "/bucket/"
	stop := w.run()
	_, err := w.invoke(nil)
	require.NoError(t, err)
	stop()
	assert.Contains(t, w.log.String(), "runtime: data captured of e is lost: s3://bucket/captured/e/v/")
}

func TestWhatS3DoesNotKeepUpWithIsDroppedAndCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, capturing(100))
	w.api.HoldCaptures(1000)
	for range 5 {
		_, err := w.invoke(nil)
		require.NoError(t, err)
	}
	w.run()()
	paths := w.store.under("/bucket/")
	require.Len(t, paths, 1)
	content, _ := w.store.get(paths[0])
	// A line has 346 bytes.
	assert.Equal(t, 2, strings.Count(content, "\n"))
	assert.Contains(t, w.log.String(), "runtime: 3 requests were not captured, because S3 does not keep up")
}

func TestALargeObjectOfCapturedDataDoesNotWaitForTheMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, capturing(100))
	w.run()
	_, err := w.invoke(func(in *sdk.InvokeEndpointInput) { in.Body = []byte(strings.Repeat("1,", 2<<20)) })
	require.NoError(t, err)
	w.eventually(func() bool { return len(w.store.under("/bucket/")) == 1 })
}

func FuzzCapturedLine(f *testing.F) {
	f.Add("text/csv", []byte("1,2"))
	f.Add("application/json; x", []byte("{\"a\":\"\n\"}"))
	f.Add("", []byte{0xff, 0})
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		line := runtime.CaptureLine(contentType, body, time.Unix(0, 0))
		require.Equal(t, len(line)-1, strings.IndexByte(string(line), '\n'), "one line feed, at the end")
		var record map[string]map[string]any
		_ = json.Unmarshal([]byte(strings.Replace(string(line), `,"eventVersion":"0"`, "", 1)), &record)
		side, ok := record["captureData"]["endpointInput"].(map[string]any)
		require.True(t, ok, fmt.Sprint(record))
		data, err := runtime.CapturedData(side["encoding"].(string), side["data"].(string))
		require.NoError(t, err)
		require.Equal(t, string(body), string(data))
	})
}
