package runtime

import (
	"context"

	"sagehost/localaws/containers/serving"
)

// Endpoints is what the control plane tells of its endpoints.
type Endpoints interface {
	// Serving finds what answers for an endpoint now; ok is false when there is none in service.
	Serving(region, name string) (endpoint *Endpoint, ok bool)
	// All lists what is in service in all regions.
	All() []*Endpoint
}

// Fleet answers requests with the containers of one variant. *serving.Fleet is one.
type Fleet interface {
	// Invoke returns a *serving.ModelError for what a container said or left unsaid, and a *serving.Refusal for a
	// request that no container was asked about. The end of the context ends it, and the reading of the response.
	Invoke(ctx context.Context, request *serving.Request) (*serving.Response, error)
}

// Endpoint is an endpoint at one moment. It never changes.
type Endpoint struct {
	Region string
	Name   string
	// Variants are the production variants.
	Variants []*Variant
	// Shadow gets copies of requests; nil when there is none. Its Weight, divided by the weights of the production
	// variants, is the share of the requests that are copied.
	Shadow *Variant
	// Capture is nil when data capture is off.
	Capture *Capture
	// Async is nil for endpoints that answer at once.
	Async *Async
	// MultiModel says that requests must name the model that is meant.
	MultiModel bool
	// Direct says that requests must name the container that is meant.
	Direct bool
}

// Variant is a variant of an endpoint at one moment.
type Variant struct {
	Name string
	// Config is the name of the endpoint configuration, set only while an update shifts traffic: metrics are then
	// published a second time with it as a further dimension.
	Config string
	// Weight is the variant's part of the traffic, relative to the sum of all weights; 0 and above.
	Weight float64
	// Instances is how many instances answer; 0 for serverless variants and for those scaled to zero.
	Instances int
	// Serverless is nil for variants on instances.
	Serverless *Serverless
	// Fleet is nil while nothing can answer, as for a variant without instances.
	Fleet Fleet
	// Load belongs to the fleet and lives as long as it.
	Load *Load
}

// Serverless is the configuration of a serverless variant.
type Serverless struct {
	// MaxConcurrency is how many requests may be under way at once; 1 to 200.
	MaxConcurrency int
	// ProvisionedConcurrency is how many of them find a warm container; 0 when none is provisioned.
	ProvisionedConcurrency int
	// MemoryMB is 1024 to 6144.
	MemoryMB int
}

// Capture is the data capture of an endpoint.
type Capture struct {
	// Destination is an s3:// prefix.
	Destination string
	// Percentage is the share of the requests that are captured, 0 to 100.
	Percentage int
	// Input and Output say which sides are captured.
	Input, Output bool
	// CSVTypes and JSONTypes are the content types that are written as text; others are written in base 64.
	CSVTypes, JSONTypes []string
	// KMSKey encrypts the captured data; empty leaves that to the bucket.
	KMSKey string
}

// Async is the configuration of an asynchronous endpoint.
type Async struct {
	// OutputPath is the s3:// prefix for answers; when it is empty, answers are only sent to SuccessTopic.
	OutputPath string
	// FailurePath is the s3:// prefix for failures; when it is empty, they are not written.
	FailurePath string
	// KMSKey encrypts what is written; empty leaves that to the bucket.
	KMSKey string
	// SuccessTopic and ErrorTopic are ARNs of SNS topics; empty for none.
	SuccessTopic, ErrorTopic string
	// IncludeResponseIn lists the topics whose messages carry answers of up to 128 KB: IncludeInSuccess,
	// IncludeInError.
	IncludeResponseIn []string
	// MaxConcurrent is how many requests an instance works on at once, 1 to 1000; 0 means 4. SageMaker chooses a
	// number of its own there, which it does not document; 4 is what its examples set.
	MaxConcurrent int
}

// Values of Async.IncludeResponseIn.
const (
	IncludeInSuccess = "SUCCESS_NOTIFICATION_TOPIC"
	IncludeInError   = "ERROR_NOTIFICATION_TOPIC"
)

// instances is how many instances all variants have together.
func (e *Endpoint) instances() int {
	sum := 0
	for _, v := range e.Variants {
		sum += v.Instances
	}
	return sum
}
