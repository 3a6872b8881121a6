package awsref

import (
	"regexp"
	"slices"
	"strings"
)

// Partition is a group of regions that knows nothing of the others: neither accounts nor resources are shared.
type Partition struct {
	// ID is what ARNs say, such as "aws-cn".
	ID string
	// DNSSuffix ends the host names of services, such as "amazonaws.com.cn".
	DNSSuffix string

	// regions begins the codes of the partition's regions.
	regions string
	// dualStackSuffix ends the host names of registries that are reached over IPv6, too; empty where there are none.
	dualStackSuffix string
}

// partitions are those of the AWS SDKs (partitions.json) with the suffixes of Amazon ECR's dual-stack registries (its
// user guide, "Making requests to Amazon ECR registries"). The last one takes all other regions, also those to come.
var partitions = []Partition{
	{ID: "aws-cn", regions: "cn-", DNSSuffix: "amazonaws.com.cn", dualStackSuffix: "on.amazonwebservices.com.cn"},
	{ID: "aws-us-gov", regions: "us-gov-", DNSSuffix: "amazonaws.com", dualStackSuffix: "on.aws"},
	{ID: "aws-iso", regions: "us-iso-", DNSSuffix: "c2s.ic.gov"},
	{ID: "aws-iso-b", regions: "us-isob-", DNSSuffix: "sc2s.sgov.gov"},
	{ID: "aws-iso-e", regions: "eu-isoe-", DNSSuffix: "cloud.adc-e.uk"},
	{ID: "aws-iso-f", regions: "us-isof-", DNSSuffix: "csp.hci.ic.gov"},
	{ID: "aws-eusc", regions: "eusc-", DNSSuffix: "amazonaws.eu"},
	{ID: "aws", DNSSuffix: "amazonaws.com", dualStackSuffix: "on.aws"},
}

// region matches the codes of regions, such as "eu-west-1" and "us-gov-east-1".
var region = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-\d{1,2}$`)

// PartitionOf is the partition of a region; ok is false for what is not the code of a region.
func PartitionOf(code string) (p Partition, ok bool) {
	if !region.MatchString(code) {
		return Partition{}, false
	}
	return Nearest(code), true
}

// Nearest is the partition of a region, or of what only begins like one; "aws" for everything else.
func Nearest(code string) Partition {
	return partitions[slices.IndexFunc(partitions, func(p Partition) bool { return strings.HasPrefix(code, p.regions) })]
}
