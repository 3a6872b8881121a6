// Package arn builds the Amazon resource names of the local account.
package arn

import "strings"

// Account is the id of the only account there is; moto uses the same one.
const Account = "123456789012"

// partitions are the partitions other than aws by what their regions begin with, from the SDKs' partitions.json.
var partitions = []struct{ region, partition string }{
	{"cn-", "aws-cn"},
	{"us-gov-", "aws-us-gov"},
	{"us-iso-", "aws-iso"},
	{"us-isob-", "aws-iso-b"},
	{"eu-isoe-", "aws-iso-e"},
	{"us-isof-", "aws-iso-f"},
	{"eusc-", "aws-eusc"},
}

// Partition is the partition that a region belongs to.
func Partition(region string) string {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.region) {
			return p.partition
		}
	}
	return "aws"
}

// Of is the name of a resource of a regional service, such as "endpoint/flowers" of "sagemaker".
func Of(service, region, resource string) string {
	return strings.Join([]string{"arn", Partition(region), service, region, Account, resource}, ":")
}

// OfGlobal is the name of a resource of a service without regions, such as "role/runner" of "iam". The region only
// decides the partition.
func OfGlobal(service, region, resource string) string {
	return strings.Join([]string{"arn", Partition(region), service, "", Account, resource}, ":")
}
