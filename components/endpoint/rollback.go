package endpoint

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// Default thresholds of the alarms that end an update: what no release should do, not what would wake somebody up.
const (
	DefaultRollbackErrorRate5XX = 0.01
	DefaultRollbackModelLatency = 5 * time.Second
)

// minModelLatency is less than any container takes to answer: a threshold below it raises the alarm with the first
// request, and is 0 in whole microseconds, the unit of the metric, below one.
const minModelLatency = 100 * time.Microsecond

// Invocations cannot take longer (InvokeEndpoint; InvocationTimeoutSeconds of InvokeEndpointAsync): a mean above it
// never comes.
const (
	maxModelLatency      = time.Minute
	maxAsyncModelLatency = time.Hour
)

// maxRollbackAlarms is how many alarms SageMaker watches (AutoRollbackConfig).
const maxRollbackAlarms = 10

// RollbackThresholds are what a minute of the new instances may look like. What is above ends the update.
type RollbackThresholds struct {
	// ErrorRate5XX is the share of invocations answered with a server error. Range: above 0, below 1. Default: 0.01.
	ErrorRate5XX *float64 `json:"errorRate5xx"`

	// ModelLatency is the mean time the container takes. Range: 100µs and above, below 60s; for async, below 1h. Default:
	// 5s; for async, none.
	ModelLatency *time.Duration `json:"modelLatency"`
}

// rollbackAlarm is an alarm that ends an update of an endpoint.
type rollbackAlarm struct {
	key       string // ends the alarm's name
	metric    string
	threshold float64 // in the metric's unit
}

// rollbackAlarms are the alarms of each variant. There are always the same ones, because a change of an endpoint's list
// replaces the endpoint: what is to be silent gets a threshold that nothing exceeds.
func (u *Update) rollbackAlarms(async bool) []rollbackAlarm {
	rate := check.ValueOr(u.RollbackThresholds.ErrorRate5XX, DefaultRollbackErrorRate5XX)
	latency := DefaultRollbackModelLatency
	if async {
		latency = maxAsyncModelLatency
	}
	latency = check.ValueOr(u.RollbackThresholds.ModelLatency, latency)
	if !check.ValueOr(u.Rollback, true) {
		rate, latency = 1, maxAsyncModelLatency
	}
	// An error is 1 and everything else 0, so that the average is a rate. Latencies are published in microseconds.
	return []rollbackAlarm{
		{"rollback-5xx", "Invocation5XXErrors", rate},
		{"rollback-model-latency", "ModelLatency", float64(latency / time.Microsecond)},
	}
}

func (u *Update) checkAlarms(at check.At, async bool, variants []Variant) {
	if most := maxRollbackAlarms / len(u.rollbackAlarms(async)); len(variants) > most {
		at.Addf("has rollback alarms for at most %d variants; there are %d", most, len(variants))
	}
	at = at.Key("rollbackThresholds")
	if rate := u.RollbackThresholds.ErrorRate5XX; rate != nil && !(*rate >= limits.MinNumber && *rate < 1) {
		at.Key("errorRate5xx").Addf("%v is not above 0 and below 1", *rate)
	}
	below := maxModelLatency
	if async {
		below = maxAsyncModelLatency
	}
	if span := u.RollbackThresholds.ModelLatency; span != nil && (*span < minModelLatency || *span >= below) {
		at.Key("modelLatency").Addf("%s is not at least %s and below %s",
			check.ShortSpan(*span), check.ShortSpan(minModelLatency), check.ShortSpan(below))
	}
}

// newRollbackAlarms creates the alarms that end an update, and returns their names. They look at one configuration
// only: if the old instances could raise them, no update could ever replace a bad release. Before the first request,
// and before the endpoint exists, there is nothing to see, which is no alarm.
func (e *Endpoint) newRollbackAlarms(
	ctx *pulumi.Context, name string, args *Args, configName pulumi.StringInput,
) (names []string, created []pulumi.Resource, err error) {
	if args.Update == nil {
		return nil, nil, nil
	}
	for i := range args.Variants {
		variant := args.Variants[i].Name
		for _, row := range args.Update.rollbackAlarms(args.Async != nil) {
			// No name holds a dot, so that no two variants share an alarm.
			alarmName := args.Name + "." + variant + "." + row.key
			alarm, err := cloudwatch.NewMetricAlarm(ctx, name+"."+variant+"."+row.key, &cloudwatch.MetricAlarmArgs{
				Name:             pulumi.String(alarmName),
				AlarmDescription: pulumi.Sprintf("Ends an update of variant %s of endpoint %s.", variant, args.Name),
				Namespace:        pulumi.String("AWS/SageMaker"),
				MetricName:       pulumi.String(row.metric),
				Dimensions: pulumi.StringMap{
					"EndpointName":       pulumi.String(args.Name),
					"VariantName":        pulumi.String(variant),
					"EndpointConfigName": configName,
				},
				Statistic:          pulumi.String("Average"),
				Period:             seconds(time.Minute),
				EvaluationPeriods:  pulumi.Int(1),
				DatapointsToAlarm:  pulumi.Int(1),
				ComparisonOperator: pulumi.String("GreaterThanThreshold"),
				Threshold:          pulumi.Float64(row.threshold),
				TreatMissingData:   pulumi.String("notBreaching"),
				Tags:               args.Tags,
			}, pulumi.Parent(e), pulumi.Protect(false))
			if err != nil {
				return nil, nil, fmt.Errorf("endpoint %q: alarm %s of variant %q: %w", name, row.key, variant, err)
			}
			names, created = append(names, alarmName), append(created, alarm)
		}
	}
	return names, created, nil
}
