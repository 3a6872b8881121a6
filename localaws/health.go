package localaws

import (
	"maps"
	"net/http"
	"os"
	"slices"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/autoscaling"
	"sagehost/localaws/services/sagemaker"
	"sagehost/localaws/services/stepfunctions"
)

// healthPath is where the local AWS says how it is.
const healthPath = "/_local/health"

// health is the answer of GET /_local/health.
type health struct {
	// PID is the process that the gateway runs in.
	PID int `json:"pid"`
	// Ending is why the local AWS is about to end by itself.
	Ending   string          `json:"ending,omitempty"`
	Services []serviceHealth `json:"services"`
}

// serviceHealth is one of the programs behind the gateway.
type serviceHealth struct {
	Name string `json:"name"`
	// Version is the version of the API that a fake speaks.
	Version string `json:"version,omitempty"`
	// Operations are those that a fake answers, sorted. All others of its API are moto's, if moto has them.
	Operations []string `json:"operations,omitempty"`
	// PID is that of a service in a process of its own.
	PID int `json:"pid,omitempty"`
}

// ServeHTTP writes the health as JSON.
func (h health) ServeHTTP(w http.ResponseWriter, _ *http.Request) { writeJSON(w, h) }

// health describes the services, and the emulator whose process this is.
func (s *services) health(emulator int) health {
	fake := func(name, version string, service *awsjson.Service) serviceHealth {
		return serviceHealth{Name: name, Version: version, Operations: slices.Sorted(maps.Keys(service.Operations))}
	}
	return health{PID: os.Getpid(), Services: []serviceHealth{
		fake("sagemaker", sagemaker.APIVersion, &s.hosting.Service),
		fake("application-autoscaling", autoscaling.APIVersion, &s.scaling.Service),
		fake("states", stepfunctions.APIVersion, &s.workflows.Service),
		{Name: "moto", PID: emulator},
	}}
}
