package autoscaling_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const serviceRole = "arn:aws:iam::123456789012:role/aws-service-role/" +
	"sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"

func TestARegisteredTargetIsDescribed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.register(resource))
	list := w.targets()
	require.Len(t, list, 1)
	target := list[0]
	assert.Equal(t, resource, *target.ResourceId)
	assert.Equal(t, count, target.ScalableDimension)
	assert.Equal(t, types.ServiceNamespaceSagemaker, target.ServiceNamespace)
	assert.Equal(t, []int32{1, 4}, []int32{*target.MinCapacity, *target.MaxCapacity})
	assert.Equal(t, serviceRole, *target.RoleARN)
	assert.Equal(t, epoch, target.CreationTime.UTC())
	assert.Regexp(t, `^arn:aws:application-autoscaling:eu-central-1:123456789012:scalable-target/[0-9a-f-]{36}$`,
		*target.ScalableTargetARN)
	assert.Equal(t, &types.SuspendedState{
		DynamicScalingInSuspended: aws.Bool(false), DynamicScalingOutSuspended: aws.Bool(false),
		ScheduledScalingSuspended: aws.Bool(false),
	}, target.SuspendedState)
	assert.True(t, w.fake.Registered("eu-central-1", "e", "v"))
	assert.False(t, w.fake.Registered("us-east-1", "e", "v"))
}

func TestRegisteringAgainChangesOnlyWhatIsGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.register(resource, func(in *sdk.RegisterScalableTargetInput) {
		in.Tags = map[string]string{"a": "1"}
		in.SuspendedState = &types.SuspendedState{ScheduledScalingSuspended: aws.Bool(true)}
	}))
	require.NoError(t, w.putPolicy("p", tracking(nil)))
	arn := w.targets()[0].ScalableTargetARN
	require.NoError(t, w.register(resource, func(in *sdk.RegisterScalableTargetInput) {
		in.MinCapacity, in.MaxCapacity = nil, aws.Int32(9)
		in.SuspendedState = &types.SuspendedState{DynamicScalingInSuspended: aws.Bool(true)}
	}))
	target := w.targets()[0]
	assert.Equal(t, []int32{1, 9}, []int32{*target.MinCapacity, *target.MaxCapacity})
	assert.Equal(t, arn, target.ScalableTargetARN)
	assert.True(t, *target.SuspendedState.ScheduledScalingSuspended)
	assert.True(t, *target.SuspendedState.DynamicScalingInSuspended)
	assert.Equal(t, map[string]string{"a": "1"}, w.tags(*arn))
	assert.Len(t, w.policies(), 1)
}

func TestTargetsThatCannotBeScaledAreRefused(t *testing.T) {
	t.Parallel()
	const unsupported = "Unsupported service namespace, resource type or scalable dimension"
	concurrency := types.ScalableDimensionSageMakerVariantDesiredProvisionedConcurrency
	tests := []struct {
		name, resource string
		change         func(*sdk.RegisterScalableTargetInput)
		message        string
	}{
		{"no such endpoint", "endpoint/x/variant/v", nil, "SageMaker endpoint variant doesn't exist: endpoint/x/variant/v"},
		{"no such variant", "endpoint/e/variant/x", nil, "SageMaker endpoint variant doesn't exist: endpoint/e/variant/x"},
		{
			"burstable", "endpoint/e/variant/burst", nil,
			"Burstable instance type ml.t2.medium is not supported: endpoint/e/variant/burst",
		},
		{"form", "endpoint/e", nil, unsupported},
		{"component in a variant's dimension", "inference-component/c", nil, unsupported},
		{
			"instances of a serverless variant", "endpoint/e/variant/serverless", nil,
			"Scalable dimension sagemaker:variant:DesiredInstanceCount is not supported for endpoint/e/variant/serverless",
		},
		{
			"concurrency of instances", resource,
			func(in *sdk.RegisterScalableTargetInput) { in.ScalableDimension = concurrency },
			"Scalable dimension sagemaker:variant:DesiredProvisionedConcurrency is not supported for " + resource,
		},
		{
			"max below min", resource, func(in *sdk.RegisterScalableTargetInput) { in.MinCapacity = aws.Int32(5) },
			"Maximum capacity cannot be less than minimum capacity",
		},
		{
			"to zero", resource, func(in *sdk.RegisterScalableTargetInput) { in.MinCapacity = aws.Int32(0) },
			"Minimum capacity of endpoint/e/variant/v must be at least 1",
		},
		{
			"no minimum", resource, func(in *sdk.RegisterScalableTargetInput) { in.MinCapacity = nil },
			"You must specify a minimum and a maximum capacity for a new scalable target.",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			changes := []func(*sdk.RegisterScalableTargetInput){}
			if test.change != nil {
				changes = append(changes, test.change)
			}
			requireError(t, w.register(test.resource, changes...), "ValidationException", test.message)
			assert.Empty(t, w.targets())
		})
	}
}

