// Package discovery declares where applications look up which endpoint to invoke.
package discovery

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/internal/check"
)

// Type is the component's resource type token. It is part of the parameter's URN: changing it replaces the parameter.
const Type = "sagehost:discovery:Discovery"

// Limits of a parameter's name (AWS Systems Manager API, PutParameter): characters of its ARN, and levels.
const (
	maxARNLength = 1011
	maxLevels    = 15
)

// ParameterName is the parameter of an endpoint of a stack, such as "/sagehost/prod/endpoints/flowers".
func ParameterName(project, stack, endpoint string) string {
	return "/" + strings.Join([]string{project, stack, "endpoints", endpoint}, "/")
}

// Args configures a Discovery.
type Args struct {
	// ParameterName is the parameter's name, which applications know; function ParameterName makes it. At most 15 levels
	// of letters, digits and ".", "-", "_". Changing it replaces the parameter. Required.
	ParameterName string

	// EndpointName is the endpoint's name in SageMaker. Required.
	EndpointName pulumi.StringInput

	// Tags are added to the parameter, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Discovery is a parameter of AWS Systems Manager that holds an endpoint's name. A new model changes neither.
type Discovery struct {
	pulumi.ResourceState

	// ParameterName is the parameter's name, known once it holds the endpoint's.
	ParameterName pulumi.StringOutput `pulumi:"parameterName"`
	// ParameterARN is the parameter's ARN, for the policies of those that read it.
	ParameterARN pulumi.StringOutput `pulumi:"parameterArn"`
}

// New creates the parameter. It comes after the endpoint, so that nobody finds the name of one that is not there.
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
	parameter, err := ssm.NewParameter(ctx, name, &ssm.ParameterArgs{
		Name:        pulumi.String(args.ParameterName),
		Description: pulumi.String("The SageMaker endpoint to invoke for " + name),
		Type:        pulumi.String("String"),
		// A name is no secret, and shows in plans.
		InsecureValue: args.EndpointName,
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
	if a.EndpointName == nil {
		at.Key("endpointName").Addf("is required")
	}
}
