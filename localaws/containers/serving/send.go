package serving

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
)

// Headers of SageMaker's runtime API that are passed on to containers and back, as net/http spells them.
const (
	contentType      = "Content-Type"
	accept           = "Accept"
	customAttributes = "X-Amzn-Sagemaker-Custom-Attributes"
	inferenceID      = "X-Amzn-Sagemaker-Inference-Id"
	targetModel      = "X-Amzn-Sagemaker-Target-Model"
	sessionID        = "X-Amzn-Sagemaker-Session-Id"
	newSessionID     = "X-Amzn-Sagemaker-New-Session-Id"
	closedSessionID  = "X-Amzn-Sagemaker-Closed-Session-Id"
)

// endpoint is where a run of a container takes requests.
type endpoint struct {
	host string
	path *url.URL
}

func newEndpoint(port string) endpoint {
	host := net.JoinHostPort(loopback, port)
	return endpoint{host: host, path: &url.URL{Scheme: "http", Host: host, Path: "/invocations"}}
}

// at is another path of the same container.
func (e endpoint) at(path string) endpoint {
	return endpoint{host: e.host, path: &url.URL{Scheme: "http", Host: e.host, Path: path}}
}

// headers are those of a request that are not empty.
func headers(r *Request) http.Header {
	pairs := [...][2]string{
		{contentType, r.ContentType},
		{accept, r.Accept},
		{customAttributes, r.CustomAttributes},
		{inferenceID, r.InferenceID},
		{targetModel, r.TargetModel},
		{sessionID, r.SessionID},
	}
	values := make([]string, len(pairs))
	header := make(http.Header, len(pairs))
	for i, pair := range pairs {
		if pair[1] != "" {
			values[i] = pair[1]
			header[pair[0]] = values[i : i+1 : i+1]
		}
	}
	return header
}

// send sends a request to a container. It neither follows redirects nor tries again.
func send(ctx context.Context, to http.RoundTripper, method string, e endpoint, header http.Header,
	body io.Reader, size int64,
) (*http.Response, error) {
	request := &http.Request{
		Method: method, URL: e.path, Host: e.host, Header: header, ContentLength: size,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	switch content := body.(type) {
	case nil:
	case *bytes.Reader:
		// With it the transport can use another connection when the container has just closed the one it took.
		whole := *content
		request.Body = io.NopCloser(content)
		request.GetBody = func() (io.ReadCloser, error) {
			again := whole
			return io.NopCloser(&again), nil
		}
	default:
		request.Body = io.NopCloser(body)
	}
	if size == 0 {
		request.Body = http.NoBody
	}
	return to.RoundTrip(request.WithContext(ctx))
}

// held is a body that lets something go when it is closed.
type held struct {
	io.ReadCloser
	letGo func()
	done  atomic.Bool
}

// Close closes the body. What is held is let go once.
func (h *held) Close() error {
	err := h.ReadCloser.Close()
	if !h.done.Swap(true) {
		h.letGo()
	}
	return err
}
