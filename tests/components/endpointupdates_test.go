package components_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/components/endpoint"
	"sagehost/tests/harness"
)

// wantRollback is an alarm that ends an update.
func wantRollback(key, metric, threshold string) declaration {
	return declaration{alarmType + " flowers.main." + key: `{
		"name": "flowers-test.main.` + key + `",
		"alarmDescription": "Ends an update of variant main of endpoint flowers-test.",
		"namespace": "AWS/SageMaker", "metricName": "` + metric + `", "statistic": "Average", "period": 60,
		"dimensions": {
			"EndpointName": "flowers-test", "VariantName": "main", "EndpointConfigName": "flowers-endpointconfiguration"
		},
		"comparisonOperator": "GreaterThanThreshold", "threshold": ` + threshold + `,
		"evaluationPeriods": 1, "datapointsToAlarm": 1, "treatMissingData": "notBreaching", ` + wantTags + `
	}`}
}

func TestAnUpdatePolicyBringsItsAlarms(t *testing.T) {
	t.Parallel()
	const alarms = `"autoRollbackConfiguration": {"alarms": [
		{"alarmName": "flowers-test.main.rollback-5xx"}, {"alarmName": "flowers-test.main.rollback-model-latency"}
	]}`
	percent, instances := &endpoint.Size{Percent: new(50)}, &endpoint.Size{Instances: new(1)}
	for _, test := range []struct {
		name   string
		update endpoint.Update
		want   string
	}{
		{"all at once by default", endpoint.Update{}, `"blueGreenUpdatePolicy": {
			"terminationWaitInSeconds": 0,
			"trafficRoutingConfiguration": {"type": "ALL_AT_ONCE", "waitIntervalInSeconds": 300}
		}`},
		{"canary", endpoint.Update{
			Strategy: endpoint.Canary, CanarySize: percent, Wait: new(10 * time.Minute), TerminationWait: new(time.Minute),
			Timeout: new(30 * time.Minute),
		}, `"blueGreenUpdatePolicy": {
			"terminationWaitInSeconds": 60, "maximumExecutionTimeoutInSeconds": 1800,
			"trafficRoutingConfiguration": {
				"type": "CANARY", "waitIntervalInSeconds": 600,
				"canarySize": {"type": "CAPACITY_PERCENT", "value": 50}
			}
		}`},
		{"linear", endpoint.Update{Strategy: endpoint.Linear, StepSize: instances}, `"blueGreenUpdatePolicy": {
			"terminationWaitInSeconds": 0,
			"trafficRoutingConfiguration": {
				"type": "LINEAR", "waitIntervalInSeconds": 300, "linearStepSize": {"type": "INSTANCE_COUNT", "value": 1}
			}
		}`},
		{"rolling", endpoint.Update{
			Strategy: endpoint.Rolling, BatchSize: percent, RollbackBatchSize: instances, Timeout: new(time.Hour),
		}, `"rollingUpdatePolicy": {
			"maximumBatchSize": {"type": "CAPACITY_PERCENT", "value": 50}, "waitIntervalInSeconds": 300,
			"rollbackMaximumBatchSize": {"type": "INSTANCE_COUNT", "value": 1}, "maximumExecutionTimeoutInSeconds": 3600
		}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			args := plain(endpoint.Spec{Update: &test.update})
			args.Variants[0].InitialInstanceCount = new(2)
			want := declares(strings.Replace(wantVariant, `"initialInstanceCount": 1`, `"initialInstanceCount": 2`, 1),
				`"deploymentConfig": {`+alarms+`, `+test.want+`}, `, wantRollback("rollback-5xx", "Invocation5XXErrors", "0.01"))
			maps.Copy(want, wantRollback("rollback-model-latency", "ModelLatency", "5000000"))
			requireDeclares(t, harness.Run(t, newEndpoint(args)), want)
		})
	}
}

// The list is known in a preview, and so cannot look as if it changed.
func TestTheListOfRollbackAlarmsIsTextAndWaitsForTheAlarms(t *testing.T) {
	t.Parallel()
	for _, options := range [][]harness.Option{nil, {harness.Preview()}} {
		graph := harness.Run(t, newEndpoint(plain(endpoint.Spec{Update: &endpoint.Update{}})), options...)
		serving, config := graph.One(t, endpointType), graph.One(t, configType)
		deployment, ok := serving.Inputs["deploymentConfig"].(map[string]any)
		assert.True(t, ok)
		assert.Equal(t, map[string]any{"alarms": []any{
			map[string]any{"alarmName": "flowers-test.main.rollback-5xx"},
			map[string]any{"alarmName": "flowers-test.main.rollback-model-latency"},
		}}, deployment["autoRollbackConfiguration"])
		alarms := graph.All(alarmType)
		assert.Len(t, alarms, 2)
		for _, alarm := range alarms {
			assert.Contains(t, serving.Dependencies, alarm.URN)
			assert.Contains(t, alarm.Dependencies, config.URN)
		}
	}
}

func TestThresholdsAndRollbacksChangeTheAlarmsOnly(t *testing.T) {
	t.Parallel()
	inputs := func(update endpoint.Update) (serving any, thresholds []any) {
		graph := harness.Run(t, newEndpoint(plain(endpoint.Spec{Update: &update})))
		for _, alarm := range graph.All(alarmType) {
			thresholds = append(thresholds, alarm.Inputs["threshold"])
		}
		return graph.One(t, endpointType).Inputs, thresholds
	}
	before, _ := inputs(endpoint.Update{})
	for _, test := range []struct {
		update endpoint.Update
		want   []any
	}{
		{endpoint.Update{RollbackThresholds: endpoint.RollbackThresholds{
			ErrorRate5XX: new(0.5), ModelLatency: new(250 * time.Millisecond),
		}}, []any{0.5, 250_000.0}},
		{endpoint.Update{Rollback: new(false)}, []any{1.0, 3.6e9}},
	} {
		serving, thresholds := inputs(test.update)
		assert.Equal(t, before, serving)
		assert.Equal(t, test.want, thresholds)
	}
}

func TestTheErrorOfARolledBackUpdateNamesTheAlarms(t *testing.T) {
	t.Parallel()
	err := harness.RunError(t, newEndpoint(plain(endpoint.Spec{Update: &endpoint.Update{}})),
		harness.Reports(endpointType, "endpointConfigName", "flowers-old"))
	assert.ErrorContains(t, err, "its FailureReason (DescribeEndpoint) says why; "+
		"the alarms that end an update are flowers-test.main.rollback-5xx, flowers-test.main.rollback-model-latency")
}

func TestAlarmsOfAnUpdateAreReplaceableUnderAProtectedParent(t *testing.T) {
	t.Parallel()
	args := plain(endpoint.Spec{Update: &endpoint.Update{}, Protect: true})
	assert.Equal(t, []string{logGroupType, endpointType}, protected(harness.Run(t, newEndpoint(args))))
}
