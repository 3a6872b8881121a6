package faults

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/world/clock"
)

// elsewhere is the status of next, which no fault answers with.
const elsewhere = http.StatusTeapot

var next = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(elsewhere) })

func newFaults() *Faults {
	return New(Options{Clock: clock.New(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)), Log: io.Discard})
}

// set is faults with the given rules, in their order.
func set(t *testing.T, rules ...Rule) *Faults {
	t.Helper()
	f := newFaults()
	for i, rule := range rules {
		require.NoError(t, f.Set(string(rune('a'+i)), rule))
	}
	return f
}

func signed(method, target, service, body string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "127.0.0.1:4566"
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/"+service+
		"/aws4_request, SignedHeaders=host, Signature=0")
	return r
}

func jsonCall(operation, body string) *http.Request {
	r := signed(http.MethodPost, "/", "sagemaker", body)
	r.Header.Set("X-Amz-Target", "SageMaker."+operation)
	return r
}

func formCall(service, body string) *http.Request {
	r := signed(http.MethodPost, "/", service, body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}

// status is what a request is answered with.
func (f *Faults) status(r *http.Request) int {
	w := httptest.NewRecorder()
	f.Wrap(next).ServeHTTP(w, r)
	return w.Code
}

// config makes clients of a server that try once.
func config(url string) aws.Config {
	return aws.Config{
		Region: "eu-central-1", BaseEndpoint: &url, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
}

// errSeen ends a call whose request was all that mattered.
var errSeen = errors.New("seen")

// recorder keeps a client's requests from being sent.
type recorder struct{ last *http.Request }

func (c *recorder) Do(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	c.last = r.Clone(r.Context())
	c.last.Host = r.URL.Host
	c.last.Body = io.NopCloser(bytes.NewReader(body))
	return nil, errSeen
}
