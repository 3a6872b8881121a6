package protocol

import (
	"strings"

	"sagehost/kit/awsref"
)

// Account is the id of the only account there is; moto uses the same one.
const Account = "123456789012"

// Partition is the partition that a region belongs to.
func Partition(region string) string { return awsref.Nearest(region).ID }

// ARN is the name of a resource of a regional service, such as "endpoint/flowers" of "sagemaker".
func ARN(service, region, resource string) string {
	return strings.Join([]string{"arn", Partition(region), service, region, Account, resource}, ":")
}

// GlobalARN is the name of a resource of a service without regions, such as "role/runner" of "iam". The region only
// decides the partition.
func GlobalARN(service, region, resource string) string {
	return strings.Join([]string{"arn", Partition(region), service, "", Account, resource}, ":")
}
