package execrole

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/kit/awsref"
)

func repositoryARN(image awsref.Image, here account.Account) pulumi.StringOutput {
	return pulumi.Sprintf("arn:%s:ecr:%s:%s:repository/%s", here.Partition, image.Region, image.Account, image.Repository)
}
