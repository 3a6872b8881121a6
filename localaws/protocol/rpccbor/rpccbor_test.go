package rpccbor

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const cloudWatch = "/service/GraniteServiceVersion20100801/operation/"

// exchange is a request that a service has seen, and what its client got.
type exchange struct {
	target, path, contentType, seen string
	answer                          *httptest.ResponseRecorder
}

// content is the answer's body.
func (x exchange) content(t *testing.T) map[string]any {
	t.Helper()
	var content map[string]any
	require.NoError(t, cbor.Unmarshal(x.answer.Body.Bytes(), &content))
	return content
}

// send has a service answer a request with a status and JSON.
func send(t *testing.T, path string, body []byte, status int, answer string, change func(*http.Request)) exchange {
	t.Helper()
	x := exchange{answer: httptest.NewRecorder()}
	service := Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		x.target, x.path, x.seen = r.Header.Get("X-Amz-Target"), r.URL.Path, string(seen)
		x.contentType = r.Header.Get("Content-Type")
		w.Header().Set("X-Amzn-Query-Error", "Code;Sender")
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		fmt.Fprint(w, answer)
	}))
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	r.Header.Set("Content-Type", "application/cbor")
	if change != nil {
		change(r)
	}
	service.ServeHTTP(x.answer, r)
	return x
}

func encoded(t *testing.T, value any) []byte {
	t.Helper()
	body, err := cbor.Marshal(value)
	require.NoError(t, err)
	return body
}

func TestARequestReachesItsServiceInJSON(t *testing.T) {
	t.Parallel()
	body := encoded(t, map[string]any{
		"Text": "ä", "Whole": -3, "Fraction": 2.5, "NotANumber": math.NaN(), "Infinite": math.Inf(-1), "Flag": true,
		"Absent": nil, "Blob": []byte{1, 2, 255}, "List": []any{1, map[string]any{"Name": "n"}},
		"At": cbor.Tag{Number: 1, Content: 1767268800.123}, "Whole at": cbor.Tag{Number: 1, Content: 1767268800},
	})
	x := send(t, cloudWatch+"PutMetricData", body, 200, "{}", nil)
	assert.JSONEq(t, `{"Text": "ä", "Whole": -3, "Fraction": 2.5, "NotANumber": "NaN", "Infinite": "-Infinity",
		"Flag": true, "Absent": null, "Blob": "AQL/", "List": [1, {"Name": "n"}], "At": 1767268800.123,
		"Whole at": 1767268800}`, x.seen)
	assert.Equal(t, "GraniteServiceVersion20100801.PutMetricData", x.target)
	assert.Equal(t, "/", x.path)
	assert.Equal(t, "application/x-amz-json-1.0", x.contentType)
}

func TestAnAnswerReachesItsClientInCBOR(t *testing.T) {
	t.Parallel()
	x := send(t, cloudWatch+"GetMetricData", nil, 200, `{"MetricDataResults": [{"Id": "a", "Values": [1.0, 2.5],
		"Count": 7, "Timestamps": [1767268800, 1767268860.5]}], "MetricWidgetImage": "AQL/", "NextToken": null,
		"Datapoints": [{"Timestamp": 1767268800.0, "ExtendedStatistics": {"p99": 9.5}}]}`, nil)
	noon := time.Unix(1767268800, 0)
	assert.Equal(t, map[string]any{
		"MetricDataResults": []any{map[any]any{
			"Id": "a", "Values": []any{1.0, 2.5}, "Count": uint64(7),
			"Timestamps": []any{noon, noon.Add(60500 * time.Millisecond)},
		}},
		"MetricWidgetImage": []byte{1, 2, 255},
		"Datapoints":        []any{map[any]any{"Timestamp": noon, "ExtendedStatistics": map[any]any{"p99": 9.5}}},
	}, x.content(t))
	assert.Equal(t, "{}", x.seen, "an operation without members has no body")
	assert.Equal(t, "rpc-v2-cbor", x.answer.Header().Get("Smithy-Protocol"))
	assert.Equal(t, "application/cbor", x.answer.Header().Get("Content-Type"))
}

func TestAnErrorReachesItsClientInCBOR(t *testing.T) {
	t.Parallel()
	x := send(t, cloudWatch+"PutDashboard", nil, 400, `{"__type": "X#InvalidParameterValue", "Message": "no"}`, nil)
	assert.Equal(t, 400, x.answer.Code)
	assert.Equal(t, "Code;Sender", x.answer.Header().Get("X-Amzn-Query-Error"))
	want := map[string]any{"__type": "X#InvalidParameterValue", "Message": "no", "message": "no"}
	assert.Equal(t, want, x.content(t))

	x = send(t, cloudWatch+"PutDashboard", nil, 502, "nobody answered\n", nil)
	assert.Equal(t, 502, x.answer.Code)
	assert.Equal(t, map[string]any{"__type": "InternalFailure", "message": "nobody answered"}, x.content(t))
}

func TestACompressedRequestIsUnpacked(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := writer.Write(encoded(t, map[string]any{"Namespace": "n"}))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	gzipped := func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }
	assert.JSONEq(t, `{"Namespace": "n"}`, send(t, cloudWatch+"PutMetricData", packed.Bytes(), 200, "", gzipped).seen)
	refused := send(t, cloudWatch+"PutMetricData", []byte("no gzip"), 200, "", gzipped)
	assert.Equal(t, "SerializationException", refused.content(t)["__type"])
}

func TestWhatIsNoCBORIsRefused(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"{}":                           "SerializationException",
		"\xa1":                         "SerializationException",
		"\xa1\x01\x02":                 "SerializationException",
		"\xa1\x61a\xc2\x41\x05":        "SerializationException",
		"\xa2\x61a\x01\x61a\x02":       "SerializationException",
		strings.Repeat("x", maxBody+1): "RequestEntityTooLargeException",
	} {
		x := send(t, cloudWatch+"PutMetricData", []byte(body), 200, "", nil)
		assert.Equal(t, want, x.content(t)["__type"])
		assert.Empty(t, x.target)
	}
}

func TestOtherRequestsPassAsTheyCame(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*http.Request){
		"method":   func(r *http.Request) { r.Method = http.MethodPut },
		"protocol": func(r *http.Request) { r.Header.Del("Smithy-Protocol") },
		"path":     func(r *http.Request) { r.URL.Path = "/service/a/b" },
	} {
		x := send(t, cloudWatch+"X", []byte("body"), 418, "answer", change)
		assert.Equal(t, "body", x.seen, name)
		assert.Equal(t, "answer", x.answer.Body.String(), name)
		assert.Equal(t, 418, x.answer.Code, name)
		assert.Equal(t, "application/cbor", x.contentType, name)
	}
}
