package engine_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryModeScalesAndIsWatched follows an endpoint of each kind. The steps build on each other.
func TestEveryModeScalesAndIsWatched(t *testing.T) {
	t.Parallel()
	w := newHosting(t)
	stack := w.openProgram(w.file("modes", "config:\n  aws:region: eu-west-1\n"), declareModes)
	_, _, err := stack.Up(t.Context())
	require.NoError(t, err, w.out.String())

	t.Run("provisioned concurrency is a target of its own", func(t *testing.T) {
		target, policies := w.scaled(t, "rare")
		assert.Equal(t, scalingtypes.ScalableDimensionSageMakerVariantDesiredProvisionedConcurrency,
			target.ScalableDimension)
		assert.Equal(t, int32(1), *target.MinCapacity)
		assert.Equal(t, int32(3), *target.MaxCapacity)
		require.Len(t, policies, 1)
		tracked := policies[0].TargetTrackingScalingPolicyConfiguration
		assert.Equal(t, scalingtypes.MetricTypeSageMakerVariantProvisionedConcurrencyUtilization,
			tracked.PredefinedMetricSpecification.PredefinedMetricType)
		assert.InDelta(t, 0.7, *tracked.TargetValue, 0)
	})
	w.speed(t, 300)
	t.Run("an idle asynchronous endpoint goes to zero", func(t *testing.T) {
		w.reaches(t, "later", 0)
	})
	t.Run("it leaves zero when a request waits, and answers it", func(t *testing.T) {
		answer := w.submit(t, flower, nil)
		require.Eventually(t, func() bool { return w.object(t, answer) == "setosa,0.9995617568787971\n" }, soon, often)
		out := w.scaledOut(t, "later")
		require.NotEmpty(t, out)
		assert.Regexp(t, `^monitor alarm later\.main\.leave-zero in state ALARM `+
			`triggered policy later\.main\.leave-zero-`, out[0])
	})
	t.Run("and returns when none is left", func(t *testing.T) {
		w.reaches(t, "later", 0)
	})
	t.Run("every alarm gets data", func(t *testing.T) {
		w.traffic(t)
		all := w.alarms(t)
		counts := map[string]int{}
		for _, alarm := range all {
			counts[strings.SplitN(*alarm.AlarmName, ".", 2)[0]]++
			for _, metric := range metricsOf(alarm) {
				assert.Eventually(t, func() bool { return w.published(t, metric) }, soon, often,
					"%s: no data of %s", *alarm.AlarmName, *metric.MetricName)
			}
		}
		assert.Equal(t, map[string]int{"now": 9, "steps": 10, "many": 11, "rare": 9, "later": 12}, counts)
		assert.Eventually(t, func() bool { return len(undecided(w.alarms(t))) == 0 }, soon, often)
		assert.Empty(t, undecided(w.alarms(t)))
	})
	w.speed(t, 1)
	require.NoError(t, stack.Destroy(t.Context()), w.out.String())
	left := w.clients.count(t)
	delete(left, "buckets")
	require.Empty(t, left)
}

// alarms are those of the component, without those that target tracking makes for itself.
func (w *hostingWorld) alarms(t *testing.T) []cwtypes.MetricAlarm {
	t.Helper()
	described, err := w.clients.cloudwatch.DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{})
	require.NoError(t, err)
	var list []cwtypes.MetricAlarm
	for _, alarm := range described.MetricAlarms {
		if !strings.HasPrefix(*alarm.AlarmName, "TargetTracking-") {
			list = append(list, alarm)
		}
	}
	return list
}

// undecided are the names of the alarms that are neither on nor off.
func undecided(list []cwtypes.MetricAlarm) []string {
	var names []string
	for _, alarm := range list {
		if alarm.StateValue == cwtypes.StateValueInsufficientData {
			names = append(names, *alarm.AlarmName)
		}
	}
	return names
}

// metric is one of the variant of an endpoint.
func metric(name, endpoint string) cwtypes.Metric {
	return cwtypes.Metric{
		Namespace: aws.String("AWS/SageMaker"), MetricName: &name, Dimensions: []cwtypes.Dimension{
			{Name: aws.String("EndpointName"), Value: &endpoint}, {Name: aws.String("VariantName"), Value: aws.String("main")},
		},
	}
}

// metricsOf are what an alarm watches.
func metricsOf(alarm cwtypes.MetricAlarm) []cwtypes.Metric {
	if alarm.MetricName != nil {
		return []cwtypes.Metric{{
			Namespace: alarm.Namespace, MetricName: alarm.MetricName, Dimensions: alarm.Dimensions,
		}}
	}
	var list []cwtypes.Metric
	for _, query := range alarm.Metrics {
		if query.MetricStat != nil {
			list = append(list, *query.MetricStat.Metric)
		}
	}
	return list
}

