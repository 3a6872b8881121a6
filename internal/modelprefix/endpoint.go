package modelprefix

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// OfEndpoint finds the prefix that an endpoint in service takes its models from. It is an error when the endpoint is no
// multi-model endpoint.
func OfEndpoint(ctx context.Context, hosting *sagemaker.Client, objects *s3.Client, endpoint string) (Prefix, error) {
	url, err := prefixURL(ctx, hosting, endpoint)
	if err != nil {
		return Prefix{}, fmt.Errorf("endpoint %q: %w", endpoint, err)
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(url, "s3://"), "/")
	if key != "" && !strings.HasSuffix(key, "/") {
		key += "/"
	}
	return Prefix{S3: objects, Bucket: bucket, Key: key}, nil
}

func prefixURL(ctx context.Context, hosting *sagemaker.Client, endpoint string) (string, error) {
	described, err := hosting.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: &endpoint})
	if err != nil {
		return "", err
	}
	config, err := hosting.DescribeEndpointConfig(ctx,
		&sagemaker.DescribeEndpointConfigInput{EndpointConfigName: described.EndpointConfigName})
	if err != nil {
		return "", err
	}
	for _, variant := range config.ProductionVariants {
		model, err := hosting.DescribeModel(ctx, &sagemaker.DescribeModelInput{ModelName: variant.ModelName})
		if err != nil {
			return "", err
		}
		containers := model.Containers
		if model.PrimaryContainer != nil {
			containers = append(containers, *model.PrimaryContainer)
		}
		for i := range containers {
			if containers[i].Mode == types.ContainerModeMultiModel {
				return aws.ToString(containers[i].ModelDataUrl), nil
			}
		}
	}
	return "", errors.New("it serves one model, not those under a prefix")
}
