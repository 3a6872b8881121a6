// Package inservice says whether an endpoint is in service, and with which variants and how many instances. What these
// run, image by image, is for package deployed to say.
package inservice

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// SageMaker is what is asked; a *sagemaker.Client is one.
type SageMaker interface {
	DescribeEndpoint(
		context.Context, *sagemaker.DescribeEndpointInput, ...func(*sagemaker.Options),
	) (*sagemaker.DescribeEndpointOutput, error)
	DescribeEndpointConfig(
		context.Context, *sagemaker.DescribeEndpointConfigInput, ...func(*sagemaker.Options),
	) (*sagemaker.DescribeEndpointConfigOutput, error)
}

// Endpoint is an endpoint in service.
type Endpoint struct {
	// Name is its name in SageMaker.
	Name string
	// Config is the name of the configuration that it serves.
	Config string
	// Variants are its production variants; shadows answer nobody.
	Variants []Variant
	// Async is where an asynchronous endpoint leaves its answers; nil for any other.
	Async *types.AsyncInferenceOutputConfig
}

// Variant is a production variant.
type Variant struct {
	Name string
	// Model is the model's name in SageMaker.
	Model string
	// InstanceType is empty for a serverless variant.
	InstanceType string
	// Instances is how many there are at the moment; 0 for a serverless variant.
	Instances int
	// Serverless says that there are no instances.
	Serverless bool
}

// StatusError says that an endpoint is not in service.
type StatusError struct {
	// Endpoint is its name in SageMaker.
	Endpoint string
	// Status is what it is instead.
	Status types.EndpointStatus
}

// Error is the status in a sentence.
func (e *StatusError) Error() string {
	return fmt.Sprintf("endpoint %q is not in service but %s", e.Endpoint, e.Status)
}

// Describe asks what an endpoint serves. It is a *StatusError when the endpoint is not in service.
func Describe(ctx context.Context, api SageMaker, name string) (*Endpoint, error) {
	described, err := api.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: &name})
	if err != nil {
		return nil, fmt.Errorf("endpoint %q: %w", name, err)
	}
	if described.EndpointStatus != types.EndpointStatusInService {
		return nil, &StatusError{Endpoint: name, Status: described.EndpointStatus}
	}
	config, err := api.DescribeEndpointConfig(ctx,
		&sagemaker.DescribeEndpointConfigInput{EndpointConfigName: described.EndpointConfigName})
	if err != nil {
		return nil, fmt.Errorf("endpoint %q: configuration %q: %w", name, aws.ToString(described.EndpointConfigName), err)
	}
	e := &Endpoint{Name: name, Config: aws.ToString(described.EndpointConfigName)}
	if config.AsyncInferenceConfig != nil {
		e.Async = config.AsyncInferenceConfig.OutputConfig
	}
	running := map[string]int{}
	for i := range described.ProductionVariants {
		v := &described.ProductionVariants[i]
		running[aws.ToString(v.VariantName)] = int(aws.ToInt32(v.CurrentInstanceCount))
	}
	for i := range config.ProductionVariants {
		v := &config.ProductionVariants[i]
		e.Variants = append(e.Variants, Variant{
			Name: aws.ToString(v.VariantName), Model: aws.ToString(v.ModelName), InstanceType: string(v.InstanceType),
			Instances: running[aws.ToString(v.VariantName)], Serverless: v.ServerlessConfig != nil,
		})
	}
	return e, nil
}

// VariantNames are the names of the variants, in the order of the configuration.
func (e *Endpoint) VariantNames() []string {
	names := make([]string, len(e.Variants))
	for i := range e.Variants {
		names[i] = e.Variants[i].Name
	}
	return names
}
