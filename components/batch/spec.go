package batch

import (
	"time"

	"sagehost/kit/check"
	"sagehost/kit/limits"
	"sagehost/kit/s3uri"
)

// Defaults of a batch.
const (
	DefaultInstanceCount = 1
	// DefaultMaxPayloadMB, DefaultInvocationsTimeout and DefaultInvocationsMaxRetries are SageMaker's (API reference,
	// CreateTransformJob and ModelClientConfig).
	DefaultMaxPayloadMB          = 6
	DefaultInvocationsTimeout    = 10 * time.Minute
	DefaultInvocationsMaxRetries = 3
	DefaultTimeout               = 6 * time.Hour
)

// Spec is what a user decides about a batch: what is transformed, how, on what, and when.
type Spec struct {
	// InstanceType is the ML instance type, such as "ml.m5.large"; not every type for endpoints transforms. Required.
	InstanceType limits.InstanceType `json:"instanceType"`

	// InstanceCount is how many instances share the files of the input; one file goes to one instance. Range: 1 to 100.
	// Default: 1.
	InstanceCount *int `json:"instanceCount"`

	// Input is what is transformed: a bucket, everything beneath a prefix in Amazon S3, which ends in "/", or one object.
	// The names of the folders `runs` in the stack's own bucket are refused: a run would transform what runs before it
	// wrote.
	// Default: `<name>-<stack>/input/` in the stack's bucket for batch data.
	Input string `json:"input" aws:"batchData"`

	// ContentType is the MIME type of the input, at most 256 characters. Default: unset, containers are told none.
	ContentType string `json:"contentType"`

	// Accept is the MIME type of the predictions, at most 256 characters. Default: unset, the container decides.
	Accept string `json:"accept"`

	// CompressionType is how files of the input are compressed. Range: None, Gzip. Default: None.
	CompressionType string `json:"compressionType"`

	// SplitType is how files are split into records. Range: None, Line, RecordIO, TFRecord. Default: None, each file is
	// one request.
	SplitType string `json:"splitType"`

	// Strategy is how many records are in a request: as many as maxPayloadMb holds, or one. Only with a splitType.
	// Range: MultiRecord, SingleRecord. Default: MultiRecord where files are split.
	Strategy string `json:"strategy"`

	// AssembleWith "Line" ends each prediction with a line break. Only with a splitType. Range: None, Line.
	// Default: None, predictions stand one after another as the container writes them.
	AssembleWith string `json:"assembleWith"`

	// MaxPayloadMB is the most that a request holds, in MB; 0 streams requests of any length, which few containers
	// understand. Range: 0 to 100. Default: 6.
	MaxPayloadMB *int `json:"maxPayloadMb"`

	// MaxConcurrentTransforms is how many requests an instance gets at a time; times maxPayloadMb at most 100.
	// Range: 1 to 100. Default: unset, the container decides, or else 1.
	MaxConcurrentTransforms *int `json:"maxConcurrentTransforms"`

	// InvocationsTimeout bounds the time in which a container answers a request. Range: 1s to 1h, whole seconds.
	// Default: 10m.
	InvocationsTimeout *time.Duration `json:"invocationsTimeout"`

	// InvocationsMaxRetries is how often a request that failed is sent again. Range: 0 to 3. Default: 3.
	InvocationsMaxRetries *int `json:"invocationsMaxRetries"`

	// InputFilter is a JSONPath of at most 63 characters that selects what of each record the container gets, such as
	// "$[1:]". Default: unset, all of it.
	InputFilter string `json:"inputFilter"`

	// OutputFilter is a JSONPath of at most 63 characters that selects what of each result is kept, such as "$[0,-1]".
	// Default: unset, all of it.
	OutputFilter string `json:"outputFilter"`

	// JoinSource "Input" puts each record before its prediction. Range: None, Input. Default: None.
	JoinSource string `json:"joinSource"`

	// Environment is handed to the containers on top of the model's. At most 16 entries. Anyone who may describe the job
	// can read it, so what looks like a secret is refused unless notSecret lists it, and so are the ARNs of secrets: the
	// model's environment names the secrets that its role may read. Default: none.
	Environment map[string]string `json:"environment" aws:"environment"`

	// NotSecret are the names of variables of the environment that look like secrets and are none, so that they are not
	// refused. Reviews of pull requests show them. Only variables that look like secrets can be listed. Default: none.
	NotSecret []string `json:"notSecret"`

	// Timeout bounds a run as a whole, with all waiting for quotas and capacity; after it, the job is stopped.
	// Range: 1m to 8760h, whole seconds. Default: 6h.
	Timeout *time.Duration `json:"timeout"`

	// Schedule starts runs: "cron(minute hour day-of-month month day-of-week year)", of which one of the two days is "?",
	// "rate(n unit)", or a single one "at(yyyy-mm-ddThh:mm:ss)". Times that were over when this version came out are
	// refused. Not together with arrivals. Default: unset.
	Schedule string `json:"schedule"`

	// Timezone is the IANA name of the zone in which the schedule is read, such as "Europe/Berlin". What falls into the
	// hour that spring leaves out is left out. Default: UTC.
	Timezone string `json:"timezone"`

	// Arrivals starts a run for every file that arrives in the input. A bucket of another stack or team must be in this
	// account and region and send its events to Amazon EventBridge already. Default: false.
	Arrivals bool `json:"arrivals"`

	// ArrivalSuffix is how names of files end that start a run, such as ".csv". Only with arrivals, and not where input
	// is one object. Default: unset, all files do.
	ArrivalSuffix string `json:"arrivalSuffix"`

	// Paused keeps the schedule, or arrivals, from starting runs. Default: false.
	Paused bool `json:"paused"`

	// Alarms are the thresholds of the batch's alarms. Default: all defaults.
	Alarms AlarmsSpec `json:"alarms"`
}

// AlarmsSpec is what a user decides about the alarms of a batch.
type AlarmsSpec struct {
	// MissedAfter is how long the schedule may start no run before an alarm says that it is dead; runs by hand do not
	// count. Only with a schedule, and more than the longest time between two of its runs. Range: 2h to 168h, whole
	// hours, as far as CloudWatch looks back.
	// Default: the longest time between two runs and at least one hour more; no alarm where that is beyond the range.
	MissedAfter *time.Duration `json:"missedAfter"`
}

// readsObject reports whether the declared input is one object.
func (s *Spec) readsObject() bool {
	input, ok := s3uri.Parse(s.Input)
	return ok && !input.IsPrefix()
}

// instances is InstanceCount with its default.
func (s *Spec) instances() int { return check.ValueOr(s.InstanceCount, DefaultInstanceCount) }

// payload is MaxPayloadMB with its default.
func (s *Spec) payload() int { return check.ValueOr(s.MaxPayloadMB, DefaultMaxPayloadMB) }

// splits reports whether files are split into records.
func (s *Spec) splits() bool { return s.SplitType != "" && s.SplitType != none }

// Values of the API.
const (
	none        = "None"
	line        = "Line"
	inputSource = "Input"
	// everything is the JSONPath of a record as a whole.
	everything = "$"
)
