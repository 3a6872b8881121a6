package localaws

import "net/http"

// health is the answer of GET /_local/health.
type health struct {
	// PID is the process that the gateway runs in.
	PID      int             `json:"pid"`
	Services []serviceHealth `json:"services"`
}

// serviceHealth is one of the programs behind the gateway.
type serviceHealth struct {
	Name string `json:"name"`
	// Version is the version of the API that a fake speaks.
	Version string `json:"version,omitempty"`
	// PID is that of a service in a process of its own.
	PID int `json:"pid,omitempty"`
}

// ServeHTTP writes the health as JSON.
func (h health) ServeHTTP(w http.ResponseWriter, _ *http.Request) { writeJSON(w, h) }
