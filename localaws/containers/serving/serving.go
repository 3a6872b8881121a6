// Package serving runs the containers of SageMaker models as local processes and sends requests to them.
package serving

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"sagehost/localaws/containers/serving/archive"
)

// Container is one container of a model, as CreateModel describes it.
type Container struct {
	Image string
	// Hostname names the container in a pipeline; "container-1" and so on where the model gives none.
	Hostname string
	// ModelData is the S3 URI, in the form that the model gives, of an archive (.tar.gz), or of a prefix when Uncompressed
	// or MultiModel is set; empty when the model is part of the image.
	ModelData    string
	Uncompressed bool
	Environment  map[string]string
	// MultiModel says that models are loaded on first use from under ModelData.
	MultiModel bool
	// CacheDisabled says that a multi-model container keeps no model after its request.
	CacheDisabled bool
}

// Spec is a model to be served.
type Spec struct {
	Region string
	// Name tells the fleets apart in logs and folders, such as "flowers-dev/main".
	Name string
	// LogGroup and LogStream are where CloudWatch Logs has what the containers print. Of several containers, each has a
	// stream of its own below it.
	LogGroup, LogStream string
	// RoleARN is named in the reasons of failures.
	RoleARN    string
	Containers []Container
	// Direct says that requests go to one container instead of through all in turn.
	Direct bool
	// DownloadTimeout bounds fetching the model data; 0 means SageMaker's default.
	DownloadTimeout time.Duration
	// HealthTimeout bounds the wait for the first good answer to a ping; 0 means SageMaker's default.
	HealthTimeout time.Duration
	// VolumeBytes is what the disk for model data holds; 0 means DefaultVolumeGB.
	VolumeBytes int64
}

// DefaultVolumeGB is the size of a volume for which none is asked: what the developer guide names as too small for
// larger models, under "SageMaker AI endpoint parameters for large model inference".
const DefaultVolumeGB = 30

func (s Spec) volume() int64 { return cmp.Or(s.VolumeBytes, DefaultVolumeGB<<30) }

// full says that model data does not fit on the disk. The words of AWS are not known.
func (s Spec) full() string {
	return fmt.Sprintf("%v, which holds %.4g GB", archive.ErrNoSpace, float64(s.volume())/(1<<30))
}

// Request is an invocation.
type Request struct {
	ContentType      string
	Accept           string
	CustomAttributes string
	InferenceID      string
	// SessionID is a session of the model, or asks for one.
	SessionID string
	// TargetModel is the archive, relative to the prefix, that a multi-model container answers with.
	TargetModel string
	// TargetContainer is the hostname of the container that a direct invocation is for.
	TargetContainer string
	Body            io.Reader
	// Size is the length of Body in bytes; -1 when it is not known.
	Size int64
}

// Response is a container's answer. Its status is below 400.
type Response struct {
	ContentType      string
	CustomAttributes string
	// NewSession and ClosedSession are the sessions that the model has made, with their end, and closed.
	NewSession, ClosedSession string
	// Body is read and closed by the caller.
	Body io.ReadCloser
	// Latencies is how long each container took to answer, in the order of the containers.
	Latencies []Latency
}

// Latency is how long a container took.
type Latency struct {
	Hostname string
	Took     time.Duration
}

// ModelError is a container's answer with a status of 400 and above, or none at all.
type ModelError struct {
	// Hostname is the container's.
	Hostname string
	// Status is the container's; 0 when it gave no answer.
	Status int
	// Message is what the container said, or why it said nothing.
	Message string
}

// Error is the message.
func (e *ModelError) Error() string { return e.Message }

// FailedStart is why a fleet could not start, in the words that SageMaker uses for FailureReason.
type FailedStart struct{ Reason string }

// Error is the reason.
func (e *FailedStart) Error() string { return e.Reason }

// Refusal is a request that no container was asked about, such as one for a model that is not there.
type Refusal struct {
	// Code is the runtime API's, such as "ValidationError" or "ModelNotReadyException".
	Code    string
	Message string
}

// Error is the message.
func (e *Refusal) Error() string { return e.Message }
