package modelprefix

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sagehost/kit/s3uri"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// OfEndpoint finds the prefix that an endpoint in service takes its models from. It is an error when the endpoint is no
// multi-model endpoint, and when its variants have different prefixes: an archive under one of them is not found by the
// requests that another variant gets.
func OfEndpoint(ctx context.Context, hosting *sagemaker.Client, objects *s3.Client, endpoint string) (Prefix, error) {
	urls, err := prefixURLs(ctx, hosting, endpoint)
	switch {
	case err != nil:
	case len(urls) == 0:
		err = errors.New("it serves one model, not those under a prefix")
	case len(urls) > 1:
		err = fmt.Errorf("its variants take models from several prefixes, %s; give them one",
			strings.Join(urls, " and "))
	}
	if err != nil {
		return Prefix{}, fmt.Errorf("endpoint %q: %w", endpoint, err)
	}
	bucket, key, _ := s3uri.Split(urls[0])
	return Prefix{S3: objects, Bucket: bucket, Key: key}, nil
}

// prefixURLs are the different prefixes of an endpoint's variants, each with a slash at its end.
func prefixURLs(ctx context.Context, hosting *sagemaker.Client, endpoint string) ([]string, error) {
	described, err := hosting.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: &endpoint})
	if err != nil {
		return nil, err
	}
	config, err := hosting.DescribeEndpointConfig(ctx,
		&sagemaker.DescribeEndpointConfigInput{EndpointConfigName: described.EndpointConfigName})
	if err != nil {
		return nil, err
	}
	var urls []string
	for _, variant := range config.ProductionVariants {
		model, err := hosting.DescribeModel(ctx, &sagemaker.DescribeModelInput{ModelName: variant.ModelName})
		if err != nil {
			return nil, err
		}
		containers := model.Containers
		if model.PrimaryContainer != nil {
			containers = append(containers, *model.PrimaryContainer)
		}
		for i := range containers {
			url := strings.TrimSuffix(s3uri.Normalize(aws.ToString(containers[i].ModelDataUrl)), "/") + "/"
			if containers[i].Mode == types.ContainerModeMultiModel && !slices.Contains(urls, url) {
				urls = append(urls, url)
			}
		}
	}
	return urls, nil
}
