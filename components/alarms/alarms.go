// Package alarms watches an endpoint and its variants.
package alarms

import (
	"fmt"
	"iter"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the alarms.
const Type = "sagehost:alarms:Alarms"

// Args configures Alarms.
type Args struct {
	Spec

	// EndpointName is the endpoint's name, which begins the alarms' names. Required.
	EndpointName string
	// Variants are what to watch. Required.
	Variants []Variant
	// TopicARN is the SNS topic that is told when an alarm goes off and when it is over. Required.
	TopicARN pulumi.StringInput

	// Tags are added to the alarms, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Variant is what the alarms must know of a production variant: what it is decides which metrics SageMaker publishes.
type Variant struct {
	// Name is the variant's name.
	Name string
	// InstanceType says how many virtual CPUs share the load; empty for a serverless variant.
	InstanceType limits.InstanceType
	// MaxInstances is the upper bound of its scaling; 0 without scaling.
	MaxInstances int
	// Serverless is set for a variant without instances, of which nothing else than the name may be set.
	Serverless *Serverless
	// Asynchronous says that the endpoint answers later. It is the same for all variants.
	Asynchronous bool
	// Containers are the hostnames of the containers of a pipeline, or of containers that are invoked one by one; empty
	// for a single container.
	Containers []string
	// MultiModel says that a container loads models on demand.
	MultiModel bool
}

// Alarms is a set of alarms.
type Alarms struct {
	pulumi.ResourceState

	// Names are the alarms' names.
	Names pulumi.StringArrayOutput `pulumi:"names"`
}

// New creates the alarms of each variant, and those of an asynchronous endpoint as a whole. Their names are fixed,
// <endpoint>.<variant>.<alarm> and <endpoint>.<alarm>, so that other tools can refer to them.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Alarms, error) {
	at := check.New("")
	args.Check(at, args.Variants...)
	at.Key("endpointName").Required(args.EndpointName)
	checkVariants(at.Key("variants"), args.Variants)
	if args.TopicARN == nil {
		at.Key("topicArn").Addf("is required")
	}
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("alarms %q: %w", name, err)
	}
	a := &Alarms{}
	props := pulumi.Map{"endpointName": pulumi.String(args.EndpointName)}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, a, opts...); err != nil {
		return nil, fmt.Errorf("alarms %q: %w", name, err)
	}
	var names pulumi.StringArray
	for suffix, alarm := range args.alarms() {
		alarm.Name = pulumi.String(args.EndpointName + suffix)
		alarm.AlarmActions = pulumi.Array{args.TopicARN}
		alarm.OkActions = pulumi.Array{args.TopicARN}
		alarm.Tags = args.Tags
		child, err := cloudwatch.NewMetricAlarm(ctx, name+suffix, alarm, pulumi.Parent(a))
		if err != nil {
			return nil, fmt.Errorf("alarms %q: %s: %w", name, suffix, err)
		}
		names = append(names, child.Name)
	}
	a.Names = names.ToStringArrayOutput()
	return a, ctx.RegisterResourceOutputs(a, pulumi.Map{"names": a.Names})
}

// alarms yields the alarms under the ends of their names.
func (a *Args) alarms() iter.Seq2[string, *cloudwatch.MetricAlarmArgs] {
	return func(yield func(string, *cloudwatch.MetricAlarmArgs) bool) {
		for i := range a.Variants {
			v := &a.Variants[i]
			for _, r := range rows(&a.Spec, v) {
				if !yield("."+v.Name+"."+r.key, r.alarm(a.EndpointName, v.Name)) {
					return
				}
			}
			if a.reachesMax(v) && !yield("."+v.Name+".at-max-capacity", atMaxCapacity(a.EndpointName, v)) {
				return
			}
		}
		for _, r := range endpointRows(&a.Spec, a.Variants) {
			if !yield("."+r.key, r.alarm(a.EndpointName, "")) {
				return
			}
		}
	}
}

// reachesMax reports whether an alarm can tell that a variant is at its upper bound. The instances of several
// asynchronous variants share the metrics of their endpoint.
func (a *Args) reachesMax(v *Variant) bool {
	return v.MaxInstances > 1 && (!v.Asynchronous || len(a.Variants) == 1)
}
