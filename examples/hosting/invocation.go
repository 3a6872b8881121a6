package hosting

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"sagehost/examples/hosting/media"
)

// MaxPayload is how large the body of a request may be, in bytes. It is what a real-time endpoint passes on.
const MaxPayload = 6 << 20

// Invocation is a request for predictions, or for a step towards them.
type Invocation struct {
	// Body is written in the format Input, and the answer is to be written in the format Output.
	Input, Output media.Format
	Body          []byte
}

// ReadInvocation reads a request. Where a client leaves the format of the answer open, it is the fallback, or, if that
// is empty, the format of the request. A request that cannot be read it answers itself, and reports false.
func ReadInvocation(w http.ResponseWriter, r *http.Request, fallback media.Format) (Invocation, bool) {
	input, known := media.Parse(r.Header.Get("Content-Type"))
	if !known {
		Refuse(w, http.StatusUnsupportedMediaType, fmt.Errorf("cannot read %q, only %s, %s or %s",
			r.Header.Get("Content-Type"), media.CSV, media.JSON, media.Lines))
		return Invocation{}, false
	}
	if fallback == "" {
		fallback = input
	}
	output, allowed := media.Negotiate(r.Header.Get("Accept"), fallback)
	if !allowed {
		Refuse(w, http.StatusNotAcceptable, fmt.Errorf("cannot answer as %q, only as %s, %s or %s",
			r.Header.Get("Accept"), media.CSV, media.JSON, media.Lines))
		return Invocation{}, false
	}
	body, ok := ReadBody(w, r)
	return Invocation{Input: input, Output: output, Body: body}, ok
}

// ReadBody reads the body of a request. Where it cannot, it answers the request itself, and reports false.
func ReadBody(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxPayload))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		Refuse(w, http.StatusRequestEntityTooLarge, fmt.Errorf("the body is larger than %d bytes", MaxPayload))
		return nil, false
	}
	if err != nil {
		Refuse(w, http.StatusBadRequest, fmt.Errorf("read the body: %w", err))
		return nil, false
	}
	return body, true
}
