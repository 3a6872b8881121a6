package alarms

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The namespaces in which SageMaker publishes: what happens to invocations, and what happens on instances.
const (
	invocationMetrics = "AWS/SageMaker"
	instanceMetrics   = "/aws/sagemaker/Endpoints"
)

// Statistics of the values of a period.
const (
	average     = "Average"
	maximum     = "Maximum"
	sum         = "Sum"
	sampleCount = "SampleCount"
)

// period is the interval at which SageMaker publishes its metrics.
const period = time.Minute

// row is one alarm on one metric.
type row struct {
	key       string // ends the alarm's name
	setting   string // is the key of the threshold in Spec
	says      string // begins its description
	namespace string
	metric    string
	statistic string
	threshold float64 // in the metric's unit
	// The alarm goes off after so many periods beyond the threshold out of so many.
	datapoints, evaluations int

	// What follows is unset in most rows.

	// below says that the alarm goes off below the threshold, not above it.
	below bool
	// container is the container whose metric it is, and endpointWide says that the metric has no variant.
	container    string
	endpointWide bool
	// hourly says that the periods are hours, not minutes.
	hourly bool
	// silent says that silence is what the alarm is about. Otherwise silence is no alarm: without traffic, SageMaker
	// publishes nothing.
	silent bool
}

// rows are the alarms of a variant: those on the metrics that SageMaker publishes for what the variant is.
func rows(s *Spec, v *Variant) []row {
	var of [][]row
	switch {
	case v.Serverless != nil:
		of = [][]row{errorRows(s), latencyRows(s, DefaultServerlessOverheadLatency), serverlessRows(s, v.Serverless)}
	case v.Asynchronous:
		of = [][]row{errorRows(s), asynchronousRows(s), instanceRows(s, v)}
	default:
		of = [][]row{
			errorRows(s), latencyRows(s, DefaultOverheadLatency), containerRows(s, v), multiModelRows(s, v),
			instanceRows(s, v),
		}
	}
	return slices.Concat(append(of, idleRows(s, v))...)
}

// endpointRows are the alarms on the metrics of an endpoint as a whole.
func endpointRows(s *Spec, variants []Variant) []row {
	if !asynchronous(variants) {
		return nil
	}
	return backlogRows(s)
}

// microseconds is a span in the unit of latencies.
func microseconds(span time.Duration) float64 { return float64(span) / float64(time.Microsecond) }

// periods is how many periods a span is.
func periods(span, period time.Duration) int { return int(span / period) }

// dimensions are those with which the metric is published.
func (r *row) dimensions(endpoint, variant string) pulumi.StringMap {
	d := pulumi.StringMap{"EndpointName": pulumi.String(endpoint)}
	if !r.endpointWide {
		d["VariantName"] = pulumi.String(variant)
	}
	if r.container != "" {
		d["ContainerName"] = pulumi.String(r.container)
	}
	return d
}

func (r *row) alarm(endpoint, variant string) *cloudwatch.MetricAlarmArgs {
	every, missing := period, "notBreaching"
	if r.hourly {
		every = time.Hour
	}
	if r.silent {
		missing = "breaching"
	}
	operator := "GreaterThanThreshold"
	if r.below {
		operator = "LessThanThreshold"
	}
	return &cloudwatch.MetricAlarmArgs{
		AlarmDescription:   pulumi.String(r.description(variant)),
		Namespace:          pulumi.String(r.namespace),
		MetricName:         pulumi.String(r.metric),
		Dimensions:         r.dimensions(endpoint, variant),
		Statistic:          pulumi.String(r.statistic),
		Period:             pulumi.Int(int(every / time.Second)),
		ComparisonOperator: pulumi.String(operator),
		Threshold:          pulumi.Float64(r.threshold),
		DatapointsToAlarm:  pulumi.Int(r.datapoints),
		EvaluationPeriods:  pulumi.Int(r.evaluations),
		TreatMissingData:   pulumi.String(missing),
	}
}

func (r *row) description(variant string) string {
	of, is, unit := "variant "+variant, "above", "minutes"
	switch {
	case r.endpointWide:
		of = "the endpoint"
	case r.container != "":
		of = "container " + r.container + " of " + of
	}
	if r.below {
		is = "below"
	}
	if r.hourly {
		unit = "hours"
	}
	return fmt.Sprintf("%s: %s of %s is %s %s in %d of %d %s.", r.says, r.metric, of, is,
		strconv.FormatFloat(r.threshold, 'f', -1, 64), r.datapoints, r.evaluations, unit)
}
