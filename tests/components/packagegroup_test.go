package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/packagegroup"
	"sagehost/tests/harness"
)

const (
	packageGroupType       = "aws:sagemaker/modelPackageGroup:ModelPackageGroup"
	packageGroupPolicyType = "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy"
)

func packageGroup(args packagegroup.Args) pulumi.RunFunc {
	args.Tags = tags
	return func(ctx *pulumi.Context) error {
		_, err := packagegroup.New(ctx, "flowers", &args)
		return err
	}
}

func TestAPackageGroupOfOneAccountHasNoPolicy(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, packageGroup(packagegroup.Args{Name: "flowers"}))
	requireUnder(t, graph, packagegroup.Type)
	requireDeclares(t, graph, declaration{
		packagegroup.Type + " flowers": `{"name": "flowers"}`,
		packageGroupType + " flowers":  `{"modelPackageGroupName": "flowers", ` + wantTags + `}`,
	})
}

func TestOtherAccountsMayDeployPackagesAndNotRegisterThem(t *testing.T) {
	t.Parallel()
	const principals = `{"AWS": ["arn:aws-cn:iam::111111111111:root", "arn:aws-cn:iam::222222222222:root"]}`
	graph := harness.Run(t, packageGroup(packagegroup.Args{Name: "flowers", Spec: packagegroup.Spec{
		Description: "Three species of iris.", ConsumerAccounts: []string{"111111111111", "222222222222"},
	}}))
	requireUnder(t, graph, packagegroup.Type)
	requireDeclares(t, graph, declaration{
		packagegroup.Type + " flowers": `{"name": "flowers"}`,
		packageGroupType + " flowers": `{
			"modelPackageGroupName": "flowers", "modelPackageGroupDescription": "Three species of iris.", ` + wantTags + `
		}`,
		packageGroupPolicyType + " flowers": `{"modelPackageGroupName": "flowers", "resourcePolicy": {
			"Version": "2012-10-17",
			"Statement": [{
				"Sid": "FindGroup", "Effect": "Allow", "Principal": ` + principals + `,
				"Action": ["sagemaker:DescribeModelPackageGroup"],
				"Resource": ["arn:aws-cn:sagemaker:cn-north-1:123456789012:model-package-group/flowers"]
			}, {
				"Sid": "DeployPackages", "Effect": "Allow", "Principal": ` + principals + `,
				"Action": ["sagemaker:CreateModel", "sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"],
				"Resource": ["arn:aws-cn:sagemaker:cn-north-1:123456789012:model-package/flowers/*"]
			}]
		}}`,
	})
}

func TestAPackageGroupThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, packageGroup(packagegroup.Args{}), `model package group "flowers": name: is required`)
	requireFails(t, packageGroup(packagegroup.Args{Name: "my_flowers", Spec: packagegroup.Spec{
		ConsumerAccounts: []string{"111111111111", "1234", "111111111111"},
	}}), `model package group "flowers": consumerAccounts[1]: "1234" is not an AWS account of 12 digits`,
		`consumerAccounts[2]: "111111111111" stands at consumerAccounts[0] too`,
		`name: "my_flowers" may only have letters, digits and hyphens, and no hyphen at its start or end`)
}
