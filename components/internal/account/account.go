// Package account tells a component where it is being deployed, so that no partition, region or account is ever
// written into an ARN by hand.
package account

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Account is the AWS account and region of a component's provider.
type Account struct {
	// Partition is "aws", "aws-cn" or "aws-us-gov".
	Partition pulumi.StringOutput
	// Region is the region's code, such as "eu-west-1".
	Region pulumi.StringOutput
	// ID is the account's 12 digits.
	ID pulumi.StringOutput
	// DNSSuffix ends the names of services in the partition, such as "amazonaws.com".
	DNSSuffix pulumi.StringOutput
}

// Of looks up the account and region in which the children of parent are created.
func Of(ctx *pulumi.Context, parent pulumi.Resource) Account {
	opt := pulumi.Parent(parent)
	partition := aws.GetPartitionOutput(ctx, aws.GetPartitionOutputArgs{}, opt)
	return Account{
		Partition: partition.Partition(),
		DNSSuffix: partition.DnsSuffix(),
		Region:    aws.GetRegionOutput(ctx, aws.GetRegionOutputArgs{}, opt).Name(),
		ID:        aws.GetCallerIdentityOutput(ctx, aws.GetCallerIdentityOutputArgs{}, opt).AccountId(),
	}
}

// ARN is the ARN of a resource of a service in this account and region, such as ("logs", "log-group:/x").
func (a Account) ARN(service, resource string) pulumi.StringOutput {
	return pulumi.Sprintf("arn:%s:%s:%s:%s:%s", a.Partition, service, a.Region, a.ID, resource)
}

// LogsService is CloudWatch Logs of this region as a principal, which has a name of its own in each region and
// partition (CloudWatch Logs User Guide, "Encrypt log data"; so do the regions of China).
func (a Account) LogsService() pulumi.StringOutput {
	return pulumi.Sprintf("logs.%s.%s", a.Region, a.DNSSuffix)
}

// RootARN names the account itself as a principal, which leaves the decision to the account's IAM policies.
func (a Account) RootARN() pulumi.StringOutput {
	return pulumi.Sprintf("arn:%s:iam::%s:root", a.Partition, a.ID)
}

// Others name accounts of the same partition, by their ids, as principals.
func (a Account) Others(ids []string) []pulumi.StringInput {
	arns := make([]pulumi.StringInput, len(ids))
	for i, id := range ids {
		arns[i] = pulumi.Sprintf("arn:%s:iam::%s:root", a.Partition, id)
	}
	return arns
}
