package runtime

import (
	"encoding/base64"
	"net/http"
	"time"

	"sagehost/localaws/containers/serving"
)

// CaptureLine is the captured line of a request with a body.
func CaptureLine(contentType string, body []byte, at time.Time) []byte {
	capture := Capture{Input: true, CSVTypes: []string{"text/csv"}, JSONTypes: []string{"application/json"}}
	in := &invocation{request: serving.Request{ContentType: contentType}}
	return capture.line(in, body, &serving.Response{}, nil, at)
}

// CapturedData undoes an encoding of captured data.
func CapturedData(encoding, data string) ([]byte, error) {
	if encoding == "BASE64" {
		return base64.StdEncoding.DecodeString(data)
	}
	return []byte(data), nil
}

// ReadHeaders reads a request of either operation.
func ReadHeaders(name string, header http.Header) (invoke, async error) {
	_, invoke = readInvocation(name, header)
	_, async = readAsyncInvocation(name, header)
	return invoke, async
}

// HoldCaptures sets how many bytes of captured data may wait.
func (r *Runtime) HoldCaptures(room int) { r.captures.room = room }
