package model_test

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/execrole"
	"sagehost/components/internal/declared"
	"sagehost/components/model"
)

// A model of one container, with a role that may read its archive, pull its image, and write the logs of one endpoint.
// In a program of your own, the function is what pulumi.Run takes.
func Example() {
	fmt.Println(declared.By(func(ctx *pulumi.Context) error {
		args := &model.Args{Spec: model.Spec{Container: model.Container{
			Image:       "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1.0.0",
			Artifact:    "s3://models/flowers/1.0.0/model.tar.gz",
			Environment: map[string]string{"LOG_LEVEL": "info"},
		}}}
		role, err := execrole.New(ctx, "flowers", &execrole.Args{
			Containers: args.Needs(), EndpointNames: []string{"flowers"},
		})
		if err != nil {
			return err
		}
		args.RoleARN = role.ARN
		flowers, err := model.New(ctx, "flowers", args)
		if err != nil {
			return err
		}
		ctx.Export("model", flowers.Name)
		return nil
	}))
	// Output:
	// aws:iam/role:Role flowers
	// aws:iam/rolePolicy:RolePolicy flowers
	// aws:sagemaker/model:Model flowers
}

// An inference pipeline: each container is asked what the one before it answered.
func Example_pipeline() {
	const registry, archives = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/", "s3://models/penguins/"
	fmt.Println(declared.By(func(ctx *pulumi.Context) error {
		_, err := model.New(ctx, "penguins", &model.Args{
			Spec: model.Spec{Containers: []model.Stage{
				{Hostname: "preprocess", Container: model.Container{
					Image: registry + "preprocess:1.0.0", Artifact: archives + "preprocess.tar.gz",
				}},
				{Hostname: "scoring", Container: model.Container{
					Image: registry + "scoring:1.0.0", Artifact: archives + "scoring.tar.gz",
				}},
			}},
			RoleARN: pulumi.String("arn:aws:iam::123456789012:role/penguins"),
		})
		return err
	}))
	// Output:
	// aws:sagemaker/model:Model penguins
}
