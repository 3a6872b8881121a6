package alarms

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"sagehost/kit/limits"
)

// kind is a way to serve. A variant may be of several.
type kind string

const (
	realTime    kind = "real time"
	pipeline    kind = "pipeline"
	multiModel  kind = "multi-model"
	onDemand    kind = "serverless"
	provisioned kind = "provisioned"
	later       kind = "asynchronous"
)

// published is a metric as SageMaker documents it: who publishes it, with which dimensions and statistics, and how much
// it can be at most ("Monitor SageMaker with Amazon CloudWatch", "Alarms and logs for tracking metrics from serverless
// endpoints", "Monitor asynchronous endpoint", "CloudWatch metrics for multi-model endpoint deployments").
type published struct {
	namespace  string
	kinds      []kind
	dimensions string
	statistics string
	most       float64
}

const (
	byVariant   = "EndpointName VariantName"
	byEndpoint  = "EndpointName"
	byContainer = "ContainerName EndpointName VariantName"
	anyOf       = "Average Sum Minimum Maximum SampleCount"
	noSum       = "Average Minimum Maximum"
)

var (
	all     = []kind{realTime, onDemand, later}
	awaited = []kind{realTime, onDemand}
	endless = math.Inf(1)
	aMinute = float64(60 * time.Second / time.Microsecond)
	metrics = map[string]published{
		"Invocations":            {onEndpoint, awaited, byVariant, "Sum", endless},
		"InvocationsPerInstance": {onEndpoint, []kind{realTime}, byVariant, "Sum", endless},
		"Invocation4XXErrors":    {onEndpoint, all, byVariant, "Average Sum", 1},
		"Invocation5XXErrors":    {onEndpoint, all, byVariant, "Average Sum", 1},
		"ModelLatency":           {onEndpoint, all, byVariant, anyOf, 60 * aMinute},
		"OverheadLatency":        {onEndpoint, awaited, byVariant, anyOf, aMinute},
		"ContainerLatency":       {onEndpoint, []kind{pipeline}, byContainer, anyOf, aMinute},
		"CPUUtilization":         {onInstance, []kind{realTime, later}, byVariant, anyOf, 100},
		"DiskUtilization":        {onInstance, []kind{realTime, later}, byVariant, anyOf, 100},
		"MemoryUtilization":      {onInstance, all, byVariant, anyOf, 100},
		"ModelCacheHit":          {onEndpoint, []kind{multiModel}, byVariant, "Average Sum SampleCount", 1},
		"ModelLoadingWaitTime":   {onEndpoint, []kind{multiModel}, byVariant, anyOf, aMinute},
		"ModelUnloadingTime":     {onEndpoint, []kind{multiModel}, byVariant, anyOf, endless},

		"ServerlessConcurrentExecutionsUtilization":   {onEndpoint, []kind{onDemand}, byVariant, noSum, 1},
		"ServerlessProvisionedConcurrencyUtilization": {onEndpoint, []kind{provisioned}, byVariant, noSum, 1},
		"ServerlessProvisionedConcurrencySpilloverInvocations": {
			onEndpoint, []kind{provisioned}, byVariant, noSum, endless,
		},

		"ApproximateBacklogSize":            {onEndpoint, []kind{later}, byEndpoint, noSum, endless},
		"ApproximateBacklogSizePerInstance": {onEndpoint, []kind{later}, byEndpoint, noSum, endless},
		"ApproximateAgeOfOldestRequest":     {onEndpoint, []kind{later}, byEndpoint, noSum, maxAge.Seconds()},
		"HasBacklogWithoutCapacity":         {onEndpoint, []kind{later}, byEndpoint, noSum, 1},
		"ExpiredRequests":                   {onEndpoint, []kind{later}, byVariant, "Sum", endless},
		"InvocationFailures":                {onEndpoint, []kind{later}, byVariant, "Sum", endless},
		"TimeInBacklog":                     {onEndpoint, []kind{later}, byVariant, anyOf, endless},
	}
)

