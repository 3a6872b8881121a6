package batch

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"sagehost/components/internal/variables"
	"sagehost/kit/check"
	"sagehost/kit/limits"
	"sagehost/kit/secrets"
)

// Limits that the service model does not name, but the documentation of its operations does (SageMaker API reference,
// TransformResources and CreateTransformJob), and the longest execution of AWS Step Functions.
const (
	maxInstances = 100
	maxPayload   = 100
	maxRetries   = 3
	maxExecution = 365 * 24 * time.Hour
)

// Surroundings are what a batch must know of what it belongs to.
type Surroundings struct {
	// Name is what the state machine is called; empty where it is not known.
	Name string
	// Model is what the batch must know of its model.
	Model ModelTraits
	// OwnBuckets begins the names of the stack's own buckets for batch data; empty where it is not known.
	OwnBuckets string
}

// ModelTraits is what a batch must know of a model, because SageMaker does not transform with every model.
type ModelTraits struct {
	// MultiModel says that a container loads its archives on demand.
	MultiModel bool
	// Uncompressed says that a container's data is files under a prefix, in place of an archive.
	Uncompressed bool
	// Direct says that each container of a pipeline answers for itself.
	Direct bool
}

// Check reports what is wrong.
func (s *Spec) Check(at check.At, around Surroundings) {
	s.checkName(at, around.Name)
	checkModel(at.Key("model"), around.Model)
	s.checkInstances(at)
	s.checkValues(at)
	s.checkNumbers(at)
	s.checkInput(at.Key("input"), around.OwnBuckets)
	s.checkEnvironment(at.Key("environment"))
	variables.CheckNotSecret(at.Key("notSecret"), s.NotSecret, s.Environment)
	s.checkExclusions(at)
	s.checkTrigger(at)
}

// checkModel reports models that SageMaker hosts and does not transform with: a transform job names neither one of many
// models nor one of several containers, and takes no ModelDataSource (API reference, ContainerDefinition).
func checkModel(at check.At, model ModelTraits) {
	for _, row := range []struct {
		given bool
		what  string
	}{
		{model.MultiModel, "a container of many models"},
		{model.Uncompressed, "model data that is not compressed"},
		{model.Direct, "a pipeline whose containers answer for themselves"},
	} {
		if row.given {
			at.Addf("is %s, with which SageMaker makes no batch transform", row.what)
		}
	}
}

func (s *Spec) checkInstances(at check.At) {
	kind := at.Key("instanceType")
	switch {
	case !kind.Required(string(s.InstanceType)), s.InstanceType.IsTransform():
	case s.InstanceType.IsHosting():
		kind.Addf("%q is for endpoints only; transform jobs do not run on it", s.InstanceType)
	default:
		kind.Addf("%q is not an instance type for transform jobs%s", s.InstanceType,
			check.DidYouMean(string(s.InstanceType), limits.TransformInstanceTypes()))
	}
	check.Between(at.Key("instanceCount"), s.instances(), 1, maxInstances)
}

// checkValues reports what is none of a few values, or has not the form of what it stands for.
func (s *Spec) checkValues(at check.At) {
	for _, row := range []struct {
		key, value string
		allowed    []string
	}{
		{"compressionType", s.CompressionType, []string{none, "Gzip"}},
		{"splitType", s.SplitType, limits.Enum("SplitType")},
		{"strategy", s.Strategy, limits.Enum("BatchStrategy")},
		{"assembleWith", s.AssembleWith, limits.Enum("AssemblyType")},
		{"joinSource", s.JoinSource, limits.Enum("JoinSource")},
	} {
		if row.value != "" && !slices.Contains(row.allowed, row.value) {
			at.Key(row.key).Addf("%q is none of %s", row.value, strings.Join(row.allowed, ", "))
		}
	}
	contentType.check(at.Key("contentType"), s.ContentType)
	contentType.check(at.Key("accept"), s.Accept)
	filter.check(at.Key("inputFilter"), s.InputFilter)
	filter.check(at.Key("outputFilter"), s.OutputFilter)
	suffix.check(at.Key("arrivalSuffix"), s.ArrivalSuffix)
}

func (s *Spec) checkNumbers(at check.At) {
	for _, row := range []struct {
		key       string
		value     *int
		low, high int
	}{
		{"maxPayloadMb", s.MaxPayloadMB, 0, maxPayload},
		{"maxConcurrentTransforms", s.MaxConcurrentTransforms, 1, maxPayload},
		{"invocationsMaxRetries", s.InvocationsMaxRetries, 0, maxRetries},
	} {
		if row.value != nil {
			check.Between(at.Key(row.key), *row.value, row.low, row.high)
		}
	}
	if s.InvocationsTimeout != nil {
		at.Key("invocationsTimeout").Seconds(*s.InvocationsTimeout, time.Second, time.Hour)
	}
	if s.Timeout != nil {
		at.Key("timeout").Seconds(*s.Timeout, time.Minute, maxExecution)
	}
	payload, n := s.payload(), check.ValueOr(s.MaxConcurrentTransforms, 1)
	if payload > maxPayload || n > maxPayload { // has been reported
		return
	}
	if product := n * payload; product > maxPayload {
		size := strconv.Itoa(payload)
		if s.MaxPayloadMB == nil {
			size += ", its default,"
		}
		at.Key("maxConcurrentTransforms").Addf("%d requests of maxPayloadMb %s are %d MB at a time; at most %d are allowed",
			n, size, product, maxPayload)
	}
}

func (s *Spec) checkEnvironment(at check.At) {
	_, most, _ := limits.Range("TransformEnvironmentMap")
	if n := len(s.Environment); n > int(most) {
		at.Addf("has %d entries; at most %v are allowed", n, most)
	}
	_, longest, _ := limits.Range("TransformEnvironmentValue")
	variables.Check(at, s.Environment, int(longest), s.NotSecret)
	for key, value := range s.Environment {
		if secrets.ARN.MatchString(value) {
			at.Key(key).Addf("names a secret, which the model's role may read only if the model's environment names it, too")
		}
	}
}
