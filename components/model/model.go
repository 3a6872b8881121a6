// Package model declares a SageMaker model of one container.
package model

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/internal/check"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the model.
const Type = "sagehost:model:Model"

// Args configures a Model.
type Args struct {
	Spec

	// RoleARN is the execution role; package execrole generates one. Required.
	RoleARN pulumi.StringInput

	// ArtifactURI is the s3:// URI of the archive that Spec.ArtifactFile was uploaded to. Required with it, and only
	// with it.
	ArtifactURI pulumi.StringInput

	// Tags are added to the model, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Model is a SageMaker model: image, archive and environment under a generated name.
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
	at := check.New("")
	args.Check(at, false)
	if args.RoleARN == nil {
		at.Key("roleArn").Addf("is required")
	}
	if (args.ArtifactURI != nil) != (args.ArtifactFile != "") {
		at.Key("artifactUri").Addf("belongs to artifactFile: both must be given, or neither")
	}
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("model %q: %w", name, err)
	}
	m := &Model{}
	artifact := args.ArtifactURI
	if artifact == nil {
		artifact = pulumi.String(args.Artifact)
	}
	props := pulumi.Map{"image": pulumi.String(args.Image), "artifact": artifact}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, m, opts...); err != nil {
		return nil, fmt.Errorf("model %q: %w", name, err)
	}

	container := sagemaker.ModelPrimaryContainerArgs{Image: pulumi.String(args.Image)}
	if args.Artifact != "" || args.ArtifactURI != nil {
		container.ModelDataUrl = artifact
	}
	if len(args.Environment) > 0 {
		container.Environment = pulumi.ToStringMap(args.Environment)
	}
	child, err := sagemaker.NewModel(ctx, name, &sagemaker.ModelArgs{
		ExecutionRoleArn:       args.RoleARN,
		PrimaryContainer:       container,
		EnableNetworkIsolation: pulumi.Bool(args.Isolated()),
		Tags:                   args.Tags,
	}, pulumi.Parent(m), pulumi.Protect(false))
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", name, err)
	}
	m.Name, m.ARN = child.Name, child.Arn
	return m, ctx.RegisterResourceOutputs(m, pulumi.Map{"name": m.Name, "arn": m.ARN})
}
