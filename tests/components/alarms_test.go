package components_test

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/components/alarms"
	"sagehost/tests/harness"
)

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm"

func newAlarms(spec alarms.Spec, variants ...alarms.Variant) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := alarms.New(ctx, "flowers", &alarms.Args{
			Spec: spec, EndpointName: "flowers-test", Variants: variants, TopicARN: pulumi.String(topicARN), Tags: tags,
		})
		return err
	}
}

// watched are the alarms' common inputs: who is told, and that silence is no alarm.
const watched = `"alarmActions": ["` + topicARN + `"], "okActions": ["` + topicARN + `"],
	"treatMissingData": "notBreaching", ` + wantTags

// above is an alarm of the variant "main" on a metric above a threshold.
func above(name, namespace, metric, statistic, threshold, minutes, description string) string {
	return `{
		"name": "flowers-test.main.` + name + `", "namespace": "` + namespace + `", "metricName": "` + metric + `",
		"statistic": "` + statistic + `", "period": 60,
		"dimensions": {"EndpointName": "flowers-test", "VariantName": "main"},
		"comparisonOperator": "GreaterThanThreshold", "threshold": ` + threshold + `, ` + minutes + `,
		"alarmDescription": "` + description + `", ` + watched + `
	}`
}

func TestAVariantsAlarmsAreInTheMetricsUnits(t *testing.T) {
	t.Parallel()
	program := newAlarms(alarms.Spec{
		ErrorRate5XX:      new(0.005),
		ErrorRate4XX:      new(0.1),
		ModelLatency:      new(250 * time.Millisecond),
		OverheadLatency:   new(100 * time.Millisecond),
		CPUUtilization:    new(75.0),
		MemoryUtilization: new(80.0),
		DiskUtilization:   new(60.0),
	}, alarms.Variant{Name: "main", InstanceType: "ml.m5.2xlarge"})
	const (
		endpoint, instance = "AWS/SageMaker", "/aws/sagemaker/Endpoints"
		twoOfThree         = `"datapointsToAlarm": 2, "evaluationPeriods": 3`
		threeOfFive        = `"datapointsToAlarm": 3, "evaluationPeriods": 5`
		tenOfFifteen       = `"datapointsToAlarm": 10, "evaluationPeriods": 15`
		child              = alarmType + " flowers.main."
	)
	want := declaration{
		alarms.Type + " flowers": `{"endpointName": "flowers-test"}`,
		child + "5xx": above("5xx", endpoint, "Invocation5XXErrors", "Average", "0.005", twoOfThree,
			"Invocations fail with a server error: Invocation5XXErrors of variant main is above 0.005 in 2 of 3 minutes."),
		child + "4xx": above("4xx", endpoint, "Invocation4XXErrors", "Average", "0.1", threeOfFive,
			"Invocations fail with a client error: Invocation4XXErrors of variant main is above 0.1 in 3 of 5 minutes."),
		child + "model-latency": above("model-latency", endpoint, "ModelLatency", "Average", "250000", threeOfFive,
			"The container is slow: ModelLatency of variant main is above 250000 in 3 of 5 minutes."),
		child + "overhead-latency": above("overhead-latency", endpoint, "OverheadLatency", "Average", "100000", threeOfFive,
			"SageMaker adds much time: OverheadLatency of variant main is above 100000 in 3 of 5 minutes."),
		child + "cpu": above("cpu", instance, "CPUUtilization", "Average", "600", tenOfFifteen,
			"The virtual CPUs are busy: CPUUtilization of variant main is above 600 in 10 of 15 minutes."),
		child + "memory": above("memory", instance, "MemoryUtilization", "Maximum", "80", threeOfFive,
			"Memory runs out: MemoryUtilization of variant main is above 80 in 3 of 5 minutes."),
		child + "disk": above("disk", instance, "DiskUtilization", "Maximum", "60", threeOfFive,
			"The disk fills up: DiskUtilization of variant main is above 60 in 3 of 5 minutes."),
	}
	for name, options := range map[string][]harness.Option{
		"when they are created": nil, "in a preview": {harness.Preview()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			graph := harness.Run(t, program, options...)
			requireUnder(t, graph, alarms.Type)
			requireDeclares(t, graph, want)
		})
	}
}

