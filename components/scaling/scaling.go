// Package scaling keeps the capacity of a variant in step with its load: the number of its instances, or the
// provisioned concurrency of one without instances.
package scaling

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/appautoscaling"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces them.
const Type = "sagehost:scaling:Scaling"

// What Application Auto Scaling calls the capacities of a variant.
const (
	serviceNamespace       = "sagemaker"
	instances              = "sagemaker:variant:DesiredInstanceCount"
	provisionedConcurrency = "sagemaker:variant:DesiredProvisionedConcurrency"
)

// Args configures the scaling of a variant's instances.
type Args struct {
	Spec

	// EndpointName is the endpoint, in service. Required.
	EndpointName pulumi.StringInput
	// VariantName is the variant to scale. Required.
	VariantName string
	// Variant is what the bounds are checked against.
	Variant Variant

	// Tags are added to the scalable target and the alarm, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// ConcurrencyArgs configures the scaling of a serverless variant's provisioned concurrency.
type ConcurrencyArgs struct {
	ConcurrencySpec

	// EndpointName is the endpoint, in service. Required.
	EndpointName pulumi.StringInput
	// VariantName is the variant to scale. Required.
	VariantName string
	// Variant is what the bounds are checked against.
	Variant ServerlessVariant

	// Tags are added to the scalable target, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Scaling is a scalable target with its policies and schedules.
type Scaling struct {
	pulumi.ResourceState

	// ResourceID is the scalable target: endpoint/<endpoint>/variant/<variant>.
	ResourceID pulumi.StringOutput `pulumi:"resourceId"`
}

// New registers the instances of a variant as a scalable target, with one target-tracking policy and an action for each
// schedule. On an asynchronous endpoint that may be without instances, a step policy with an alarm brings the first.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Scaling, error) {
	at := check.New("")
	args.Check(at, args.Variant)
	return newScaling(ctx, name, at, &capacity{
		dimension: instances, endpointName: args.EndpointName, variantName: args.VariantName,
		min: args.Min, max: args.Max, schedules: args.Schedules,
		tracking: args.tracking(args.EndpointName, args.Variant), leavesZero: args.leavesZero(args.Variant),
		tags: args.Tags,
	}, opts)
}

// NewConcurrency registers the provisioned concurrency of a serverless variant as a scalable target, with one
// target-tracking policy and an action for each schedule.
func NewConcurrency(
	ctx *pulumi.Context, name string, args *ConcurrencyArgs, opts ...pulumi.ResourceOption,
) (*Scaling, error) {
	at := check.New("")
	args.Check(at, args.Variant)
	return newScaling(ctx, name, at, &capacity{
		dimension: provisionedConcurrency, endpointName: args.EndpointName, variantName: args.VariantName,
		min: args.Min, max: args.Max, schedules: args.Schedules, tracking: args.tracking(), tags: args.Tags,
	}, opts)
}

// newScaling registers the component and its children, unless there are problems.
func newScaling(
	ctx *pulumi.Context, name string, at check.At, c *capacity, opts []pulumi.ResourceOption,
) (*Scaling, error) {
	at.Key("variantName").Required(c.variantName)
	if c.endpointName == nil {
		at.Key("endpointName").Addf("is required")
	}
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("scaling %q: %w", name, err)
	}
	s := &Scaling{}
	props := pulumi.Map{"min": pulumi.Int(c.min), "max": pulumi.Int(c.max)}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, s, opts...); err != nil {
		return nil, fmt.Errorf("scaling %q: %w", name, err)
	}
	target, err := appautoscaling.NewTarget(ctx, name, &appautoscaling.TargetArgs{
		ServiceNamespace:  pulumi.String(serviceNamespace),
		ScalableDimension: pulumi.String(c.dimension),
		ResourceId:        pulumi.Sprintf("endpoint/%s/variant/%s", c.endpointName, c.variantName),
		MinCapacity:       pulumi.Int(c.min),
		MaxCapacity:       pulumi.Int(c.max),
		Tags:              c.tags,
	}, pulumi.Parent(s))
	if err != nil {
		return nil, fmt.Errorf("scaling %q: target: %w", name, err)
	}
	if err := s.policies(ctx, name, c, target); err != nil {
		return nil, fmt.Errorf("scaling %q: %w", name, err)
	}
	if err := s.schedules(ctx, name, c.schedules, target); err != nil {
		return nil, err
	}
	s.ResourceID = target.ResourceId
	return s, ctx.RegisterResourceOutputs(s, pulumi.Map{"resourceId": s.ResourceID})
}
