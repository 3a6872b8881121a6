package scaling

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/appautoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The names of the provider's types are longer than lines may be.
type (
	tracking   = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs
	predefined = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs
	customized = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs
	dimensions = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensionArray
	dimension  = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensionArgs
	stepwise   = appautoscaling.PolicyStepScalingPolicyConfigurationArgs
	steps      = appautoscaling.PolicyStepScalingPolicyConfigurationStepAdjustmentArray
	step       = appautoscaling.PolicyStepScalingPolicyConfigurationStepAdjustmentArgs
)

// capacity is something that a variant has more or less of, and how it follows the load.
type capacity struct {
	dimension    string
	endpointName pulumi.StringInput
	variantName  string
	min, max     int
	schedules    []Schedule
	tracking     tracking
	// leavesZero says that there may be none of it, which no target to track ends.
	leavesZero bool
	tags       pulumi.StringMapInput
}

func (s *Scaling) policies(ctx *pulumi.Context, name string, c *capacity, target *appautoscaling.Target) error {
	_, err := appautoscaling.NewPolicy(ctx, name, &appautoscaling.PolicyArgs{
		PolicyType:                               pulumi.String("TargetTrackingScaling"),
		ServiceNamespace:                         target.ServiceNamespace,
		ScalableDimension:                        target.ScalableDimension,
		ResourceId:                               target.ResourceId,
		TargetTrackingScalingPolicyConfiguration: c.tracking,
	}, pulumi.Parent(s))
	if err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	if !c.leavesZero {
		return nil
	}
	return s.leaveZero(ctx, name+".leave-zero", c, target)
}

// leaveZero adds the first instance when requests wait and there is none: without instances, SageMaker publishes no
// backlog per instance that target tracking could act on. The figures are those of the SageMaker developer guide,
// "Autoscale an asynchronous endpoint". Silence is no alarm, as an endpoint at which nothing waits needs no instance.
func (s *Scaling) leaveZero(ctx *pulumi.Context, name string, c *capacity, target *appautoscaling.Target) error {
	policy, err := appautoscaling.NewPolicy(ctx, name, &appautoscaling.PolicyArgs{
		PolicyType:        pulumi.String("StepScaling"),
		ServiceNamespace:  target.ServiceNamespace,
		ScalableDimension: target.ScalableDimension,
		ResourceId:        target.ResourceId,
		StepScalingPolicyConfiguration: stepwise{
			AdjustmentType:        pulumi.String("ChangeInCapacity"),
			MetricAggregationType: pulumi.String("Average"),
			Cooldown:              seconds(nil, DefaultCooldown),
			StepAdjustments: steps{
				step{MetricIntervalLowerBound: pulumi.String("0"), ScalingAdjustment: pulumi.Int(1)},
			},
		},
	}, pulumi.Parent(s))
	if err != nil {
		return fmt.Errorf("policy that leaves zero: %w", err)
	}
	_, err = cloudwatch.NewMetricAlarm(ctx, name, &cloudwatch.MetricAlarmArgs{
		Name: pulumi.Sprintf("%s.%s.leave-zero", c.endpointName, c.variantName),
		AlarmDescription: pulumi.Sprintf("Requests wait and variant %s has no instance: scaling adds one.",
			c.variantName),
		Namespace:          pulumi.String(metrics),
		MetricName:         pulumi.String("HasBacklogWithoutCapacity"),
		Dimensions:         pulumi.StringMap{"EndpointName": c.endpointName},
		Statistic:          pulumi.String("Average"),
		Period:             pulumi.Int(60),
		ComparisonOperator: pulumi.String("GreaterThanOrEqualToThreshold"),
		Threshold:          pulumi.Float64(1),
		DatapointsToAlarm:  pulumi.Int(2),
		EvaluationPeriods:  pulumi.Int(2),
		TreatMissingData:   pulumi.String("notBreaching"),
		AlarmActions:       pulumi.Array{policy.Arn},
		Tags:               c.tags,
	}, pulumi.Parent(s))
	if err != nil {
		return fmt.Errorf("alarm that leaves zero: %w", err)
	}
	return nil
}

// seconds is a span in seconds, or its default where there is none.
func seconds(span *time.Duration, fallback time.Duration) pulumi.Int {
	if span == nil {
		return pulumi.Int(int(fallback / time.Second))
	}
	return pulumi.Int(int(*span / time.Second))
}
