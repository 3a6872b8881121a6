package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"sagehost/examples/scoring/content"
	"sagehost/examples/scoring/linear"
)

// MaxPayload is how large the body of a request may be, in bytes. It is what a real-time endpoint passes on.
const MaxPayload = 6 << 20

// invoke answers the rows in a request with a model's predictions; without a model, that it is not ready.
func invoke(w http.ResponseWriter, r *http.Request, model *linear.Model) {
	if model == nil {
		refuse(w, http.StatusServiceUnavailable, errors.New("the model is not loaded yet"))
		return
	}
	input, known := content.Parse(r.Header.Get("Content-Type"))
	if !known {
		refuse(w, http.StatusUnsupportedMediaType, fmt.Errorf("cannot read %q, only %s, %s or %s",
			r.Header.Get("Content-Type"), content.CSV, content.JSON, content.Lines))
		return
	}
	output, allowed := content.Negotiate(r.Header.Get("Accept"), input)
	if !allowed {
		refuse(w, http.StatusNotAcceptable, fmt.Errorf("cannot answer as %q, only as %s, %s or %s",
			r.Header.Get("Accept"), content.CSV, content.JSON, content.Lines))
		return
	}
	body, ok := read(w, r)
	if !ok {
		return
	}
	rows, err := input.Decode(body, len(model.Features))
	if err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	predictions, err := model.Predict(rows)
	if err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	answer, err := output.Encode(predictions)
	if err != nil {
		refuse(w, http.StatusInternalServerError, err)
		return
	}
	send(w, http.StatusOK, string(output), answer)
}

// read reads the body of a request. Where it cannot, it answers the request itself.
func read(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxPayload))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		refuse(w, http.StatusRequestEntityTooLarge, fmt.Errorf("the body is larger than %d bytes", MaxPayload))
		return nil, false
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, fmt.Errorf("read the body: %w", err))
		return nil, false
	}
	return body, true
}

// refuse answers with an error.
func refuse(w http.ResponseWriter, status int, err error) {
	reply(w, status, map[string]string{"error": err.Error()})
}

// reply answers with a value as JSON.
func reply(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be written as JSON"}`)
	}
	send(w, status, string(content.JSON), append(body, '\n'))
}

// send writes a response whole. That a client no longer listens changes nothing for the server.
func send(w http.ResponseWriter, status int, mediaType string, body []byte) {
	w.Header().Set("Content-Type", mediaType)
	// The body may quote what the client sent: no browser may take it for a page.
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) //nolint:gosec // The media type is CSV or JSON and nosniff is set: nothing runs in it.
}
