// Package deployed says what an endpoint really runs, image by image and archive by archive: not what was asked for,
// but what SageMaker has deployed. Who only wants to know what there is to ask uses package inservice.
package deployed

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/smithy-go"

	"sagehost/internal/live/objecthash"
	"sagehost/kit/s3uri"
)

// SageMaker is what is asked; a *sagemaker.Client is one.
type SageMaker interface {
	DescribeEndpoint(
		context.Context, *sagemaker.DescribeEndpointInput, ...func(*sagemaker.Options),
	) (*sagemaker.DescribeEndpointOutput, error)
	DescribeEndpointConfig(
		context.Context, *sagemaker.DescribeEndpointConfigInput, ...func(*sagemaker.Options),
	) (*sagemaker.DescribeEndpointConfigOutput, error)
	DescribeModel(
		context.Context, *sagemaker.DescribeModelInput, ...func(*sagemaker.Options),
	) (*sagemaker.DescribeModelOutput, error)
}

// Cloud is where a stack is.
type Cloud struct {
	SageMaker SageMaker
	S3        objecthash.Reader
	// AllowedAccounts are the ids of the accounts that the stack may be in; none allows any.
	AllowedAccounts []string
}

// Endpoint is what an endpoint serves now.
type Endpoint struct {
	// Name and Status are SageMaker's.
	Name   string
	Status types.EndpointStatus
	// Config is the name of the configuration in use.
	Config string
	// FailureReason is why the last operation failed; empty when it did not.
	FailureReason string
	// Variants are the production variants, and the shadow variant if there is one, by their names.
	Variants map[string][]Container
}

// Container is a container that serves.
type Container struct {
	// Hostname is the container's in a pipeline.
	Hostname string
	// Image is the image that is deployed, by digest where SageMaker says it.
	Image string
	// Specified is the image as it was asked for, and At the time at which its digest was looked up; empty where the image
	// was asked for by digest.
	Specified, At string
	// Artifact is the s3:// URI of the archive; empty when there is none.
	Artifact string
	// Environment is handed to the container.
	Environment map[string]string
}

// Describe asks what an endpoint serves. The error matches fs.ErrNotExist where there is no such endpoint. An endpoint
// that is being created serves nothing: it has no variants.
func (c *Cloud) Describe(ctx context.Context, name string) (*Endpoint, error) {
	e, err := c.describe(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("endpoint %s: %w", name, err)
	}
	return e, nil
}

func (c *Cloud) describe(ctx context.Context, name string) (*Endpoint, error) {
	described, err := c.SageMaker.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: &name})
	if refusal, ok := errors.AsType[smithy.APIError](err); ok && strings.Contains(refusal.ErrorMessage(),
		"Could not find") {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, err
	}
	if err := c.checkAccount(aws.ToString(described.EndpointArn)); err != nil {
		return nil, err
	}
	e := &Endpoint{
		Name: name, Status: described.EndpointStatus, Config: aws.ToString(described.EndpointConfigName),
		FailureReason: aws.ToString(described.FailureReason), Variants: map[string][]Container{},
	}
	deployed := slices.Concat(described.ProductionVariants, described.ShadowProductionVariants)
	if len(deployed) == 0 {
		return e, nil
	}
	config, err := c.SageMaker.DescribeEndpointConfig(ctx,
		&sagemaker.DescribeEndpointConfigInput{EndpointConfigName: described.EndpointConfigName})
	if err != nil {
		return nil, err
	}
	models := map[string]*string{}
	for _, variant := range slices.Concat(config.ProductionVariants, config.ShadowProductionVariants) {
		models[aws.ToString(variant.VariantName)] = variant.ModelName
	}
	for i := range deployed {
		variant := aws.ToString(deployed[i].VariantName)
		if e.Variants[variant], err = c.containers(ctx, models[variant], deployed[i].DeployedImages); err != nil {
			return nil, fmt.Errorf("variant %s: %w", variant, err)
		}
	}
	return e, nil
}

func (c *Cloud) checkAccount(endpoint string) error {
	parts, err := arn.Parse(endpoint)
	if err != nil {
		return err
	}
	if len(c.AllowedAccounts) > 0 && !slices.Contains(c.AllowedAccounts, parts.AccountID) {
		return fmt.Errorf("is in account %s; aws:allowedAccountIds of the stack allows %s",
			parts.AccountID, strings.Join(c.AllowedAccounts, ", "))
	}
	return nil
}

// containers are those of a model in SageMaker, with the images that are deployed of it.
func (c *Cloud) containers(ctx context.Context, model *string, images []types.DeployedImage) ([]Container, error) {
	described, err := c.SageMaker.DescribeModel(ctx, &sagemaker.DescribeModelInput{ModelName: model})
	if err != nil {
		return nil, err
	}
	definitions := described.Containers
	if len(definitions) == 0 && described.PrimaryContainer != nil {
		definitions = []types.ContainerDefinition{*described.PrimaryContainer}
	}
	list := make([]Container, len(definitions))
	for i := range definitions {
		d := &definitions[i]
		list[i] = Container{
			Hostname: aws.ToString(d.ContainerHostname), Image: aws.ToString(d.Image), Artifact: archive(d),
			Environment: d.Environment,
		}
		list[i].resolve(images)
	}
	return list, nil
}

// resolve puts the image that is deployed in the place of the one that was asked for.
func (c *Container) resolve(images []types.DeployedImage) {
	for _, image := range images {
		if aws.ToString(image.SpecifiedImage) != c.Image || aws.ToString(image.ResolvedImage) == "" {
			continue
		}
		if resolved := *image.ResolvedImage; resolved != c.Image {
			c.Specified, c.Image = c.Image, resolved
			c.At = aws.ToTime(image.ResolutionTime).UTC().Format("2006-01-02T15:04:05Z")
		}
		return
	}
}

// archive is the s3:// URI of a container's archive, in whichever way it was given.
func archive(d *types.ContainerDefinition) string {
	if d.ModelDataUrl == nil && d.ModelDataSource != nil && d.ModelDataSource.S3DataSource != nil {
		return s3uri.Normalize(aws.ToString(d.ModelDataSource.S3DataSource.S3Uri))
	}
	return s3uri.Normalize(aws.ToString(d.ModelDataUrl))
}
