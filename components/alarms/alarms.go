// Package alarms watches an endpoint's variants.
package alarms

import (
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/internal/check"
	"sagehost/internal/limits"
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

// Variant is what the alarms must know of a production variant.
type Variant struct {
	// Name is the variant's name.
	Name string
	// InstanceType says how many virtual CPUs share the load.
	InstanceType limits.InstanceType
	// MaxInstances is the upper bound of its scaling; 0 without scaling.
	MaxInstances int
}

// Alarms is a set of alarms.
type Alarms struct {
	pulumi.ResourceState

	// Names are the alarms' names.
	Names pulumi.StringArrayOutput `pulumi:"names"`
}

// New creates the alarms of each variant. Their names are fixed, <endpoint>.<variant>.<alarm>, so that other tools can
// refer to them. Silence is no alarm: without traffic, SageMaker publishes nothing.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Alarms, error) {
	at := check.New("")
	args.Check(at)
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
	for _, variant := range args.Variants {
		for suffix, alarm := range alarmsOf(args, variant) {
			alarm.Name = pulumi.String(args.EndpointName + "." + variant.Name + "." + suffix)
			alarm.AlarmActions = pulumi.Array{args.TopicARN}
			alarm.OkActions = pulumi.Array{args.TopicARN}
			alarm.TreatMissingData = pulumi.String("notBreaching")
			alarm.Tags = args.Tags
			child, err := cloudwatch.NewMetricAlarm(ctx, name+"."+variant.Name+"."+suffix, alarm, pulumi.Parent(a))
			if err != nil {
				return nil, fmt.Errorf("alarms %q: %s of variant %q: %w", name, suffix, variant.Name, err)
			}
			names = append(names, child.Name)
		}
	}
	a.Names = names.ToStringArrayOutput()
	return a, ctx.RegisterResourceOutputs(a, pulumi.Map{"names": a.Names})
}

// alarmsOf yields the alarms of a variant under the ends of their names.
func alarmsOf(args *Args, variant Variant) iter.Seq2[string, *cloudwatch.MetricAlarmArgs] {
	dimensions := pulumi.StringMap{
		"EndpointName": pulumi.String(args.EndpointName),
		"VariantName":  pulumi.String(variant.Name),
	}
	return func(yield func(string, *cloudwatch.MetricAlarmArgs) bool) {
		for _, r := range rows(&args.Spec, variant.InstanceType) {
			if !yield(r.key, r.alarm(dimensions, variant)) {
				return
			}
		}
		if variant.MaxInstances > 1 {
			yield("at-max-capacity", atMaxCapacity(dimensions, variant))
		}
	}
}

func (r row) alarm(dimensions pulumi.StringMap, variant Variant) *cloudwatch.MetricAlarmArgs {
	return &cloudwatch.MetricAlarmArgs{
		AlarmDescription: pulumi.Sprintf("%s: %s of variant %s is above %s in %d of %d minutes.",
			r.says, r.metric, variant.Name, strconv.FormatFloat(r.threshold, 'f', -1, 64), r.datapoints, r.evaluations),
		Namespace:          pulumi.String(r.namespace),
		MetricName:         pulumi.String(r.metric),
		Dimensions:         dimensions,
		Statistic:          pulumi.String(r.statistic),
		Period:             pulumi.Int(int(period / time.Second)),
		ComparisonOperator: pulumi.String("GreaterThanThreshold"),
		Threshold:          pulumi.Float64(r.threshold),
		DatapointsToAlarm:  pulumi.Int(r.datapoints),
		EvaluationPeriods:  pulumi.Int(r.evaluations),
	}
}

// checkVariants reports what would leave alarms without a sensible threshold.
func checkVariants(at check.At, variants []Variant) {
	if len(variants) == 0 {
		at.Addf("has 0 entries; at least 1 is required")
	}
	for i, variant := range variants {
		if !variant.InstanceType.IsHosting() {
			at.Index(i).Key("instanceType").Addf("%q is not a SageMaker hosting instance type%s", variant.InstanceType,
				check.DidYouMean(string(variant.InstanceType), limits.HostingInstanceTypes()))
		}
	}
}
