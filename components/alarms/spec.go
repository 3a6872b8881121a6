package alarms

import (
	"time"

	"sagehost/internal/check"
)

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
)

// maxLatency is SageMaker's limit for a real-time invocation: a latency alarm above it could never fire.
const maxLatency = 60 * time.Second

// Spec is what a user decides about the alarms of an endpoint: the thresholds above which they go off.
type Spec struct {
	// ErrorRate5XX is the share of invocations answered with a server error. Range: above 0, below 1. Default: 0.01.
	ErrorRate5XX *float64 `json:"errorRate5xx"`
	// ErrorRate4XX is the share of invocations answered with a client error. Range: above 0, below 1. Default: 0.05.
	ErrorRate4XX *float64 `json:"errorRate4xx"`
	// ModelLatency is the mean time the container takes. Range: above 0s, below 60s. Default: 1s.
	ModelLatency *time.Duration `json:"modelLatency"`
	// OverheadLatency is the mean time SageMaker adds. Range: above 0s, below 60s. Default: 200ms.
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
}

// Check reports thresholds at which an alarm could never go off, or always would.
func (s *Spec) Check(at check.At) {
	for _, row := range []struct {
		key   string
		value *float64
		below float64
	}{
		{"errorRate5xx", s.ErrorRate5XX, 1},
		{"errorRate4xx", s.ErrorRate4XX, 1},
		{"cpuUtilization", s.CPUUtilization, 100},
		{"memoryUtilization", s.MemoryUtilization, 100},
		{"diskUtilization", s.DiskUtilization, 100},
	} {
		if row.value != nil && (*row.value <= 0 || *row.value >= row.below) {
			at.Key(row.key).Addf("%v is not above 0 and below %v", *row.value, row.below)
		}
	}
	for _, row := range []struct {
		key   string
		value *time.Duration
	}{
		{"modelLatency", s.ModelLatency},
		{"overheadLatency", s.OverheadLatency},
	} {
		if row.value != nil && (*row.value <= 0 || *row.value >= maxLatency) {
			at.Key(row.key).Addf("%s is not above 0s and below 60s", check.ShortSpan(*row.value))
		}
	}
}

// or is the value, or its default where there is none.
func or[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}
