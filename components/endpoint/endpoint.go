// Package endpoint declares a SageMaker endpoint and the configuration it serves: in real time, without instances, or
// asynchronously.
package endpoint

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/logs"
	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the endpoint.
const Type = "sagehost:endpoint:Endpoint"

// Endpoint is an endpoint in service.
type Endpoint struct {
	pulumi.ResourceState

	// Name is the endpoint's name, known once it is in service. A scalable target that is made of it is deregistered
	// before the endpoint's variants change, and registered again after it.
	Name pulumi.StringOutput `pulumi:"name"`
	// ARN is the endpoint's ARN.
	ARN pulumi.StringOutput `pulumi:"arn"`
	// ConfigName is the configuration in service. It is an error when SageMaker went back to an earlier one; a program
	// must export it or use it, or the error is lost.
	ConfigName pulumi.StringOutput `pulumi:"configName"`
}

// New creates an endpoint, its log group, its configuration, and the alarms that end its updates. A change of variants
// makes a new configuration, has the alarms look at it, updates the endpoint in place, and only then deletes the old
// configuration; the endpoint answers throughout.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Endpoint, error) {
	at := check.New("")
	args.check(at, name)
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("endpoint %q: %w", name, err)
	}
	e := &Endpoint{}
	props := pulumi.Map{"name": pulumi.String(args.Name)}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, e, opts...); err != nil {
		return nil, fmt.Errorf("endpoint %q: %w", name, err)
	}

	// Configurations are immutable and must be replaceable while in use: a generated name, and no inherited protection.
	config, err := sagemaker.NewEndpointConfiguration(ctx, name, &sagemaker.EndpointConfigurationArgs{
		ProductionVariants:       productionVariants(args.Variants),
		ShadowProductionVariants: shadowVariants(args.Shadow),
		AsyncInferenceConfig:     args.asyncConfig(),
		DataCaptureConfig:        args.captureConfig(),
		KmsKeyArn:                args.volumeKey(),
		Tags:                     args.Tags,
	}, pulumi.Parent(e), pulumi.Protect(false))
	if err != nil {
		return nil, fmt.Errorf("endpoint %q: configuration: %w", name, err)
	}
	alarmNames, alarms, err := e.newRollbackAlarms(ctx, name, args, config.Name)
	if err != nil {
		return nil, err
	}
	// SageMaker would make the log group itself, and keep everything in it for ever.
	group, err := logs.NewGroup(ctx, name, &logs.Args{
		Spec: args.Logs, GroupName: logs.OfEndpoint(args.Name), KMSKeyARN: args.LogsKMSKeyARN, Tags: args.Tags,
	}, pulumi.Parent(e), pulumi.Protect(args.Protect))
	if err != nil {
		return nil, fmt.Errorf("endpoint %q: log group: %w", name, err)
	}
	fleets, err := e.newFleets(ctx, name, args, config)
	if err != nil {
		return nil, err
	}
	// The alarms must look at the new configuration before the update begins. Their names are given as text, because
	// names that a preview does not know would look like a change of the list, which replaces the endpoint.
	child, err := sagemaker.NewEndpoint(ctx, name, &sagemaker.EndpointArgs{
		Name:               pulumi.String(args.Name),
		EndpointConfigName: config.Name,
		DeploymentConfig:   args.Update.deploymentConfig(alarmNames),
		Tags:               args.Tags,
	}, pulumi.Parent(e), pulumi.Protect(args.Protect), pulumi.DependsOn(append(alarms, group, fleets)))
	if err != nil {
		return nil, fmt.Errorf("endpoint %q: %w", name, err)
	}

	e.Name, e.ARN = scalable(child, fleets), child.Arn
	e.ConfigName = inService(child, config, alarmNames)
	outputs := pulumi.Map{"name": e.Name, "arn": e.ARN, "configName": e.ConfigName}
	return e, ctx.RegisterResourceOutputs(e, outputs)
}

// inService compares the configuration that serves with the one that was asked for. The provider reports an update that
// SageMaker rolled back as a success, and would have the configuration still in use deleted next; this error stops the
// deployment before that. The provider does not read SageMaker's reason. Nor does it read an endpoint whose creation
// has failed, and takes it for made the next time: it is the one that has no ARN.
func inService(
	child *sagemaker.Endpoint, config *sagemaker.EndpointConfiguration, alarms []string,
) pulumi.StringOutput {
	watched := ""
	if len(alarms) > 0 {
		watched = "; the alarms that end an update are " + strings.Join(alarms, ", ")
	}
	names := pulumi.All(child.Name, child.EndpointConfigName, config.Name, child.Arn)
	return names.ApplyT(func(names []any) (string, error) {
		endpoint, serving, wanted := names[0].(string), names[1].(string), names[2].(string)
		if names[3] == "" {
			return "", fmt.Errorf("endpoint %q has never come into service; "+
				"its FailureReason (DescribeEndpoint) says why; delete it, refresh the state, and deploy again", endpoint)
		}
		if serving != wanted {
			return "", fmt.Errorf("endpoint %q was rolled back: it serves the configuration %q, not %q; "+
				"its FailureReason (DescribeEndpoint) says why%s", endpoint, serving, wanted, watched)
		}
		return serving, nil
	}).(pulumi.StringOutput)
}
