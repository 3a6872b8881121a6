package engine_test

import (
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/require"
)

// clients ask a local AWS what exists.
type clients struct {
	sagemaker  *sagemaker.Client
	scaling    *applicationautoscaling.Client
	cloudwatch *cloudwatch.Client
	s3         *s3.Client
	iam        *iam.Client
	sns        *sns.Client
}

func newClients(url string) clients {
	config := aws.Config{
		Region: region, BaseEndpoint: &url,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	return clients{
		sagemaker:  sagemaker.NewFromConfig(config),
		scaling:    applicationautoscaling.NewFromConfig(config),
		cloudwatch: cloudwatch.NewFromConfig(config),
		s3:         s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }),
		iam:        iam.NewFromConfig(config),
		sns:        sns.NewFromConfig(config),
	}
}

// count is the number of things of each kind that exist, kinds without any left out.
func (c clients) count(t *testing.T) map[string]int {
	t.Helper()
	ctx := t.Context()
	counts := map[string]int{}
	for kind, list := range map[string]func() (int, error){
		"models":         func() (int, error) { return size(c.models(ctx)) },
		"configurations": func() (int, error) { return size(c.configurations(ctx)) },
		"endpoints": func() (int, error) {
			page, err := c.sagemaker.ListEndpoints(ctx, nil)
			if err != nil {
				return 0, err
			}
			return len(page.Endpoints), nil
		},
		"package groups": func() (int, error) {
			page, err := c.sagemaker.ListModelPackageGroups(ctx, nil)
			if err != nil {
				return 0, err
			}
			return len(page.ModelPackageGroupSummaryList), nil
		},
		"targets": func() (int, error) { return size(c.targets(ctx)) },
		"policies": func() (int, error) {
			page, err := c.scaling.DescribeScalingPolicies(ctx,
				&applicationautoscaling.DescribeScalingPoliciesInput{ServiceNamespace: "sagemaker"})
			if err != nil {
				return 0, err
			}
			return len(page.ScalingPolicies), nil
		},
		"schedules": func() (int, error) {
			page, err := c.scaling.DescribeScheduledActions(ctx,
				&applicationautoscaling.DescribeScheduledActionsInput{ServiceNamespace: "sagemaker"})
			if err != nil {
				return 0, err
			}
			return len(page.ScheduledActions), nil
		},
		"alarms": func() (int, error) {
			page, err := c.cloudwatch.DescribeAlarms(ctx, nil)
			if err != nil {
				return 0, err
			}
			return len(page.MetricAlarms), nil
		},
		"buckets": func() (int, error) {
			page, err := c.s3.ListBuckets(ctx, nil)
			if err != nil {
				return 0, err
			}
			return len(page.Buckets), nil
		},
		"roles": func() (int, error) {
			page, err := c.iam.ListRoles(ctx, nil)
			if err != nil {
				return 0, err
			}
			return len(page.Roles), nil
		},
		"topics": func() (int, error) {
			page, err := c.sns.ListTopics(ctx, nil)
			if err != nil {
				return 0, err
			}
			return len(page.Topics), nil
		},
	} {
		n, err := list()
		require.NoError(t, err, kind)
		if n > 0 {
			counts[kind] = n
		}
	}
	return counts
}

func size[T any](list []T, err error) (int, error) { return len(list), err }

func (c clients) models(ctx context.Context) ([]string, error) {
	page, err := c.sagemaker.ListModels(ctx, nil)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range page.Models {
		names = append(names, *m.ModelName)
	}
	slices.Sort(names)
	return names, nil
}

func (c clients) configurations(ctx context.Context) ([]string, error) {
	page, err := c.sagemaker.ListEndpointConfigs(ctx, nil)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, config := range page.EndpointConfigs {
		names = append(names, *config.EndpointConfigName)
	}
	slices.Sort(names)
	return names, nil
}

func (c clients) targets(ctx context.Context) ([]scalingtypes.ScalableTarget, error) {
	page, err := c.scaling.DescribeScalableTargets(ctx,
		&applicationautoscaling.DescribeScalableTargetsInput{ServiceNamespace: "sagemaker"})
	if err != nil {
		return nil, err
	}
	return page.ScalableTargets, nil
}

// endpoint describes an endpoint that must exist.
func (c clients) endpoint(t *testing.T, name string) *sagemaker.DescribeEndpointOutput {
	t.Helper()
	described, err := c.sagemaker.DescribeEndpoint(t.Context(), &sagemaker.DescribeEndpointInput{EndpointName: &name})
	require.NoError(t, err)
	return described
}

// served is the image that the endpoint of the dev stack serves, as its model names it.
func (c clients) served(t *testing.T) string {
	t.Helper()
	config := c.endpoint(t, "flowers-dev").EndpointConfigName
	described, err := c.sagemaker.DescribeEndpointConfig(t.Context(),
		&sagemaker.DescribeEndpointConfigInput{EndpointConfigName: config})
	require.NoError(t, err)
	model, err := c.sagemaker.DescribeModel(t.Context(),
		&sagemaker.DescribeModelInput{ModelName: described.ProductionVariants[0].ModelName})
	require.NoError(t, err)
	return *model.PrimaryContainer.Image
}

// instanceType is what the first variant of an endpoint runs on.
func (c clients) instanceType(t *testing.T, endpoint string) string {
	t.Helper()
	described, err := c.sagemaker.DescribeEndpointConfig(t.Context(),
		&sagemaker.DescribeEndpointConfigInput{EndpointConfigName: c.endpoint(t, endpoint).EndpointConfigName})
	require.NoError(t, err)
	return string(described.ProductionVariants[0].InstanceType)
}
