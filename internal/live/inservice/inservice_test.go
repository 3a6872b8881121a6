package inservice_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/inservice"
)

// hosting answers with what it holds.
type hosting struct {
	endpoint sagemaker.DescribeEndpointOutput
	config   sagemaker.DescribeEndpointConfigOutput
	err      error
}

func (h *hosting) DescribeEndpoint(
	context.Context, *sagemaker.DescribeEndpointInput, ...func(*sagemaker.Options),
) (*sagemaker.DescribeEndpointOutput, error) {
	return &h.endpoint, h.err
}

func (h *hosting) DescribeEndpointConfig(
	context.Context, *sagemaker.DescribeEndpointConfigInput, ...func(*sagemaker.Options),
) (*sagemaker.DescribeEndpointConfigOutput, error) {
	return &h.config, nil
}

func TestAnEndpointIsItsVariantsAndNotItsShadow(t *testing.T) {
	t.Parallel()
	output := &types.AsyncInferenceOutputConfig{S3OutputPath: aws.String("s3://batch/out/")}
	h := &hosting{
		endpoint: sagemaker.DescribeEndpointOutput{
			EndpointStatus: types.EndpointStatusInService, EndpointConfigName: aws.String("flowers-1"),
			ProductionVariants: []types.ProductionVariantSummary{
				{VariantName: aws.String("blue"), CurrentInstanceCount: aws.Int32(3)}, {VariantName: aws.String("green")},
			},
		},
		config: sagemaker.DescribeEndpointConfigOutput{
			ProductionVariants: []types.ProductionVariant{
				{
					VariantName: aws.String("blue"), ModelName: aws.String("a"), InstanceType: "ml.m5.large",
					InitialInstanceCount: aws.Int32(1),
				},
				{
					VariantName: aws.String("green"), ModelName: aws.String("b"),
					ServerlessConfig: &types.ProductionVariantServerlessConfig{},
				},
			},
			ShadowProductionVariants: []types.ProductionVariant{{VariantName: aws.String("shadow")}},
			AsyncInferenceConfig:     &types.AsyncInferenceConfig{OutputConfig: output},
		},
	}
	have, err := inservice.Describe(t.Context(), h, "flowers-dev")
	require.NoError(t, err)
	assert.Equal(t, &inservice.Endpoint{
		Name: "flowers-dev", Config: "flowers-1", Async: output,
		Variants: []inservice.Variant{
			{Name: "blue", Model: "a", InstanceType: "ml.m5.large", Instances: 3},
			{Name: "green", Model: "b", Serverless: true},
		},
	}, have)
	assert.Equal(t, []string{"blue", "green"}, have.VariantNames())
}

func TestAnEndpointThatIsNotInServiceIsAnError(t *testing.T) {
	t.Parallel()
	h := &hosting{endpoint: sagemaker.DescribeEndpointOutput{EndpointStatus: types.EndpointStatusUpdating}}
	_, err := inservice.Describe(t.Context(), h, "flowers-dev")
	require.EqualError(t, err, `endpoint "flowers-dev" is not in service but Updating`)
	var status *inservice.StatusError
	require.ErrorAs(t, err, &status)
	h.err = errors.New("throttled")
	_, err = inservice.Describe(t.Context(), h, "flowers-dev")
	assert.EqualError(t, err, `endpoint "flowers-dev": throttled`)
}
