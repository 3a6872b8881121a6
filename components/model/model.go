// Package model declares a SageMaker model: of one container, of a pipeline of several, or from a model package.
package model

import (
	"fmt"

	"github.com/dustin/go-humanize/english"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/execrole"
	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the model.
const Type = "sagehost:model:Model"

// NotSecretKey is the input of the component, and of one of package batch, that lists Spec.NotSecret.
const NotSecretKey = "notSecret"

// Args configures a Model.
type Args struct {
	Spec

	// RoleARN is the execution role; package execrole generates one. Required.
	RoleARN pulumi.StringInput

	// ArtifactURIs are for each of the Spec's Stages the s3:// URI of the archive that its ArtifactFile was uploaded to,
	// or the prefix of its many models if the Spec names none; nil for all others. Default: unset, for a Spec that wants
	// none.
	ArtifactURIs []pulumi.StringInput

	// Network is the network that the model joins, unless the Spec keeps it out. Default: none.
	Network *Network

	// Tags are added to the model, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Network is where in Amazon VPC the model's network interfaces are.
type Network = execrole.Network

// Model is a SageMaker model: images, archives and environments under a generated name.
type Model struct {
	pulumi.ResourceState

	// Name is the model's generated name. Every change of the model makes a new name.
	Name pulumi.StringOutput `pulumi:"name"`
	// ARN is the model's ARN.
	ARN pulumi.StringOutput `pulumi:"arn"`
}

// New creates a model. SageMaker models are immutable: any change creates another one, moves the endpoints to it, and
// then deletes the old one. The name is therefore always generated and the model is never protected.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Model, error) {
	if err := args.check(); err != nil {
		return nil, fmt.Errorf("model %q: %w", name, err)
	}
	m := &Model{}
	containers := args.containers()
	if err := ctx.RegisterComponentResourceV2(Type, name, args.props(containers), m, opts...); err != nil {
		return nil, fmt.Errorf("model %q: %w", name, err)
	}

	child, err := sagemaker.NewModel(ctx, name, args.declare(containers), pulumi.Parent(m), pulumi.Protect(false))
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", name, err)
	}
	m.Name, m.ARN = child.Name, child.Arn
	return m, ctx.RegisterResourceOutputs(m, pulumi.Map{"name": m.Name, "arn": m.ARN})
}

func (a *Args) check() error {
	at := check.New("")
	a.Check(at, Rules{Network: a.Network != nil})
	if a.RoleARN == nil {
		at.Key("roleArn").Addf("is required")
	}
	stages, uris := a.Stages(), at.Key("artifactUris")
	if n := len(a.ArtifactURIs); n > len(stages) {
		uris.Addf("has %d entries; the model has %s", n, english.Plural(len(stages), "container", ""))
	}
	for i := range stages {
		if stages[i].WantsURI() != (a.uri(i) != nil) {
			uris.Index(i).Addf("belongs to artifactFile, and to multiModel without a prefix: " +
				"both must be given, or neither")
		}
	}
	if a.Network != nil {
		if a.Network.SubnetIDs == nil {
			at.Key("network").Key("subnetIds").Addf("is required")
		}
		if a.Network.SecurityGroupIDs == nil {
			at.Key("network").Key("securityGroupIds").Addf("is required")
		}
	}
	return at.Err()
}

// uri is the i-th of ArtifactURIs, nil beyond its end.
func (a *Args) uri(i int) pulumi.StringInput {
	if i < len(a.ArtifactURIs) {
		return a.ArtifactURIs[i]
	}
	return nil
}

// props are what the component records: where the containers and their data come from.
func (a *Args) props(containers []container) pulumi.Map {
	if a.PackageARN != "" {
		return a.withNotSecret(pulumi.Map{"packageArn": pulumi.String(a.PackageARN)})
	}
	list := make(pulumi.Array, len(containers))
	for i := range containers {
		recorded := pulumi.Map{"image": pulumi.String(containers[i].Image)}
		if containers[i].data != nil {
			recorded["artifact"] = containers[i].data
		}
		list[i] = recorded
	}
	return a.withNotSecret(pulumi.Map{"containers": list})
}

// withNotSecret adds what is declared to be no secret, for reviews to show.
func (a *Args) withNotSecret(props pulumi.Map) pulumi.Map {
	if len(a.NotSecret) > 0 {
		props[NotSecretKey] = pulumi.ToStringArray(a.NotSecret)
	}
	return props
}

// declare renders the model for the provider. A container that stands alone is primary, which is no pipeline.
func (a *Args) declare(containers []container) *sagemaker.ModelArgs {
	declared := &sagemaker.ModelArgs{
		ExecutionRoleArn:       a.RoleARN,
		EnableNetworkIsolation: pulumi.Bool(a.Isolated()),
		Tags:                   a.Tags,
	}
	switch {
	case a.PackageARN != "":
		on := container{Stage: Stage{Container: a.Container}}
		declared.PrimaryContainer = sagemaker.ModelPrimaryContainerArgs{
			ModelPackageName: pulumi.String(a.PackageARN), Environment: on.environment(),
		}
	case a.Containers == nil:
		declared.PrimaryContainer = containers[0].primary()
	default:
		list := make(sagemaker.ModelContainerArray, len(containers))
		for i := range containers {
			list[i] = containers[i].stage()
		}
		declared.Containers = list
	}
	if a.Direct {
		declared.InferenceExecutionConfig = sagemaker.ModelInferenceExecutionConfigArgs{Mode: pulumi.String("Direct")}
	}
	if a.Network != nil && a.Joins() {
		declared.VpcConfig = sagemaker.ModelVpcConfigArgs{
			Subnets: a.Network.SubnetIDs, SecurityGroupIds: a.Network.SecurityGroupIDs,
		}
	}
	return declared
}
