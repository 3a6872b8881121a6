package leftovers

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// region is a region of SageMaker's, in which every list has pages of one entry.
type region struct {
	SageMaker
	configs, models []string
	// tags are those of configurations and models; refers is which model a configuration or a transform job refers to.
	tags   map[string]map[string]string
	refers map[string]string
	// endpoints are what DescribeEndpoint says, and jobs the transform jobs by status.
	endpoints []*sagemaker.DescribeEndpointOutput
	jobs      map[types.TransformJobStatus][]string
	deleted   []string
}

// page is the entry at a token, which is a number of dots, and the token of the next page.
func page[T any](all []T, token *string) ([]T, *string) {
	i := len(aws.ToString(token))
	if i >= len(all) {
		return nil, nil
	}
	if i == len(all)-1 {
		return all[i:], nil
	}
	return all[i : i+1], aws.String(aws.ToString(token) + ".")
}

type options = func(*sagemaker.Options)

func (r *region) ListEndpointConfigs(
	_ context.Context, in *sagemaker.ListEndpointConfigsInput, _ ...options,
) (*sagemaker.ListEndpointConfigsOutput, error) {
	names, next := page(r.configs, in.NextToken)
	out := &sagemaker.ListEndpointConfigsOutput{NextToken: next}
	for _, name := range names {
		out.EndpointConfigs = append(out.EndpointConfigs,
			types.EndpointConfigSummary{EndpointConfigName: &name, EndpointConfigArn: &name})
	}
	return out, nil
}

func (r *region) ListModels(
	_ context.Context, in *sagemaker.ListModelsInput, _ ...options,
) (*sagemaker.ListModelsOutput, error) {
	names, next := page(r.models, in.NextToken)
	out := &sagemaker.ListModelsOutput{NextToken: next}
	for _, name := range names {
		out.Models = append(out.Models, types.ModelSummary{ModelName: &name, ModelArn: &name})
	}
	return out, nil
}

func (r *region) ListTags(
	_ context.Context, in *sagemaker.ListTagsInput, _ ...options,
) (*sagemaker.ListTagsOutput, error) {
	var tags []types.Tag
	for key, value := range r.tags[*in.ResourceArn] {
		tags = append(tags, types.Tag{Key: &key, Value: &value})
	}
	return &sagemaker.ListTagsOutput{Tags: tags}, nil
}

func (r *region) ListEndpoints(
	_ context.Context, in *sagemaker.ListEndpointsInput, _ ...options,
) (*sagemaker.ListEndpointsOutput, error) {
	endpoints, next := page(r.endpoints, in.NextToken)
	out := &sagemaker.ListEndpointsOutput{NextToken: next}
	for _, e := range endpoints {
		out.Endpoints = append(out.Endpoints, types.EndpointSummary{EndpointName: e.EndpointName})
	}
	return out, nil
}

func (r *region) DescribeEndpoint(
	_ context.Context, in *sagemaker.DescribeEndpointInput, _ ...options,
) (*sagemaker.DescribeEndpointOutput, error) {
	for _, e := range r.endpoints {
		if *e.EndpointName == *in.EndpointName {
			return e, nil
		}
	}
	return nil, assert.AnError
}

func (r *region) DescribeEndpointConfig(
	_ context.Context, in *sagemaker.DescribeEndpointConfigInput, _ ...options,
) (*sagemaker.DescribeEndpointConfigOutput, error) {
	variant := []types.ProductionVariant{{ModelName: aws.String(r.refers[*in.EndpointConfigName])}}
	return &sagemaker.DescribeEndpointConfigOutput{ShadowProductionVariants: variant}, nil
}

func (r *region) ListTransformJobs(
	_ context.Context, in *sagemaker.ListTransformJobsInput, _ ...options,
) (*sagemaker.ListTransformJobsOutput, error) {
	names, next := page(r.jobs[in.StatusEquals], in.NextToken)
	out := &sagemaker.ListTransformJobsOutput{NextToken: next}
	for _, name := range names {
		out.TransformJobSummaries = append(out.TransformJobSummaries, types.TransformJobSummary{TransformJobName: &name})
	}
	return out, nil
}

func (r *region) DescribeTransformJob(
	_ context.Context, in *sagemaker.DescribeTransformJobInput, _ ...options,
) (*sagemaker.DescribeTransformJobOutput, error) {
	return &sagemaker.DescribeTransformJobOutput{ModelName: aws.String(r.refers[*in.TransformJobName])}, nil
}