func TestOtherDimensionsAreScalable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.register("endpoint/e/variant/serverless", func(in *sdk.RegisterScalableTargetInput) {
		in.ScalableDimension = types.ScalableDimensionSageMakerVariantDesiredProvisionedConcurrency
	}))
	require.NoError(t, w.register("inference-component/c", func(in *sdk.RegisterScalableTargetInput) {
		in.ScalableDimension = types.ScalableDimensionSageMakerInferenceComponentDesiredCopyCount
		in.MinCapacity = aws.Int32(0)
	}))
	require.NoError(t, w.register("endpoint/a/variant/v", func(in *sdk.RegisterScalableTargetInput) {
		in.MinCapacity = aws.Int32(0)
	}), "an asynchronous endpoint can be scaled to zero")
	assert.Len(t, w.targets(), 3)
	assert.Len(t, w.targets(func(in *sdk.DescribeScalableTargetsInput) { in.ScalableDimension = count }), 1)
}

func TestDescribeScalableTargetsFiltersAndPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, r := range []string{"endpoint/e/variant/w", "endpoint/e/variant/v", "endpoint/a/variant/v"} {
		require.NoError(t, w.register(r))
	}
	list := w.targets(func(in *sdk.DescribeScalableTargetsInput) {
		in.ResourceIds = []string{"endpoint/e/variant/w", "endpoint/x/variant/x"}
	})
	require.Len(t, list, 1)
	assert.Equal(t, "endpoint/e/variant/w", *list[0].ResourceId)

	in := &sdk.DescribeScalableTargetsInput{ServiceNamespace: types.ServiceNamespaceSagemaker, MaxResults: aws.Int32(2)}
	first, err := w.DescribeScalableTargets(t.Context(), in)
	require.NoError(t, err)
	require.Len(t, first.ScalableTargets, 2)
	assert.Equal(t, "endpoint/a/variant/v", *first.ScalableTargets[0].ResourceId)
	assert.Equal(t, "endpoint/e/variant/v", *first.ScalableTargets[1].ResourceId)
	in.NextToken = first.NextToken
	second, err := w.DescribeScalableTargets(t.Context(), in)
	require.NoError(t, err)
	require.Len(t, second.ScalableTargets, 1)
	assert.Equal(t, "endpoint/e/variant/w", *second.ScalableTargets[0].ResourceId)
	assert.Nil(t, second.NextToken)
	in.NextToken = aws.String("x")
	_, err = w.DescribeScalableTargets(t.Context(), in)
	requireError(t, err, "InvalidNextTokenException", "The next token supplied was invalid.")
}

func TestDeregisteringRemovesPoliciesAndActions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.register(resource))
	require.NoError(t, w.putPolicy("p", tracking(nil)))
	require.NoError(t, w.putAction("night", nil))
	in := &sdk.DeregisterScalableTargetInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: aws.String(resource), ScalableDimension: count,
	}
	_, err := w.DeregisterScalableTarget(t.Context(), in)
	require.NoError(t, err)
	assert.Empty(t, w.targets())
	assert.Empty(t, w.policies())
	assert.Empty(t, w.actions())
	_, err = w.DeregisterScalableTarget(t.Context(), in)
	requireError(t, err, "ObjectNotFoundException", "No scalable target found for "+named)
	require.NoError(t, w.register(resource))
	assert.Empty(t, w.policies(), "a new target has none of the old policies")
}

func TestDeregisterEndpointSparesOtherEndpoints(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, r := range []string{"endpoint/e/variant/v", "endpoint/e/variant/w", "endpoint/a/variant/v"} {
		require.NoError(t, w.register(r))
	}
	w.fake.DeregisterEndpoint("us-east-1", "e")
	assert.Len(t, w.targets(), 3)
	w.fake.DeregisterEndpoint("eu-central-1", "e")
	require.Len(t, w.targets(), 1)
	assert.Equal(t, "endpoint/a/variant/v", *w.targets()[0].ResourceId)
}