// drawVariant draws a variant and what it is.
func drawVariant(t *rapid.T, asynchronous bool) (v Variant, kinds []kind) {
	v.Name = rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "name")
	if !asynchronous && rapid.Bool().Draw(t, "serverless") {
		v.Serverless = &Serverless{ProvisionedConcurrency: rapid.Bool().Draw(t, "provisioned")}
		if v.Serverless.ProvisionedConcurrency {
			return v, []kind{onDemand, provisioned}
		}
		return v, []kind{onDemand}
	}
	types := limits.HostingInstanceTypes()
	v.InstanceType = limits.InstanceType(rapid.SampledFrom(types).Draw(t, "instance type"))
	v.MaxInstances = rapid.IntRange(0, 9).Draw(t, "max")
	v.Asynchronous, v.MultiModel = asynchronous, rapid.Bool().Draw(t, "many models")
	v.Containers = rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,8}`), 0, 3, rapid.ID).Draw(t, "containers")
	if asynchronous {
		return v, []kind{later}
	}
	kinds = []kind{realTime}
	if v.MultiModel {
		kinds = append(kinds, multiModel)
	}
	if len(v.Containers) > 0 {
		kinds = append(kinds, pipeline)
	}
	return v, kinds
}

// watching is what an alarm looks at.
type watching struct{ namespace, metric, statistic, dimensions string }

func watchingOf(alarm *cloudwatch.MetricAlarmArgs) []watching {
	text := func(value any) string { return string(value.(pulumi.String)) }
	names := func(dimensions pulumi.StringMapInput) string {
		var keys []string
		for key := range dimensions.(pulumi.StringMap) {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		return strings.Join(keys, " ")
	}
	if alarm.MetricName != nil {
		return []watching{
			{text(alarm.Namespace), text(alarm.MetricName), text(alarm.Statistic), names(alarm.Dimensions)},
		}
	}
	var list []watching
	for _, query := range alarm.MetricQueries.(cloudwatch.MetricAlarmMetricQueryArray) {
		input := query.(cloudwatch.MetricAlarmMetricQueryArgs).Metric
		if metric, ok := input.(cloudwatch.MetricAlarmMetricQueryMetricArgs); ok {
			list = append(list, watching{
				text(metric.Namespace), text(metric.MetricName), text(metric.Stat), names(metric.Dimensions),
			})
		}
	}
	return list
}

// An alarm on what nobody publishes is for ever silent, and one on more than there can be too.
func TestEveryAlarmWatchesWhatIsPublishedAndCanGoOff(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		asynchronous := rapid.Bool().Draw(t, "asynchronous")
		v, kinds := drawVariant(t, asynchronous)
		args := &Args{EndpointName: "flowers", Variants: []Variant{v}}
		if rapid.Bool().Draw(t, "idle") {
			args.Idle = new(time.Hour)
		}
		if asynchronous {
			args.ModelLatency = new(59 * time.Minute)
		}
		seen := map[string]bool{}
		for suffix, alarm := range args.alarms() {
			assert.False(t, seen[suffix], "%s stands there twice", suffix)
			seen[suffix] = true
			for _, w := range watchingOf(alarm) {
				known, ok := metrics[w.metric]
				assert.True(t, ok, "%s: nobody publishes %s", suffix, w.metric)
				assert.Equal(t, known.namespace, w.namespace, suffix)
				assert.Equal(t, known.dimensions, w.dimensions, suffix)
				assert.Contains(t, strings.Fields(known.statistics), w.statistic, suffix)
				by := func(k kind) bool { return slices.Contains(known.kinds, k) }
				assert.True(t, slices.ContainsFunc(kinds, by), "%s: %s is not published by %v", suffix, w.metric, kinds)
			}
			assertCanGoOff(t, suffix, alarm, v)
			evaluations, period := int(alarm.EvaluationPeriods.(pulumi.Int)), 60
			if alarm.Period != nil {
				period = int(alarm.Period.(pulumi.Int))
			}
			assert.LessOrEqual(t, int(alarm.DatapointsToAlarm.(pulumi.Int)), evaluations, suffix)
			longest := map[int]time.Duration{60: maxRange, 3600: maxHourlyRange}[period]
			assert.LessOrEqual(t, time.Duration(evaluations*period)*time.Second, longest, suffix)
		}
	})
}

// assertCanGoOff expects a threshold that values can be beyond.
func assertCanGoOff(t assert.TestingT, suffix string, alarm *cloudwatch.MetricAlarmArgs, v Variant) {
	threshold := float64(alarm.Threshold.(pulumi.Float64))
	if alarm.MetricName == nil {
		assert.InDelta(t, float64(v.MaxInstances), threshold, 0, suffix)
		return
	}
	most := metrics[string(alarm.MetricName.(pulumi.String))].most
	if alarm.MetricName == pulumi.String("CPUUtilization") {
		most *= float64(v.InstanceType.VCPUs())
	}
	if alarm.ComparisonOperator == pulumi.String("LessThanThreshold") {
		assert.Positive(t, threshold, suffix)
		assert.LessOrEqual(t, threshold, most, suffix)
	} else {
		assert.Less(t, threshold, most, suffix)
		assert.GreaterOrEqual(t, threshold, 0.0, suffix)
	}
}

func TestEverySettingHasItsAlarm(t *testing.T) {
	t.Parallel()
	s := &Spec{ModelLatency: new(time.Second), Idle: new(time.Hour)}
	later := Variant{InstanceType: "ml.m5.large", Asynchronous: true}
	watched := map[string]bool{}
	for _, v := range []Variant{
		later,
		{InstanceType: "ml.m5.large", MultiModel: true, Containers: []string{"prepare"}},
		{Serverless: &Serverless{ProvisionedConcurrency: true}},
	} {
		for _, r := range rows(s, &v) {
			watched[r.setting] = true
		}
	}
	for _, r := range endpointRows(s, []Variant{later}) {
		watched[r.setting] = true
	}
	settings, checked := map[string]bool{}, map[string]bool{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Spec]()) {
		settings[field.Tag.Get("json")] = true
	}
	for _, threshold := range s.thresholds(false) {
		checked[threshold.key] = true
	}
	assert.Equal(t, settings, watched)
	assert.Equal(t, settings, checked)
}