// published reports whether CloudWatch has a value of a metric.
func (w *hostingWorld) published(t *testing.T, metric cwtypes.Metric) bool {
	t.Helper()
	now := w.clock(t, http.MethodGet, "")
	got, err := w.clients.cloudwatch.GetMetricStatistics(t.Context(), &cloudwatch.GetMetricStatisticsInput{
		Namespace: metric.Namespace, MetricName: metric.MetricName, Dimensions: metric.Dimensions,
		// The clock runs fast, and a busy machine takes days of it to come here.
		StartTime: aws.Time(now.Add(-30 * 24 * time.Hour)), EndTime: aws.Time(now.Add(time.Hour)), Period: aws.Int32(3600),
		Statistics: []cwtypes.Statistic{cwtypes.StatisticSampleCount},
	})
	require.NoError(t, err)
	return len(got.Datapoints) > 0
}

// scaled is the scalable target of an endpoint's variant, and its policies.
func (w *hostingWorld) scaled(t *testing.T, endpoint string) (
	scalingtypes.ScalableTarget, []scalingtypes.ScalingPolicy,
) {
	t.Helper()
	resource := "endpoint/" + endpoint + "/variant/main"
	targets, err := w.clients.scaling.DescribeScalableTargets(t.Context(),
		&applicationautoscaling.DescribeScalableTargetsInput{
			ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker, ResourceIds: []string{resource},
		})
	require.NoError(t, err)
	require.Len(t, targets.ScalableTargets, 1)
	policies, err := w.clients.scaling.DescribeScalingPolicies(t.Context(),
		&applicationautoscaling.DescribeScalingPoliciesInput{
			ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker, ResourceId: &resource,
		})
	require.NoError(t, err)
	return targets.ScalableTargets[0], policies.ScalingPolicies
}

// scaledOut are the causes for which an endpoint got its first instance.
func (w *hostingWorld) scaledOut(t *testing.T, endpoint string) []string {
	t.Helper()
	described, err := w.clients.scaling.DescribeScalingActivities(t.Context(),
		&applicationautoscaling.DescribeScalingActivitiesInput{
			ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker,
			ResourceId:       aws.String("endpoint/" + endpoint + "/variant/main"),
		})
	require.NoError(t, err)
	var causes []string
	for _, activity := range described.ScalingActivities {
		if *activity.Description == "Setting desired instance count to 1." {
			causes = append(causes, *activity.Cause)
		}
	}
	return causes
}

// suspend keeps an endpoint from scaling out, or lets it again.
func (w *hostingWorld) suspend(t *testing.T, endpoint string, suspended bool) {
	t.Helper()
	_, err := w.clients.scaling.RegisterScalableTarget(t.Context(), &applicationautoscaling.RegisterScalableTargetInput{
		ServiceNamespace:  scalingtypes.ServiceNamespaceSagemaker,
		ScalableDimension: scalingtypes.ScalableDimensionSageMakerVariantDesiredInstanceCount,
		ResourceId:        aws.String("endpoint/" + endpoint + "/variant/main"),
		SuspendedState:    &scalingtypes.SuspendedState{DynamicScalingOutSuspended: &suspended},
	})
	require.NoError(t, err)
}

// traffic makes every metric happen that only some requests make happen: a request that expires and one that fails,
// models that push each other out of memory, and more requests at a time than provisioned concurrency is for.
func (w *hostingWorld) traffic(t *testing.T) {
	t.Helper()
	w.suspend(t, "later", true)
	w.reaches(t, "later", 0)
	w.submit(t, flower, aws.Int32(60))
	require.Eventually(t, func() bool { return w.published(t, metric("ExpiredRequests", "later")) }, soon, often)
	w.suspend(t, "later", false)
	w.submit(t, "no flower", nil)
	w.ask(t, "now", flower, "")
	w.ask(t, "steps", "Biscoe,46.1,13.2,211,4500,NA", "")
	for range 3 {
		w.ask(t, "many", "5.1,3.5", "sepals.tar.gz")
		w.ask(t, "many", "1.4,0.2", "petals.tar.gz")
	}
	spilled := metric("ServerlessProvisionedConcurrencySpilloverInvocations", "rare")
	require.Eventually(t, func() bool {
		done := make(chan struct{})
		for range 4 {
			go func() {
				defer func() { done <- struct{}{} }()
				w.ask(t, "rare", flower, "")
			}()
		}
		for range 4 {
			<-done
		}
		return w.published(t, spilled)
	}, soon, often)
}
