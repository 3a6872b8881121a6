package hosting

import (
	"encoding/json"
	"errors"
	"net/http"

	"sagehost/examples/hosting/media"
)

// Ping answers whether a container is ready: 200 if so, else 503.
func Ping(ready func() bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if !ready() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}
}

// RefuseUnready answers that the model is not loaded.
func RefuseUnready(w http.ResponseWriter) {
	Refuse(w, http.StatusServiceUnavailable, errors.New("the model is not loaded yet"))
}

// Refuse answers with an error.
func Refuse(w http.ResponseWriter, status int, err error) {
	Reply(w, status, map[string]string{"error": err.Error()})
}

// Reply answers with a value as JSON.
func Reply(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be written as JSON"}`)
	}
	Send(w, status, media.JSON, append(body, '\n'))
}

// Send writes a response whole. That a client no longer listens changes nothing for the server.
func Send(w http.ResponseWriter, status int, format media.Format, body []byte) {
	w.Header().Set("Content-Type", string(format))
	// The body may quote what the client sent: no browser may take it for a page.
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