func (r *region) DeleteEndpointConfig(
	_ context.Context, in *sagemaker.DeleteEndpointConfigInput, _ ...options,
) (*sagemaker.DeleteEndpointConfigOutput, error) {
	r.deleted = append(r.deleted, *in.EndpointConfigName)
	return &sagemaker.DeleteEndpointConfigOutput{}, nil
}

func (r *region) DeleteModel(
	_ context.Context, in *sagemaker.DeleteModelInput, _ ...options,
) (*sagemaker.DeleteModelOutput, error) {
	r.deleted = append(r.deleted, *in.ModelName)
	return &sagemaker.DeleteModelOutput{}, nil
}

func tagged(stack, kind, name string) map[string]string {
	return map[string]string{"sagehost:stack": stack, "sagehost:" + kind: name}
}

func endpoint(name, config, pending string, status types.EndpointStatus) *sagemaker.DescribeEndpointOutput {
	e := &sagemaker.DescribeEndpointOutput{EndpointName: &name, EndpointConfigName: &config, EndpointStatus: status}
	if pending != "" {
		e.PendingDeploymentSummary = &types.PendingDeploymentSummary{EndpointConfigName: &pending}
	}
	return e
}

func TestWhatServesOrIsNotTheStacksIsNeverLeftOver(t *testing.T) {
	t.Parallel()
	const serving = types.EndpointStatusInService
	r := &region{
		configs: []string{
			"a-0000001", "a-0000002", "a-0000003", "a-0000004", "b-0000001", "c-0000001", "a-bad", "a-0000005", "d-0000001",
		},
		models: []string{"m-0000001", "m-0000002", "m-0000003", "m-0000004", "m-0000005", "m-0000006", "n-0000001"},
		tags: map[string]map[string]string{
			"a-0000001": tagged("dev", "endpoint", "a"), // in the state
			"a-0000002": tagged("dev", "endpoint", "a"), // left over
			"a-0000003": tagged("dev", "endpoint", "a"), // serves
			"a-0000004": tagged("dev", "endpoint", "a"), // is about to serve, at somebody else's endpoint
			"b-0000001": tagged("dev", "endpoint", "b"), // of an endpoint that is between two
			"c-0000001": tagged("dev-2", "endpoint", "c"),
			"a-bad":     tagged("dev", "endpoint", "a"),
			"a-0000005": tagged("dev", "endpoint", "b"),
			"d-0000001": tagged("dev", "endpoint", "d"), // left over

			"m-0000001": tagged("dev", "model", "m"), // left over
			"m-0000002": tagged("dev", "model", "m"), // of a configuration that serves
			"m-0000003": tagged("dev", "model", "m"), // of a configuration that is left over
			"m-0000004": tagged("dev", "model", "m"), // of a job that runs
			"m-0000005": tagged("dev", "model", "m"), // of a job that is being stopped
			"m-0000006": tagged("prod", "model", "m"),
			"n-0000001": tagged("dev", "endpoint", "n"),
		},
		refers: map[string]string{
			"a-0000003": "m-0000002", "a-0000002": "m-0000003", "j1": "m-0000001x", "j2": "m-0000004", "j3": "m-0000005",
		},
		endpoints: []*sagemaker.DescribeEndpointOutput{
			endpoint("a-dev", "a-0000003", "", serving),
			endpoint("b-dev", "b-0000009", "", types.EndpointStatusRollingBack),
			endpoint("elsewhere", "x", "a-0000004", types.EndpointStatusUpdating),
		},
		jobs: map[types.TransformJobStatus][]string{
			types.TransformJobStatusInProgress: {"j1", "j2"}, types.TransformJobStatusStopping: {"j3"},
		},
	}
	s := &Search{SageMaker: r, Stack: "dev", Known: func(name string) bool { return name == "a-0000001" }}

	found, err := s.Find(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Leftovers{
		Configs: []string{"a-0000002", "d-0000001"}, Models: []string{"m-0000001", "m-0000003"},
	}, found)
	assert.Empty(t, r.deleted)
	require.NoError(t, s.Delete(t.Context(), found))
	assert.Equal(t, []string{"a-0000002", "d-0000001", "m-0000001", "m-0000003"}, r.deleted)
}

func TestNothingIsAskedOfEndpointsWhereNothingIsLeftOver(t *testing.T) {
	t.Parallel()
	r := &region{configs: []string{"by-hand"}, models: []string{"by-hand"}}
	found, err := (&Search{SageMaker: r, Stack: "dev", Known: func(string) bool { return false }}).Find(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Leftovers{}, found)
}
