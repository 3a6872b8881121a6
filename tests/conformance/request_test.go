package conformance_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// request is one HTTP request, with a signature that nobody verifies.
type request struct {
	// method is POST unless given, and path "/".
	method, path    string
	service, region string
	header          map[string]string
	body            []byte
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send sends a request.
func (w *world) send(t *testing.T, r request) answer {
	t.Helper()
	if r.method == "" {
		r.method = http.MethodPost
	}
	at, err := url.Parse(w.url)
	require.NoError(t, err)
	at.Path = "/"
	if r.path != "" {
		at.Path = r.path
	}
	message, err := http.NewRequestWithContext(t.Context(), r.method, at.String(), bytes.NewReader(r.body))
	require.NoError(t, err)
	message.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/"+r.region+"/"+r.service+
		"/aws4_request, SignedHeaders=host, Signature=0")
	for name, value := range r.header {
		message.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(message)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return answer{status: response.StatusCode, header: response.Header, body: body}
}

// targets start the target headers of the services that speak AWS JSON, by their signing names.
var targets = map[string]string{
	"sagemaker": "SageMaker.", "application-autoscaling": "AnyScaleFrontendService.", "states": "AWSStepFunctions.",
}

// contentType is that of requests and answers of a service.
func contentType(service string) string {
	if service == "states" {
		return "application/x-amz-json-1.0"
	}
	return "application/x-amz-json-1.1"
}

// jsonRequest is a request of the AWS JSON protocols.
func jsonRequest(service, region, operation string, body []byte) request {
	return request{
		service: service, region: region, body: body, header: map[string]string{
			"Content-Type": contentType(service), "X-Amz-Target": targets[service] + operation,
		},
	}
}

// call sends a request of the AWS JSON protocols.
func (w *world) call(t *testing.T, service, region, operation string, body []byte) answer {
	t.Helper()
	return w.send(t, jsonRequest(service, region, operation, body))
}

// object reads a JSON object; numbers keep their digits.
func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.UseNumber()
	var content map[string]any
	require.NoError(t, decoder.Decode(&content), "%s", a.body)
	return content
}

// until sends a request until the answer contains something.
func (w *world) until(t *testing.T, contains string, r request) {
	t.Helper()
	var got answer
	for range patience {
		if got = w.send(t, r); bytes.Contains(got.body, []byte(contains)) {
			return
		}
		time.Sleep(pause)
	}
	require.Fail(t, "it did not happen", "wanted %s, got %s", contains, got.body)
}
