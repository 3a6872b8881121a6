// Package admission decides which requests the local AWS answers: those of programs on this machine, never those of a
// web page that its user has open. Signatures are not verified, so nothing else tells the two apart.
package admission

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"strings"
	"time"
)

// Options says what is admitted.
type Options struct {
	// Addr is the loopback address that clients connect to, with its port.
	Addr string
	// Log gets a line for each request that is refused, or that ends because its body does not arrive.
	Log io.Writer
}

// gate stands before all services.
type gate struct {
	Options
	next http.Handler
	port string
	// patience is how long a body may keep us waiting at its start.
	patience time.Duration
}

// Wrap puts the gate before a handler.
func Wrap(next http.Handler, options Options) http.Handler { return newGate(next, options) }

func newGate(next http.Handler, options Options) *gate {
	// Without a port, nothing is admitted.
	_, port, _ := net.SplitHostPort(options.Addr)
	return &gate{Options: options, next: next, port: port, patience: bodyPatience}
}

// Headers that only browsers send. No page can leave them out or forge them (Fetch Standard, "forbidden
// request-header").
const (
	originHeader    = "Origin"
	siteHeader      = "Sec-Fetch-Site"
	preflightHeader = "Access-Control-Request-Method"
)

// ServeHTTP hands an admitted request on, with a bound on how long its body may take.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	served, end := g.bound(w, r)
	defer end()
	reason := g.refusal(r)
	if reason == "" {
		if r.Header.Get(siteHeader) != "" {
			// A browser that was led here by its user. What it shows, such as an object of a bucket, must not ask for more
			// in the name of this address.
			w.Header().Set("Content-Security-Policy", "sandbox")
		}
		g.next.ServeHTTP(w, served)
		return
	}
	_, _ = fmt.Fprintf(g.Log, "gateway: refused %s %s: %s\n", shorten(r.Method), shorten(r.RequestURI), reason)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.WriteString(w, g.answer())
}

// answer is what a refused client reads. It says the same to everybody: the log has the reason.
func (g *gate) answer() string {
	return "This local AWS answers programs on this machine at http://" + g.Addr +
		", and no web page. Its log says why this request was refused.\n"
}

// refusal is why a request is not answered; empty when it is.
func (g *gate) refusal(r *http.Request) string {
	if !isLoopback(r.Host, g.port) {
		return fmt.Sprintf("Host %s is not a loopback address with port %s", shorten(r.Host), g.port)
	}
	if values, sent := r.Header[originHeader]; sent {
		return "a web page asks, Origin " + shorten(strings.Join(values, ", "))
	}
	for _, site := range r.Header[siteHeader] {
		if site != "same-origin" && site != "none" {
			return "a web page asks, Sec-Fetch-Site " + shorten(site)
		}
	}
	// No API of AWS uses the method, except Amazon S3 for browsers.
	if r.Method == http.MethodOptions || r.Header.Get(preflightHeader) != "" {
		return "preflights are not answered"
	}
	if !strings.HasPrefix(r.URL.Path, "/") || r.URL.Opaque != "" {
		return "its target is not a path"
	}
	if isEmulatorAPI(r.URL.Path) {
		return "the API of the emulator is not for clients"
	}
	return ""
}

// isEmulatorAPI reports whether moto takes a path for its own API, which can empty it. It goes by the start of the
// path, and its server makes one slash of several.
func isEmulatorAPI(decoded string) bool {
	for _, spelling := range []string{strings.TrimLeft(decoded, "/"), path.Clean(decoded)[1:]} {
		if strings.HasPrefix(strings.ToLower(spelling), "moto-api") {
			return true
		}
	}
	return false
}

// logged is how much of what a client sent is written to the log.
const logged = 200

// shorten makes one line of what a client sent.
func shorten(text string) string {
	if len(text) > logged {
		return fmt.Sprintf("%q...", text[:logged])
	}
	return fmt.Sprintf("%q", text)
}
