package sagemaker_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// modelOf creates the model "x" of some kind.
func (w *world) modelOf(change func(*sdk.CreateModelInput)) {
	w.t.Helper()
	in := &sdk.CreateModelInput{
		ModelName: aws.String("x"), ExecutionRoleArn: aws.String(roleARN),
		PrimaryContainer: &types.ContainerDefinition{
			Image: aws.String(repo + "i:1"), ModelDataUrl: aws.String("s3://b/m.tar.gz"),
		},
	}
	change(in)
	_, err := w.CreateModel(w.t.Context(), in)
	require.NoError(w.t, err)
}

func TestAModelIsServedOnlyInWaysThatItsKindAllows(t *testing.T) {
	t.Parallel()
	kinds := map[string]func(*sdk.CreateModelInput){
		"plain":    func(*sdk.CreateModelInput) {},
		"isolated": func(in *sdk.CreateModelInput) { in.EnableNetworkIsolation = aws.Bool(true) },
		"in a VPC": func(in *sdk.CreateModelInput) {
			in.VpcConfig = &types.VpcConfig{SecurityGroupIds: []string{"sg-1"}, Subnets: []string{"subnet-1"}}
		},
		"a pipeline": func(in *sdk.CreateModelInput) {
			in.Containers = []types.ContainerDefinition{*in.PrimaryContainer, *in.PrimaryContainer}
			in.PrimaryContainer = nil
		},
		"many models": func(in *sdk.CreateModelInput) {
			in.PrimaryContainer.Mode, in.PrimaryContainer.ModelDataUrl = types.ContainerModeMultiModel, aws.String("s3://b/m/")
		},
		"files": func(in *sdk.CreateModelInput) {
			in.PrimaryContainer.ModelDataUrl = nil
			in.PrimaryContainer.ModelDataSource = &types.ModelDataSource{S3DataSource: &types.S3ModelDataSource{
				S3Uri: aws.String("s3://b/m/"), S3DataType: types.S3ModelDataTypeS3Prefix,
				CompressionType: types.ModelCompressionTypeNone,
			}}
		},
	}
	ways := map[string]func(*sdk.CreateEndpointConfigInput){
		"serverless": func(in *sdk.CreateEndpointConfigInput) {
			v := &in.ProductionVariants[0]
			v.InstanceType, v.InitialInstanceCount = "", nil
			v.ServerlessConfig = &types.ProductionVariantServerlessConfig{
				MemorySizeInMB: aws.Int32(1024), MaxConcurrency: aws.Int32(1),
			}
		},
		"asynchronous": func(in *sdk.CreateEndpointConfigInput) {
			in.AsyncInferenceConfig = &types.AsyncInferenceConfig{OutputConfig: &types.AsyncInferenceOutputConfig{}}
		},
		"shadow": func(in *sdk.CreateEndpointConfigInput) {
			in.ShadowProductionVariants = []types.ProductionVariant{variant("s")}
		},
	}
	refused := map[string]map[string]string{
		"serverless": {
			"isolated":    "Serverless variants do not support models with network isolation.",
			"in a VPC":    "Serverless variants do not support models in a VPC.",
			"a pipeline":  "Serverless variants do not support models of several containers.",
			"many models": "Serverless variants do not support MultiModel mode.",
			"files":       "Serverless variants do not support ModelDataSource.",
		},
		"asynchronous": {
			"a pipeline":  "AsyncInferenceConfig does not support models of several containers.",
			"many models": "AsyncInferenceConfig does not support MultiModel mode.",
		},
		"shadow": {
			"a pipeline":  "Shadow variants do not support models of several containers.",
			"many models": "Shadow variants do not support MultiModel mode.",
		},
	}
	for kind, change := range kinds {
		for way, serve := range ways {
			w := newWorld(t)
			w.model("m", repo+"i:1")
			w.modelOf(change)
			in := &sdk.CreateEndpointConfigInput{
				EndpointConfigName: aws.String("c"), ProductionVariants: []types.ProductionVariant{variant("v")},
			}
			in.ProductionVariants[0].ModelName = aws.String("x")
			serve(in)
			_, err := w.CreateEndpointConfig(t.Context(), in)
			if want := refused[way][kind]; want != "" {
				assert.ErrorContains(t, err, want, "%s, %s", kind, way)
			} else {
				assert.NoError(t, err, "%s, %s", kind, way)
			}
		}
	}
}

func TestManagedScalingGoesWithAModelName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("m", repo+"i:1")
	w.config("c", variant("v", func(v *types.ProductionVariant) {
		v.ManagedInstanceScaling = &types.ProductionVariantManagedInstanceScaling{
			Status:           types.ManagedInstanceScalingStatusEnabled,
			MinInstanceCount: aws.Int32(1), MaxInstanceCount: aws.Int32(2),
		}
	}))
}

func TestAServerlessVariantTakesAKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("m", repo+"i:1")
	_, err := w.CreateEndpointConfig(t.Context(), &sdk.CreateEndpointConfigInput{
		EndpointConfigName: aws.String("c"), KmsKeyId: aws.String("k"),
		ProductionVariants: []types.ProductionVariant{variant("v", func(v *types.ProductionVariant) {
			v.InstanceType, v.InitialInstanceCount = "", nil
			v.ServerlessConfig = &types.ProductionVariantServerlessConfig{
				MemorySizeInMB: aws.Int32(1024), MaxConcurrency: aws.Int32(1),
			}
		})},
	})
	assert.NoError(t, err)
}

func TestAlarmsForRollbacksMustExist(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.SetAlarms(&alarm{state: "OK", missing: []string{"errors"}})
	w.model("m", repo+"i:1")
	w.config("c", variant("v"))
	const want = "Could not find the CloudWatch alarms of AutoRollbackConfiguration: errors."
	_, err := w.CreateEndpoint(t.Context(), &sdk.CreateEndpointInput{
		EndpointName: aws.String("e"), EndpointConfigName: aws.String("c"),
		DeploymentConfig: shifting(types.TrafficRoutingConfigTypeAllAtOnce, "errors"),
	})
	assert.ErrorContains(t, err, want)
	_, err = w.CreateEndpoint(t.Context(), &sdk.CreateEndpointInput{
		EndpointName: aws.String("e"), EndpointConfigName: aws.String("c"),
	})
	require.NoError(t, err)
	w.pass(time.Hour)
	_, err = w.UpdateEndpoint(t.Context(), &sdk.UpdateEndpointInput{
		EndpointName: aws.String("e"), EndpointConfigName: aws.String("c"),
		DeploymentConfig: shifting(types.TrafficRoutingConfigTypeAllAtOnce, "errors"),
	})
	assert.ErrorContains(t, err, want)
}

func TestAnExplainerIsRefusedForThereIsNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.modelOf(func(*sdk.CreateModelInput) {})
	_, err := w.CreateEndpointConfig(t.Context(), &sdk.CreateEndpointConfigInput{
		EndpointConfigName: aws.String("c"), ProductionVariants: []types.ProductionVariant{{
			VariantName: aws.String("main"), ModelName: aws.String("x"), InitialInstanceCount: aws.Int32(1),
			InstanceType: types.ProductionVariantInstanceTypeMlM5Large,
		}},
		ExplainerConfig: &types.ExplainerConfig{ClarifyExplainerConfig: &types.ClarifyExplainerConfig{
			ShapConfig: &types.ClarifyShapConfig{ShapBaselineConfig: &types.ClarifyShapBaselineConfig{
				ShapBaseline: aws.String("1,2"),
			}},
		}},
	})
	require.ErrorContains(t, err, "ValidationException: The local AWS has no explainer")
}
