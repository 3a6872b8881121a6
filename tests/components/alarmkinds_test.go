package components_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/components/alarms"
	"sagehost/tests/harness"
)

// names are the names of a graph's alarms, sorted.
func names(graph *harness.Graph) []string {
	var list []string
	for _, r := range graph.Resources {
		if r.Type == alarmType {
			list = append(list, r.Inputs["name"].(string))
		}
	}
	slices.Sort(list)
	return list
}

func TestAnEndpointHasTheAlarmsOfWhatItIs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variant alarms.Variant
		want    string
	}{
		"a pipeline": {
			alarms.Variant{InstanceType: "ml.m5.large", Containers: []string{"prepare", "score"}},
			"main.4xx main.5xx main.container-latency.prepare main.container-latency.score main.cpu main.disk main.memory " +
				"main.model-latency main.overhead-latency",
		},
		"many models": {
			alarms.Variant{InstanceType: "ml.m5.large", MultiModel: true},
			"main.4xx main.5xx main.cpu main.disk main.memory main.model-cache-hit main.model-latency " +
				"main.model-loading-wait main.model-unloads main.overhead-latency",
		},
		"serverless": {
			alarms.Variant{Serverless: &alarms.Serverless{}},
			"main.4xx main.5xx main.concurrency main.memory main.model-latency main.overhead-latency",
		},
		"provisioned concurrency": {
			alarms.Variant{Serverless: &alarms.Serverless{ProvisionedConcurrency: true}},
			"main.4xx main.5xx main.concurrency main.memory main.model-latency main.overhead-latency " +
				"main.provisioned-concurrency main.spillover",
		},
		"asynchronous": {
			alarms.Variant{InstanceType: "ml.m5.large", Asynchronous: true, MaxInstances: 2},
			"backlog-without-capacity main.4xx main.5xx main.at-max-capacity main.cpu main.disk main.expired-requests " +
				"main.failed-requests main.memory oldest-request",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.variant.Name = "main"
			graph := harness.Run(t, newAlarms(alarms.Spec{}, test.variant))
			requireUnder(t, graph, alarms.Type)
			want := strings.Fields(test.want)
			for i := range want {
				want[i] = "flowers-test." + want[i]
			}
			assert.Equal(t, want, names(graph))
		})
	}
}

func TestABacklogIsTheEndpointsAndAContainersLatencyTheContainers(t *testing.T) {
	t.Parallel()
	backlog := harness.Run(t, newAlarms(alarms.Spec{BacklogWithoutCapacity: new(20 * time.Minute)},
		alarms.Variant{Name: "main", InstanceType: "ml.m5.large", Asynchronous: true}))
	assert.JSONEq(t, `{
		"name": "flowers-test.backlog-without-capacity", "namespace": "AWS/SageMaker",
		"metricName": "HasBacklogWithoutCapacity", "statistic": "Maximum", "period": 60,
		"dimensions": {"EndpointName": "flowers-test"},
		"comparisonOperator": "GreaterThanThreshold", "threshold": 0, "datapointsToAlarm": 20, "evaluationPeriods": 20,
		"alarmDescription": "Requests wait and no instance comes: HasBacklogWithoutCapacity of the endpoint is above 0 in `+
		`20 of 20 minutes.", `+watched+`
	}`, readable(t, backlog.Named(t, alarmType, "flowers.backlog-without-capacity")))

	pipeline := harness.Run(t, newAlarms(alarms.Spec{ContainerLatency: new(20 * time.Millisecond)},
		alarms.Variant{Name: "main", InstanceType: "ml.m5.large", Containers: []string{"prepare"}}))
	assert.JSONEq(t, `{
		"name": "flowers-test.main.container-latency.prepare", "namespace": "AWS/SageMaker",
		"metricName": "ContainerLatency", "statistic": "Average", "period": 60,
		"dimensions": {"EndpointName": "flowers-test", "VariantName": "main", "ContainerName": "prepare"},
		"comparisonOperator": "GreaterThanThreshold", "threshold": 20000, "datapointsToAlarm": 3, "evaluationPeriods": 5,
		"alarmDescription": "A container of the pipeline is slow: ContainerLatency of container prepare of variant main is `+
		`above 20000 in 3 of 5 minutes.", `+watched+`
	}`, readable(t, pipeline.Named(t, alarmType, "flowers.main.container-latency.prepare")))
}

