package leftovers

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// unused are the stack's models that no state knows, and that neither a configuration other than those that are left
// over nor a transform job refers to.
func (s *Search) unused(ctx context.Context, configs []config, left []string) ([]string, error) {
	var candidates []string
	pages := sagemaker.NewListModelsPaginator(s.SageMaker, &sagemaker.ListModelsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, m := range page.Models {
			key, err := s.owned(ctx, m.ModelName, m.ModelArn, "sagehost:model")
			if err != nil {
				return nil, err
			}
			if key != "" {
				candidates = append(candidates, *m.ModelName)
			}
		}
	}
	if len(candidates) == 0 {
		return nil, nil
	}
	used := map[string]bool{}
	for _, c := range configs {
		if slices.Contains(left, *c.name) {
			continue
		}
		if err := s.addModels(ctx, used, *c.name); err != nil {
			return nil, err
		}
	}
	for _, status := range []types.TransformJobStatus{
		types.TransformJobStatusInProgress, types.TransformJobStatusStopping,
	} {
		if err := s.addTransforms(ctx, used, status); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(candidates, func(name string) bool { return used[name] }), nil
}

// addModels adds the models that a configuration refers to.
func (s *Search) addModels(ctx context.Context, used map[string]bool, name string) error {
	described, err := s.SageMaker.DescribeEndpointConfig(ctx,
		&sagemaker.DescribeEndpointConfigInput{EndpointConfigName: &name})
	if err != nil {
		return fmt.Errorf("endpoint configuration %q: %w", name, err)
	}
	for _, v := range slices.Concat(described.ProductionVariants, described.ShadowProductionVariants) {
		used[aws.ToString(v.ModelName)] = true
	}
	return nil
}

// addTransforms adds the models of the transform jobs with a status.
func (s *Search) addTransforms(ctx context.Context, used map[string]bool, status types.TransformJobStatus) error {
	pages := sagemaker.NewListTransformJobsPaginator(s.SageMaker,
		&sagemaker.ListTransformJobsInput{StatusEquals: status})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("transform jobs: %w", err)
		}
		for _, job := range page.TransformJobSummaries {
			described, err := s.SageMaker.DescribeTransformJob(ctx,
				&sagemaker.DescribeTransformJobInput{TransformJobName: job.TransformJobName})
			if err != nil {
				return fmt.Errorf("transform job %q: %w", aws.ToString(job.TransformJobName), err)
			}
			used[aws.ToString(described.ModelName)] = true
		}
	}
	return nil
}