func TestADescriptionWritesItsThresholdInDigits(t *testing.T) {
	t.Parallel()
	alarm := harness.Run(t, newAlarms(alarms.Spec{}, alarms.Variant{Name: "main", InstanceType: "ml.m5.large"})).
		Named(t, alarmType, "flowers.main.model-latency")
	assert.Equal(t, "The container is slow: ModelLatency of variant main is above 1000000 in 3 of 5 minutes.",
		alarm.Inputs["alarmDescription"])
}

func TestAVariantAtItsMaximumIsAnAlarm(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newAlarms(alarms.Spec{},
		alarms.Variant{Name: "main", InstanceType: "ml.m5.large", MaxInstances: 8}))
	sum := func(id, metric string) string {
		return `{"id": "` + id + `", "metric": {
			"namespace": "AWS/SageMaker", "metricName": "` + metric + `", "stat": "Sum", "period": 60,
			"dimensions": {"EndpointName": "flowers-test", "VariantName": "main"}
		}}`
	}
	assert.JSONEq(t, `{
		"name": "flowers-test.main.at-max-capacity",
		"alarmDescription": "Scaling is exhausted: variant main runs its maximum of 8 instances for 15 minutes.",
		"metricQueries": [`+sum("invocations", "Invocations")+`, `+sum("perInstance", "InvocationsPerInstance")+`, {
			"id": "instances", "expression": "CEIL(invocations / perInstance - 0.5)",
			"label": "instances in service", "returnData": true
		}],
		"comparisonOperator": "GreaterThanOrEqualToThreshold", "threshold": 8,
		"datapointsToAlarm": 15, "evaluationPeriods": 15, `+watched+`
	}`, readable(t, graph.Named(t, alarmType, "flowers.main.at-max-capacity")))
}

func TestOnlyVariantsThatScaleReachAMaximum(t *testing.T) {
	t.Parallel()
	for most, want := range map[int]int{0: 7, 1: 7, 2: 8} {
		graph := harness.Run(t, newAlarms(alarms.Spec{},
			alarms.Variant{Name: "main", InstanceType: "ml.m5.large", MaxInstances: most}))
		assert.Equal(t, want, graph.Counts()[alarmType], most)
	}
}

func TestEveryVariantHasItsOwnAlarms(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newAlarms(alarms.Spec{},
		alarms.Variant{Name: "a", InstanceType: "ml.m5.large"},
		alarms.Variant{Name: "b", InstanceType: "ml.c4.8xlarge", MaxInstances: 2}))
	assert.Equal(t, map[string]int{alarms.Type: 1, alarmType: 15}, graph.Counts())
	for name, threshold := range map[string]float64{"flowers.a.cpu": 170, "flowers.b.cpu": 3060} {
		assert.InDelta(t, threshold, graph.Named(t, alarmType, name).Inputs["threshold"], 0, name)
	}
}

func TestAlarmsThatCouldNeverGoOffAreRefused(t *testing.T) {
	t.Parallel()
	main := alarms.Variant{Name: "main", InstanceType: "ml.m5.large"}
	requireFails(t, newAlarms(alarms.Spec{ErrorRate4XX: new(5.0)}, main),
		`alarms "flowers": errorRate4xx: 5 is not above 0 and below 1`)
	requireFails(t, func(ctx *pulumi.Context) error {
		_, err := alarms.New(ctx, "flowers", &alarms.Args{Variants: []alarms.Variant{main}})
		return err
	}, `alarms "flowers": endpointName: is required`, "topicArn: is required")
}

func TestAlarmsOfNothingAreRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, newAlarms(alarms.Spec{}), `alarms "flowers": variants: has 0 entries; at least 1 is required`)
}

// A type of unknown size has no virtual CPUs, so that its CPU alarm would always be on.
func TestAlarmsOnAnUnknownInstanceTypeAreRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, newAlarms(alarms.Spec{}, alarms.Variant{Name: "main", InstanceType: "m5.large"}),
		`alarms "flowers": variants[0].instanceType: "m5.large" is not a SageMaker hosting instance type; `+
			`did you mean "ml.m5.large"?`)
}
