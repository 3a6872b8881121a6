// Package discovery declares where applications look up which endpoint to invoke, and which batch transform to start.
package discovery

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of the parameter's URN: changing it replaces the parameter.
const Type = "sagehost:discovery:Discovery"

// Limits of a parameter's name (AWS Systems Manager API, PutParameter): characters of its ARN, and levels.
const (
	maxARNLength = 1011
	maxLevels    = 15
)

// BatchParameterName is the parameter of a batch transform of a stack, such as "/sagehost/prod/batch/flowers".
func BatchParameterName(project, stack, batch string) string {
	return "/" + strings.Join([]string{project, stack, "batch", batch}, "/")
}

// ParameterName is the parameter of an endpoint of a stack, such as "/sagehost/prod/endpoints/flowers".
func ParameterName(project, stack, endpoint string) string {
	return "/" + strings.Join([]string{project, stack, "endpoints", endpoint}, "/")
}

// Args configures a Discovery.
type Args struct {
	// ParameterName is the parameter's name, which applications know; the functions of this package make it. At most 15
	// levels of letters, digits and ".", "-", "_". Changing it replaces the parameter. Required.
	ParameterName string

	// EndpointName is the endpoint's name in SageMaker. Required, unless Batch is given.
	EndpointName pulumi.StringInput

	// Batch describes a batch transform, in place of EndpointName. Default: unset.
	Batch *Batch

	// Tags are added to the parameter, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Batch is what must be known of a batch transform to start it and to find what it predicted.
type Batch struct {
	// StateMachineARN is the state machine to execute.
	StateMachineARN pulumi.StringInput
	// Bucket is where data is, beneath InputPrefix and RunsPrefix.
	Bucket pulumi.StringInput
	// InputPrefix is where input may be put, and RunsPrefix where every run has a folder of its name; both end in "/".
	InputPrefix, RunsPrefix string
	// InputURI is the s3:// URI of a run's default input: a prefix, ending in "/", or one object.
	InputURI pulumi.StringInput
}

// value is the parameter's, in JSON.
func (b *Batch) value() pulumi.StringOutput {
	return pulumi.JSONMarshal(pulumi.Map{
		"stateMachineArn": b.StateMachineARN, "bucket": b.Bucket, "inputPrefix": pulumi.String(b.InputPrefix),
		"runsPrefix": pulumi.String(b.RunsPrefix), "inputUri": b.InputURI,
	})
}

// Discovery is a parameter of AWS Systems Manager that holds an endpoint's name, or describes a batch transform. A new
// model changes none of it.
type Discovery struct {
	pulumi.ResourceState

	// ParameterName is the parameter's name, known once it holds the endpoint's.
	ParameterName pulumi.StringOutput `pulumi:"parameterName"`
	// ParameterARN is the parameter's ARN, for the policies of those that read it.
	ParameterARN pulumi.StringOutput `pulumi:"parameterArn"`
}

// New creates the parameter. It comes after what it names, so that nobody finds the name of one that is not there.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Discovery, error) {
	at := check.New("")
	args.check(at)
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("discovery %q: %w", name, err)
	}
	d := &Discovery{}
	props := pulumi.Map{"parameterName": pulumi.String(args.ParameterName)}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, d, opts...); err != nil {
		return nil, fmt.Errorf("discovery %q: %w", name, err)
	}
	description, value := "The SageMaker endpoint to invoke for ", args.EndpointName
	if args.Batch != nil {
		description, value = "The batch transform to start for ", args.Batch.value()
	}
	parameter, err := ssm.NewParameter(ctx, name, &ssm.ParameterArgs{
		Name:        pulumi.String(args.ParameterName),
		Description: pulumi.String(description + name),
		Type:        pulumi.String("String"),
		// Names are no secret, and show in plans.
		InsecureValue: value,
		Tags:          args.Tags,
	}, pulumi.Parent(d))
	if err != nil {
		return nil, fmt.Errorf("discovery %q: %w", name, err)
	}
	d.ParameterName, d.ParameterARN = parameter.Name, parameter.Arn
	return d, ctx.RegisterResourceOutputs(d, pulumi.Map{
		"parameterName": d.ParameterName, "parameterArn": d.ParameterARN,
	})
}

// parameterPath is a full name, from the root. Names cannot begin with what AWS keeps for its own.
var (
	parameterPath = regexp.MustCompile(`^(/[a-zA-Z0-9._-]+)+$`)
	reserved      = regexp.MustCompile(`(?i)^/(aws|ssm)`)
)

func (a *Args) check(at check.At) {
	name := at.Key("parameterName")
	switch longest := maxARNLength - len("arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter"); {
	case !name.Required(a.ParameterName):
	case !parameterPath.MatchString(a.ParameterName):
		name.Addf("%q is not the full name of a parameter; expected one like \"/sagehost/prod/endpoints/flowers\"",
			a.ParameterName)
	case reserved.MatchString(a.ParameterName):
		name.Addf("%q begins with what AWS keeps for its own parameters", a.ParameterName)
	case strings.Count(a.ParameterName, "/") > maxLevels:
		name.Addf("has %d levels; at most %d are allowed", strings.Count(a.ParameterName, "/"), maxLevels)
	case len(a.ParameterName) > longest:
		name.Addf("has %d characters; at most %d are allowed", len(a.ParameterName), longest)
	}
	switch {
	case a.EndpointName != nil && a.Batch != nil:
		at.Key("batch").Addf("contradicts endpointName; give either")
	case a.EndpointName == nil && a.Batch == nil:
		at.Key("endpointName").Addf("is required")
	}
}
