package alarms

import "time"

// Default thresholds: what would wake somebody up. They are starting points, to be replaced by what your model does.
const (
	DefaultErrorRate5XX      = 0.01
	DefaultErrorRate4XX      = 0.05
	DefaultModelLatency      = time.Second
	DefaultOverheadLatency   = 200 * time.Millisecond
	DefaultCPUUtilization    = 85.0
	DefaultMemoryUtilization = 85.0
	// DefaultDiskUtilization is where SageMaker stops capturing data (developer guide, data capture).
	DefaultDiskUtilization = 75.0

	DefaultContainerLatency = 500 * time.Millisecond

	DefaultModelCacheHit    = 0.5
	DefaultModelLoadingWait = 5 * time.Second
	DefaultModelUnloads     = 10

	// DefaultServerlessOverheadLatency is for a mean of requests of which some meet a cold start, which SageMaker counts
	// as overhead.
	DefaultServerlessOverheadLatency         = 5 * time.Second
	DefaultConcurrencyUtilization            = 0.9
	DefaultProvisionedConcurrencyUtilization = 0.95
	DefaultSpillover                         = 10 * time.Minute

	// DefaultOldestRequest is twice the time that an asynchronous request may run unless it says otherwise.
	DefaultOldestRequest = 30 * time.Minute
	// DefaultBacklogWithoutCapacity is some minutes more than the first instance takes to start.
	DefaultBacklogWithoutCapacity = 15 * time.Minute
	DefaultExpiredRequests        = 0
	DefaultFailedRequests         = 0
)

// Limits above which an alarm could never go off.
const (
	// maxLatency is SageMaker's limit for an invocation that is waited for.
	maxLatency = 60 * time.Second
	// maxAsynchronousLatency is its limit for one that is not.
	maxAsynchronousLatency = time.Hour
	// maxAge is its limit for the time to live of an asynchronous request.
	maxAge = 6 * time.Hour
)

// Thresholds below which an alarm could only ever ring: no container answers faster, and ages are in whole seconds.
const (
	minLatency = 100 * time.Microsecond
	minAge     = time.Second
)

// How far alarms can look back (CloudWatch API reference, PutMetricAlarm): a day in periods of less than an hour, and
// seven days in longer ones.
const (
	maxRange       = 24 * time.Hour
	maxHourlyRange = 7 * 24 * time.Hour
)

// Spec is what a user decides about the alarms of an endpoint: the thresholds at which they go off. A threshold for
// which no variant of the endpoint has a metric is refused.
type Spec struct {
	// ErrorRate5XX is the share of invocations answered with a server error. Range: above 0, below 1. Default: 0.01.
	ErrorRate5XX *float64 `json:"errorRate5xx"`
	// ErrorRate4XX is the share of invocations answered with a client error. Range: above 0, below 1. Default: 0.05.
	ErrorRate4XX *float64 `json:"errorRate4xx"`
	// ModelLatency is the mean time the container takes. Range: 100µs and above, below 60s; on asynchronous
	// endpoints below 1h. Default: 1s; on asynchronous endpoints no alarm.
	ModelLatency *time.Duration `json:"modelLatency"`
	// OverheadLatency is the mean time SageMaker adds, of which there is no metric on asynchronous endpoints. Range:
	// 100µs and above, below 60s. Default: 200ms; 5s for serverless variants, whose cold starts count.
	OverheadLatency *time.Duration `json:"overheadLatency"`
	// CPUUtilization is the mean use of all the instance's virtual CPUs together, in percent; it is multiplied by their
	// number, because SageMaker counts each as 100. Range: above 0, below 100. Default: 85.
	CPUUtilization *float64 `json:"cpuUtilization"`
	// MemoryUtilization is the use of memory on the fullest instance, in percent. Range: above 0, below 100. Default:
	// 85.
	MemoryUtilization *float64 `json:"memoryUtilization"`
	// DiskUtilization is the use of disk on the fullest instance, in percent. Range: above 0, below 100. Default: 75,
	// where SageMaker stops capturing data.
	DiskUtilization *float64 `json:"diskUtilization"`

	// ContainerLatency is the mean time that any one container of a pipeline takes. Range: 100µs and above, below
	// 60s. Default: 500ms.
	ContainerLatency *time.Duration `json:"containerLatency"`

	// ModelCacheHit is the share of invocations of a multi-model variant that find their model loaded; the alarm goes off
	// below it. Range: above 0, at most 1. Default: 0.5.
	ModelCacheHit *float64 `json:"modelCacheHit"`
	// ModelLoadingWait is the mean time that an invocation of a multi-model variant waits for its model to be loaded.
	// Range: 100µs and above, below 60s. Default: 5s.
	ModelLoadingWait *time.Duration `json:"modelLoadingWait"`
	// ModelUnloads is how many models a minute a multi-model variant throws out of memory to make room for others.
	// Range: 0 and above, in 32 bits. Default: 10.
	ModelUnloads *int `json:"modelUnloads"`

	// ConcurrencyUtilization is the share of a serverless variant's maxConcurrency in use: at 1, requests are refused.
	// Range: above 0, below 1. Default: 0.9.
	ConcurrencyUtilization *float64 `json:"concurrencyUtilization"`
	// ProvisionedConcurrencyUtilization is the share of a serverless variant's provisioned concurrency in use. Range:
	// above 0, below 1. Default: 0.95.
	ProvisionedConcurrencyUtilization *float64 `json:"provisionedConcurrencyUtilization"`
	// Spillover is how long there may be requests in every minute that find all provisioned concurrency in use, and so
	// may meet a cold start. Range: 1m to 24h, whole minutes. Default: 10m.
	Spillover *time.Duration `json:"spillover"`

	// OldestRequest is the age of the oldest request at an asynchronous endpoint. Range: 1s and above, below 6h, after
	// which requests expire. Default: 30m.
	OldestRequest *time.Duration `json:"oldestRequest"`
	// BacklogWithoutCapacity is how long requests may wait at an asynchronous endpoint that has no instance. Range: 1m to
	// 24h, whole minutes. Default: 15m.
	BacklogWithoutCapacity *time.Duration `json:"backlogWithoutCapacity"`
	// ExpiredRequests is how many asynchronous requests a minute may be lost because their time to live is over. Range: 0
	// and above, in 32 bits. Default: 0.
	ExpiredRequests *int `json:"expiredRequests"`
	// FailedRequests is how many asynchronous requests a minute may fail, for whatever reason. Range: 0 and above, in
	// 32 bits. Default: 0.
	FailedRequests *int `json:"failedRequests"`

	// Idle is how long a variant may be without requests before an alarm suggests to remove it. One that has not had any
	// since it was created counts as idle from the start. Range: 1h to 168h, whole hours. Default: no alarm.
	Idle *time.Duration `json:"idle"`
}
