package dataplane_test

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/require"
)

// A flower of the examples, and what the model of all measures says about it.
const (
	flower     = "5.1,3.5,1.4,0.2"
	flowerSeen = "setosa,0.9995617568787971\n"
)

// scoring is a container with a model of the examples.
func scoring(artifact string) types.ContainerDefinition {
	return types.ContainerDefinition{
		Image: aws.String(registry + "scoring:1"), ModelDataUrl: &artifact,
	}
}

// told is a container that does what it is told, and says its name unless told otherwise.
func told(name string) types.ContainerDefinition {
	return types.ContainerDefinition{Image: aws.String(registry + "told:1"), Environment: map[string]string{"NAME": name}}
}

// model creates a model of one container, or of a pipeline.
func (w *world) model(name string, containers ...types.ContainerDefinition) {
	w.tb.Helper()
	input := &sagemaker.CreateModelInput{ModelName: &name, ExecutionRoleArn: aws.String(roleARN)}
	if len(containers) == 1 {
		input.PrimaryContainer = &containers[0]
	} else {
		input.Containers = containers
	}
	_, err := w.sagemaker.CreateModel(w.tb.Context(), input)
	require.NoError(w.tb, err)
}

// variant serves a model from one instance.
func variant(name, model string, changes ...func(*types.ProductionVariant)) types.ProductionVariant {
	v := types.ProductionVariant{
		VariantName: &name, ModelName: &model, InitialInstanceCount: aws.Int32(1),
		InstanceType: types.ProductionVariantInstanceTypeMlM5Large,
	}
	for _, change := range changes {
		change(&v)
	}
	return v
}

// config creates an endpoint configuration.
func (w *world) config(name string, variants ...types.ProductionVariant) {
	w.tb.Helper()
	w.configOf(&sagemaker.CreateEndpointConfigInput{EndpointConfigName: &name, ProductionVariants: variants})
}

func (w *world) configOf(input *sagemaker.CreateEndpointConfigInput) {
	w.tb.Helper()
	_, err := w.sagemaker.CreateEndpointConfig(w.tb.Context(), input)
	require.NoError(w.tb, err)
}

// endpoint creates an endpoint and waits until it is in service.
func (w *world) endpoint(name, config string) {
	w.tb.Helper()
	w.create(name, config)
	settled := w.settled(name)
	require.Equal(w.tb, types.EndpointStatusInService, settled.EndpointStatus, aws.ToString(settled.FailureReason))
}

// create creates an endpoint and does not wait.
func (w *world) create(name, config string) {
	w.tb.Helper()
	_, err := w.sagemaker.CreateEndpoint(w.tb.Context(), &sagemaker.CreateEndpointInput{
		EndpointName: &name, EndpointConfigName: &config,
	})
	require.NoError(w.tb, err)
}

// serve brings a model of one container into service, as model, configuration and endpoint of the same name with the
// variant "main".
func (w *world) serve(name string, container types.ContainerDefinition) {
	w.tb.Helper()
	w.model(name, container)
	w.config(name, variant("main", name))
	w.endpoint(name, name)
}

// update updates an endpoint and does not wait.
func (w *world) update(name, config string, guard *types.DeploymentConfig) {
	w.tb.Helper()
	_, err := w.sagemaker.UpdateEndpoint(w.tb.Context(), &sagemaker.UpdateEndpointInput{
		EndpointName: &name, EndpointConfigName: &config, DeploymentConfig: guard,
	})
	require.NoError(w.tb, err)
}

func (w *world) describe(name string) *sagemaker.DescribeEndpointOutput {
	w.tb.Helper()
	described, err := w.sagemaker.DescribeEndpoint(w.tb.Context(), &sagemaker.DescribeEndpointInput{EndpointName: &name})
	require.NoError(w.tb, err)
	return described
}

// settled waits until an endpoint is in a status that lasts.
func (w *world) settled(name string) *sagemaker.DescribeEndpointOutput {
	w.tb.Helper()
	var described *sagemaker.DescribeEndpointOutput
	require.Eventually(w.tb, func() bool {
		described = w.describe(name)
		switch described.EndpointStatus {
		case types.EndpointStatusCreating, types.EndpointStatusUpdating, types.EndpointStatusRollingBack,
			types.EndpointStatusDeleting:
			return false
		default:
			return true
		}
	}, soon, often, "endpoint %s", name)
	return described
}

// weigh changes weights and waits until they count.
func (w *world) weigh(endpoint string, weights map[string]float32) {
	w.tb.Helper()
	input := &sagemaker.UpdateEndpointWeightsAndCapacitiesInput{EndpointName: &endpoint}
	for name, weight := range weights {
		input.DesiredWeightsAndCapacities = append(input.DesiredWeightsAndCapacities,
			types.DesiredWeightAndCapacity{VariantName: &name, DesiredWeight: &weight})
	}
	_, err := w.sagemaker.UpdateEndpointWeightsAndCapacities(w.tb.Context(), input)
	require.NoError(w.tb, err)
	w.settled(endpoint)
}

// direct creates a model whose containers are asked one by one.
func (w *world) direct(name string, containers ...types.ContainerDefinition) {
	w.tb.Helper()
	_, err := w.sagemaker.CreateModel(w.tb.Context(), &sagemaker.CreateModelInput{
		ModelName: &name, ExecutionRoleArn: aws.String(roleARN), Containers: containers,
		InferenceExecutionConfig: &types.InferenceExecutionConfig{Mode: types.InferenceExecutionModeDirect},
	})
	require.NoError(w.tb, err)
}
