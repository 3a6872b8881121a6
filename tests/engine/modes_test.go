package engine_test

import (
	"time"

	hosting "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/alarms"
	"sagehost/components/scaling"
)

// mode is a way to serve a model, at an endpoint of the same name whose variant is "main".
type mode struct {
	name    string
	model   hosting.ModelArgs
	variant hosting.EndpointConfigurationProductionVariantArgs
	async   hosting.EndpointConfigurationAsyncInferenceConfigPtrInput
	watched alarms.Variant
	scale   func(ctx *pulumi.Context, name string, endpoint pulumi.StringInput) error
}

func scoring(artifact string) hosting.ModelPrimaryContainerArgs {
	return hosting.ModelPrimaryContainerArgs{
		Image:        pulumi.String("123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1"),
		ModelDataUrl: pulumi.String("s3://" + bucket + "/" + artifact),
	}
}

func onInstances() hosting.EndpointConfigurationProductionVariantArgs {
	return hosting.EndpointConfigurationProductionVariantArgs{
		InstanceType: pulumi.String("ml.m5.large"), InitialInstanceCount: pulumi.Int(1),
	}
}

func instances(spec scaling.Spec, asynchronous bool) func(*pulumi.Context, string, pulumi.StringInput) error {
	return func(ctx *pulumi.Context, name string, endpoint pulumi.StringInput) error {
		_, err := scaling.New(ctx, name, &scaling.Args{
			Spec: spec, EndpointName: endpoint, VariantName: "main",
			Variant: scaling.Variant{InitialInstanceCount: 1, Asynchronous: asynchronous},
		})
		return err
	}
}

func concurrency(spec scaling.ConcurrencySpec) func(*pulumi.Context, string, pulumi.StringInput) error {
	return func(ctx *pulumi.Context, name string, endpoint pulumi.StringInput) error {
		_, err := scaling.NewConcurrency(ctx, name, &scaling.ConcurrencyArgs{
			ConcurrencySpec: spec, EndpointName: endpoint, VariantName: "main",
			Variant: scaling.ServerlessVariant{ProvisionedConcurrency: 1, MaxConcurrency: 5},
		})
		return err
	}
}

// modes are one endpoint of each kind.
func modes() []mode {
	many := scoring("flowers/")
	// Room for one of the two models: they push each other out.
	many.Mode = pulumi.String("MultiModel")
	many.Environment = pulumi.StringMap{"SCORING_MODEL_BYTES": pulumi.String("150")}
	step := func(image, hostname, artifact string) hosting.ModelContainerArgs {
		return hosting.ModelContainerArgs{
			Image:             pulumi.String("123456789012.dkr.ecr.eu-west-1.amazonaws.com/" + image + ":1"),
			ContainerHostname: pulumi.String(hostname), ModelDataUrl: pulumi.String("s3://" + bucket + "/" + artifact),
		}
	}
	return []mode{
		{
			name: "now", model: hosting.ModelArgs{PrimaryContainer: scoring("flowers/model.tar.gz")}, variant: onInstances(),
			watched: alarms.Variant{InstanceType: "ml.m5.large", MaxInstances: 2},
			scale:   instances(scaling.Spec{Min: 1, Max: 2, InvocationsPerInstance: new(600.0)}, false),
		},
		{
			name: "steps", variant: onInstances(), model: hosting.ModelArgs{Containers: hosting.ModelContainerArray{
				step("preprocess", "prepare", "penguins/preprocess.tar.gz"), step("scoring", "score", "penguins/scoring.tar.gz"),
			}},
			watched: alarms.Variant{InstanceType: "ml.m5.large", Containers: []string{"prepare", "score"}},
		},
		{
			name: "many", model: hosting.ModelArgs{PrimaryContainer: many}, variant: onInstances(),
			watched: alarms.Variant{InstanceType: "ml.m5.large", MultiModel: true},
		},
		{
			name: "rare", model: hosting.ModelArgs{PrimaryContainer: scoring("flowers/model.tar.gz")},
			variant: hosting.EndpointConfigurationProductionVariantArgs{
				ServerlessConfig: hosting.EndpointConfigurationProductionVariantServerlessConfigArgs{
					MaxConcurrency: pulumi.Int(5), MemorySizeInMb: pulumi.Int(1024), ProvisionedConcurrency: pulumi.Int(1),
				},
			},
			watched: alarms.Variant{Serverless: &alarms.Serverless{ProvisionedConcurrency: true}},
			scale:   concurrency(scaling.ConcurrencySpec{Min: 1, Max: 3}),
		},
		{
			name: "later", model: hosting.ModelArgs{PrimaryContainer: scoring("flowers/model.tar.gz")}, variant: onInstances(),
			async: hosting.EndpointConfigurationAsyncInferenceConfigArgs{
				OutputConfig: hosting.EndpointConfigurationAsyncInferenceConfigOutputConfigArgs{
					S3OutputPath: pulumi.String("s3://" + bucket + "/out"),
				},
			},
			watched: alarms.Variant{InstanceType: "ml.m5.large", Asynchronous: true, MaxInstances: 2},
			scale:   instances(scaling.Spec{Min: 0, Max: 2}, true),
		},
	}
}

// declareModes declares the endpoints with their scaling and their alarms.
func declareModes(ctx *pulumi.Context) error {
	for _, m := range modes() {
		m.model.ExecutionRoleArn = pulumi.String("arn:aws:iam::123456789012:role/runner")
		model, err := hosting.NewModel(ctx, m.name, &m.model)
		if err != nil {
			return err
		}
		m.variant.VariantName, m.variant.ModelName = pulumi.String("main"), model.Name
		config, err := hosting.NewEndpointConfiguration(ctx, m.name, &hosting.EndpointConfigurationArgs{
			ProductionVariants:   hosting.EndpointConfigurationProductionVariantArray{m.variant},
			AsyncInferenceConfig: m.async,
		})
		if err != nil {
			return err
		}
		endpoint, err := hosting.NewEndpoint(ctx, m.name, &hosting.EndpointArgs{
			Name: pulumi.String(m.name), EndpointConfigName: config.Name,
		})
		if err != nil {
			return err
		}
		if m.scale != nil {
			if err := m.scale(ctx, m.name+".main", endpoint.Name); err != nil {
				return err
			}
		}
		m.watched.Name = "main"
		_, err = alarms.New(ctx, m.name, &alarms.Args{
			Spec: alarms.Spec{Idle: new(time.Hour)}, EndpointName: m.name, Variants: []alarms.Variant{m.watched},
			TopicARN: pulumi.String("arn:aws:sns:eu-west-1:123456789012:alerts"),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
