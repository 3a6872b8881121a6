package engine_test

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/appautoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	hosting "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/endpoint"
)

const plainSecret = "hunter2-in-plain-text"

// program declares an endpoint for an image, and things that hold secrets and data.
func program(image string, keys ...string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		tags := pulumi.StringMap{"sagehost:release": pulumi.String("release-of-" + image)}
		model, err := hosting.NewModel(ctx, "flowers", &hosting.ModelArgs{
			ExecutionRoleArn: pulumi.String("arn:aws:iam::123456789012:role/flowers"), Tags: tags,
			PrimaryContainer: hosting.ModelPrimaryContainerArgs{
				Image:        pulumi.String("123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:" + image),
				ModelDataUrl: pulumi.String("s3://" + bucket + "/flowers/model.tar.gz"),
				Environment: pulumi.StringMap{
					"KEY": pulumi.ToSecret(pulumi.String(plainSecret + image)).(pulumi.StringOutput),
				},
			},
		})
		if err != nil {
			return err
		}
		half := 50
		two := 2
		deployed, err := endpoint.New(ctx, "flowers", &endpoint.Args{
			Name: "flowers-test",
			Variants: []endpoint.Variant{{
				ModelName:   model.Name,
				VariantSpec: endpoint.VariantSpec{Name: "main", InstanceType: "ml.m5.large", InitialInstanceCount: &two},
			}},
			Spec: endpoint.Spec{Update: &endpoint.Update{
				Strategy: endpoint.Canary, CanarySize: &endpoint.Size{Percent: &half},
			}},
		})
		if err != nil {
			return err
		}
		for _, key := range keys {
			if _, err := kms.NewKey(ctx, key, &kms.KeyArgs{DeletionWindowInDays: pulumi.Int(7)}); err != nil {
				return err
			}
		}
		if err := scheduled(ctx, deployed.Name); err != nil {
			return err
		}
		_, err = ssm.NewParameter(ctx, "token", &ssm.ParameterArgs{
			Type:  pulumi.String("SecureString"),
			Value: pulumi.ToSecret(pulumi.String(plainSecret + image)).(pulumi.StringOutput),
		})
		return err
	}
}

// scheduled scales the endpoint by a schedule whose time is far away.
func scheduled(ctx *pulumi.Context, endpoint pulumi.StringInput) error {
	target, err := appautoscaling.NewTarget(ctx, "flowers", &appautoscaling.TargetArgs{
		ServiceNamespace: pulumi.String("sagemaker"), ResourceId: pulumi.Sprintf("endpoint/%s/variant/main", endpoint),
		ScalableDimension: pulumi.String("sagemaker:variant:DesiredInstanceCount"),
		MinCapacity:       pulumi.Int(1), MaxCapacity: pulumi.Int(4),
	})
	if err != nil {
		return err
	}
	_, err = appautoscaling.NewScheduledAction(ctx, "flowers", &appautoscaling.ScheduledActionArgs{
		ServiceNamespace: target.ServiceNamespace, ResourceId: target.ResourceId,
		ScalableDimension: target.ScalableDimension, Schedule: pulumi.String("at(2099-01-01T00:00:00)"),
		ScalableTargetAction: appautoscaling.ScheduledActionScalableTargetActionArgs{MinCapacity: pulumi.Int(2)},
	})
	return err
}
