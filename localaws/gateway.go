package localaws

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// gateway sends each request to the service that it is meant for.
type gateway struct {
	routes []route
	// invocations serves what is asked of endpoints themselves.
	invocations http.Handler
	// local serves the paths below /_local/.
	local http.Handler
	// other serves everything else.
	other http.Handler
}

// route is a service that has a fake.
type route struct {
	// service is the name that requests are signed for.
	service string
	// target starts the target header of its requests.
	target  string
	handler http.Handler
}

// ServeHTTP answers one request.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_local/") {
		g.local.ServeHTTP(w, r)
		return
	}
	g.route(r).ServeHTTP(w, r)
}

// route finds the service by the signature's scope and the target header. Without a signature the header decides.
// Invocations have a path of their own, which in Amazon S3 could be an object's: there the signature decides.
func (g *gateway) route(r *http.Request) http.Handler {
	signed, target := protocol.ScopeOf(r), r.Header.Get(awsjson.TargetHeader)
	if strings.HasPrefix(r.URL.Path, "/endpoints/") && (signed.Service == "sagemaker" || signed.Service == "") {
		return g.invocations
	}
	if signed.Presigned || r.Method != http.MethodPost {
		return g.other
	}
	for _, candidate := range g.routes {
		meant := signed.Service == "" || signed.Service == candidate.service
		if meant && strings.HasPrefix(target, candidate.target) {
			return candidate.handler
		}
	}
	return g.other
}

// knowsOperation puts AWS's words in the place of the page with which moto answers operations that it does not know.
func knowsOperation(answer *http.Response) error {
	page := strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html")
	if answer.Request.Header.Get(awsjson.TargetHeader) == "" || !page || answer.StatusCode < http.StatusBadRequest {
		return nil
	}
	_ = answer.Body.Close()
	body := `{"__type":"UnknownOperationException"}`
	answer.StatusCode, answer.Status = http.StatusBadRequest, ""
	answer.Body, answer.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	answer.Header.Set("Content-Type", "application/x-amz-json-1.1")
	answer.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// newProxy hands requests on as they came. The host stays, because moto reads bucket names out of it.
func newProxy(upstream *url.URL, transport http.RoundTripper, output io.Writer) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(upstream)
			r.Out.Host = r.In.Host
			// The proxy drops parameters that it cannot parse; whether they are wrong is for moto to say.
			r.Out.URL.RawQuery = r.In.URL.RawQuery
		},
		Transport:      transport,
		ModifyResponse: knowsOperation,
		ErrorLog:       slog.NewLogLogger(slog.NewTextHandler(output, nil), slog.LevelError),
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			_, _ = fmt.Fprintf(output, "gateway: %s %s: %v\n", r.Method, r.URL.Path, err)
			http.Error(w, "the emulator behind the gateway did not answer", http.StatusBadGateway)
		},
	}
}