func TestFewCacheHitsAreAnAlarm(t *testing.T) {
	t.Parallel()
	alarm := harness.Run(t, newAlarms(alarms.Spec{ModelCacheHit: new(0.8)},
		alarms.Variant{Name: "main", InstanceType: "ml.m5.large", MultiModel: true})).
		Named(t, alarmType, "flowers.main.model-cache-hit").Inputs
	assert.Equal(t, "LessThanThreshold", alarm["comparisonOperator"])
	assert.Equal(t, "Few invocations find their model loaded: ModelCacheHit of variant main is below 0.8 in 10 of 15 "+
		"minutes.", alarm["alarmDescription"])
}

// An idle variant publishes nothing, so silence is what this alarm waits for.
func TestAnIdleVariantIsAnAlarmWhereItIsWanted(t *testing.T) {
	t.Parallel()
	alarm := harness.Run(t, newAlarms(alarms.Spec{Idle: new(72 * time.Hour)},
		alarms.Variant{Name: "main", InstanceType: "ml.m5.large"})).Named(t, alarmType, "flowers.main.idle")
	assert.JSONEq(t, `{
		"name": "flowers-test.main.idle", "namespace": "AWS/SageMaker", "metricName": "Invocations", "statistic": "Sum",
		"period": 3600, "dimensions": {"EndpointName": "flowers-test", "VariantName": "main"},
		"comparisonOperator": "LessThanThreshold", "threshold": 1, "datapointsToAlarm": 72, "evaluationPeriods": 72,
		"treatMissingData": "breaching", "alarmActions": ["`+topicARN+`"], "okActions": ["`+topicARN+`"], `+wantTags+`,
		"alarmDescription": "Nobody uses it: Invocations of variant main is below 1 in 72 of 72 hours."
	}`, readable(t, alarm))
}

// Without invocations to divide, the number of instances is that of the parts of the backlog.
func TestAnAsynchronousVariantAtItsMaximumIsAnAlarm(t *testing.T) {
	t.Parallel()
	later := alarms.Variant{Name: "main", InstanceType: "ml.m5.large", Asynchronous: true, MaxInstances: 4}
	part := func(id, metric string) map[string]any {
		return map[string]any{"id": id, "metric": map[string]any{
			"namespace": "AWS/SageMaker", "metricName": metric, "stat": "Average", "period": 60.0,
			"dimensions": map[string]any{"EndpointName": "flowers-test"},
		}}
	}
	alarm := harness.Run(t, newAlarms(alarms.Spec{}, later)).Named(t, alarmType, "flowers.main.at-max-capacity")
	assert.Equal(t, []any{
		part("backlog", "ApproximateBacklogSize"), part("perInstance", "ApproximateBacklogSizePerInstance"),
		map[string]any{
			"id": "instances", "expression": "CEIL(backlog / perInstance - 0.5)", "label": "instances in service",
			"returnData": true,
		},
	}, alarm.Inputs["metricQueries"])
	assert.InDelta(t, 4, alarm.Inputs["threshold"], 0)

	other := later
	other.Name = "other"
	graph := harness.Run(t, newAlarms(alarms.Spec{}, later, other))
	assert.Equal(t, 7*2+2, graph.Counts()[alarmType], "the backlog is that of both: no one's instances follow from it")
}

func TestVariantsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, newAlarms(alarms.Spec{}, alarms.Variant{
		Name: "main", InstanceType: "ml.m5.large", MaxInstances: 2, Asynchronous: true, MultiModel: true,
		Containers: []string{"score"}, Serverless: &alarms.Serverless{},
	}, alarms.Variant{Name: "other", InstanceType: "ml.m5.large", Containers: []string{"score", "score"}}),
		`alarms "flowers": variants[0].asynchronous: is not possible for a serverless variant`,
		"variants[0].containers: is not possible for a serverless variant",
		"variants[0].instanceType: is not possible for a serverless variant",
		"variants[0].maxInstances: is not possible for a serverless variant",
		"variants[0].multiModel: is not possible for a serverless variant",
		"variants[1].asynchronous: differs from that of the first variant; an endpoint is asynchronous or is not",
		`variants[1].containers[1]: "score" stands at variants[1].containers[0] too`)
}

func TestThresholdsOfOtherKindsOfEndpointsAreRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, newAlarms(alarms.Spec{CPUUtilization: new(80.0)},
		alarms.Variant{Name: "main", Serverless: &alarms.Serverless{}}),
		`alarms "flowers": cpuUtilization: is of a metric that SageMaker does not publish for this endpoint; leave it out`)
}
