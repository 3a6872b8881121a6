package access_test

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/access"
	"sagehost/components/internal/declared"
)

// A tenant that may ask the models of its own, and assumes a role for it.
func ExampleNewCaller() {
	fmt.Println(declared.By(func(ctx *pulumi.Context) error {
		_, err := access.NewCaller(ctx, "garden.tenant-one", &access.CallerArgs{
			CallerSpec: access.CallerSpec{
				TargetModels: []string{"one/*"}, TrustedRoles: []string{"arn:aws:iam::210987654321:role/one"},
			},
			EndpointARN: pulumi.String("arn:aws:sagemaker:eu-west-1:123456789012:endpoint/garden-dev"),
		})
		return err
	}))
	// Output:
	// aws:iam/policy:Policy garden.tenant-one
	// aws:iam/role:Role garden.tenant-one
	// aws:iam/rolePolicyAttachment:RolePolicyAttachment garden.tenant-one
}

// The policies of whoever deploys one stack.
func ExampleParts() {
	for _, part := range access.Parts() {
		fmt.Println(part.Name)
	}
	// Output:
	// hosting
	// identity
	// storage
	// network
	// batch
}
