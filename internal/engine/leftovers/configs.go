package leftovers

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// config is an endpoint configuration; its arn is needed to ask for its tags.
type config struct{ name, arn *string }

func (s *Search) configs(ctx context.Context) ([]config, error) {
	var all []config
	pages := sagemaker.NewListEndpointConfigsPaginator(s.SageMaker, &sagemaker.ListEndpointConfigsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, c := range page.EndpointConfigs {
			all = append(all, config{c.EndpointConfigName, c.EndpointConfigArn})
		}
	}
	return all, nil
}

// unserved are the stack's configurations that no state knows and no endpoint refers to.
func (s *Search) unserved(ctx context.Context, configs []config) ([]string, error) {
	owners := map[string]string{}
	for _, c := range configs {
		key, err := s.owned(ctx, c.name, c.arn, "sagehost:endpoint")
		if err != nil {
			return nil, err
		}
		if key != "" {
			owners[*c.name] = key
		}
	}
	if len(owners) == 0 {
		return nil, nil
	}
	used, moving, err := s.serving(ctx)
	if err != nil {
		return nil, err
	}
	var left []string
	for _, c := range configs {
		key, owned := owners[*c.name]
		if owned && !used[*c.name] && !moving[key+"-"+s.Stack] {
			left = append(left, *c.name)
		}
	}
	return left, nil
}

// serving are the configurations that endpoints serve or are about to, whoever's the endpoints are, and the endpoints
// that are between two configurations: which one they would go back to, SageMaker does not say.
func (s *Search) serving(ctx context.Context) (used, moving map[string]bool, err error) {
	used, moving = map[string]bool{}, map[string]bool{}
	pages := sagemaker.NewListEndpointsPaginator(s.SageMaker, &sagemaker.ListEndpointsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, nil, fmt.Errorf("endpoints: %w", err)
		}
		for _, e := range page.Endpoints {
			described, err := s.SageMaker.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: e.EndpointName})
			if err != nil {
				return nil, nil, fmt.Errorf("endpoint %q: %w", aws.ToString(e.EndpointName), err)
			}
			used[aws.ToString(described.EndpointConfigName)] = true
			if pending := described.PendingDeploymentSummary; pending != nil {
				used[aws.ToString(pending.EndpointConfigName)] = true
			}
			switch described.EndpointStatus {
			case types.EndpointStatusInService, types.EndpointStatusFailed, types.EndpointStatusOutOfService:
			default: // on the way, or stuck there
				moving[aws.ToString(e.EndpointName)] = true
			}
		}
	}
	return used, moving, nil
}
