package localaws

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"sagehost/localaws/world/clock"
)

// clockHandler shows the clock, and sets its speed: PUT /_local/clock {"speed": 60}, or {"speed": 60, "for": "1h"}.
type clockHandler struct{ clock *clock.Clock }

// clockState is what clients see of a clock.
type clockState struct {
	Now time.Time `json:"now"`
	// Speed is how many seconds pass in one of the world's.
	Speed float64 `json:"speed"`
}

// ServeHTTP answers one request.
func (c clockHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
	case http.MethodPut:
		var wanted struct {
			Speed float64
			// For is a span of the clock, after which it runs as fast as the world's again; empty is for ever.
			For string
		}
		decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&wanted); err != nil {
			http.Error(w, "the body is not a JSON object with a speed", http.StatusBadRequest)
			return
		}
		span, err := time.ParseDuration(cmp.Or(wanted.For, "0s"))
		if err != nil {
			http.Error(w, fmt.Sprintf("%q is no span of time; expected one like 1h30m", wanted.For), http.StatusBadRequest)
			return
		}
		if err := c.clock.SetSpeedFor(wanted.Speed, span); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	default:
		http.Error(w, fmt.Sprintf("method %s is not allowed; GET and PUT are", r.Method), http.StatusMethodNotAllowed)
		return
	}
	writeJSON(w, clockState{Now: c.clock.Now().UTC(), Speed: c.clock.Speed()})
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	// A client that has gone needs no answer.
	_ = json.NewEncoder(w).Encode(value)
}
