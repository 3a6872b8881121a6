package packagegroup_test

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/declared"
	"sagehost/components/packagegroup"
)

// A group of the model registry whose packages another account may make models of.
func Example() {
	fmt.Println(declared.By(func(ctx *pulumi.Context) error {
		_, err := packagegroup.New(ctx, "flowers", &packagegroup.Args{
			Spec: packagegroup.Spec{Description: "Species of iris", ConsumerAccounts: []string{"210987654321"}},
			Name: "flowers",
		})
		return err
	}))
	// Output:
	// aws:sagemaker/modelPackageGroup:ModelPackageGroup flowers
	// aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy flowers
}
