// Package scaling keeps the number of a variant's instances in step with its load.
package scaling

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/appautoscaling"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/internal/check"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces them.
const Type = "sagehost:scaling:Scaling"

// What Application Auto Scaling calls the instances of a variant.
const (
	serviceNamespace  = "sagemaker"
	scalableDimension = "sagemaker:variant:DesiredInstanceCount"
)

// Args configures a Scaling.
type Args struct {
	Spec

	// EndpointName is the endpoint, in service. Required.
	EndpointName pulumi.StringInput
	// VariantName is the variant to scale. Required.
	VariantName string
	// Variant is what the bounds are checked against.
	Variant Variant

	// Tags are added to the scalable target, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Scaling is a scalable target with its policy and schedules.
type Scaling struct {
	pulumi.ResourceState

	// ResourceID is the scalable target: endpoint/<endpoint>/variant/<variant>.
	ResourceID pulumi.StringOutput `pulumi:"resourceId"`
}

// New registers the variant as a scalable target, with one target-tracking policy and an action for each schedule.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Scaling, error) {
	at := check.New("")
	args.Check(at, args.Variant)
	at.Key("variantName").Required(args.VariantName)
	if args.EndpointName == nil {
		at.Key("endpointName").Addf("is required")
	}
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("scaling %q: %w", name, err)
	}
	s := &Scaling{}
	props := pulumi.Map{"min": pulumi.Int(args.Min), "max": pulumi.Int(args.Max)}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, s, opts...); err != nil {
		return nil, fmt.Errorf("scaling %q: %w", name, err)
	}

	target, err := appautoscaling.NewTarget(ctx, name, &appautoscaling.TargetArgs{
		ServiceNamespace:  pulumi.String(serviceNamespace),
		ScalableDimension: pulumi.String(scalableDimension),
		ResourceId:        pulumi.Sprintf("endpoint/%s/variant/%s", args.EndpointName, args.VariantName),
		MinCapacity:       pulumi.Int(args.Min),
		MaxCapacity:       pulumi.Int(args.Max),
		Tags:              args.Tags,
	}, pulumi.Parent(s))
	if err != nil {
		return nil, fmt.Errorf("scaling %q: target: %w", name, err)
	}
	if err := s.policy(ctx, name, args, target); err != nil {
		return nil, err
	}
	if err := s.schedules(ctx, name, args.Schedules, target); err != nil {
		return nil, err
	}
	s.ResourceID = target.ResourceId
	return s, ctx.RegisterResourceOutputs(s, pulumi.Map{"resourceId": s.ResourceID})
}

func (s *Scaling) policy(ctx *pulumi.Context, name string, args *Args, target *appautoscaling.Target) error {
	metric, value := args.metric()
	type configuration = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs
	type predefined = appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs
	_, err := appautoscaling.NewPolicy(ctx, name, &appautoscaling.PolicyArgs{
		PolicyType:        pulumi.String("TargetTrackingScaling"),
		ServiceNamespace:  target.ServiceNamespace,
		ScalableDimension: target.ScalableDimension,
		ResourceId:        target.ResourceId,
		TargetTrackingScalingPolicyConfiguration: configuration{
			PredefinedMetricSpecification: predefined{PredefinedMetricType: pulumi.String(metric)},
			TargetValue:                   pulumi.Float64(value),
			ScaleInCooldown:               seconds(args.ScaleInCooldown),
			ScaleOutCooldown:              seconds(args.ScaleOutCooldown),
		},
	}, pulumi.Parent(s))
	if err != nil {
		return fmt.Errorf("scaling %q: policy: %w", name, err)
	}
	return nil
}

// metric is the predefined metric to track and the value to hold it at.
func (s *Spec) metric() (string, float64) {
	switch {
	case s.ConcurrentRequestsPerModel != nil:
		return "SageMakerVariantConcurrentRequestsPerModelHighResolution", *s.ConcurrentRequestsPerModel
	case s.LoadTest != nil:
		return "SageMakerVariantInvocationsPerInstance", s.LoadTest.Target()
	default:
		return "SageMakerVariantInvocationsPerInstance", *s.InvocationsPerInstance
	}
}

func seconds(span *time.Duration) pulumi.Int {
	if span == nil {
		return pulumi.Int(int(DefaultCooldown / time.Second))
	}
	return pulumi.Int(int(*span / time.Second))
}
