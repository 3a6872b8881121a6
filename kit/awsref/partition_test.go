package awsref_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/awsref"
)

func TestThePartitionFollowsFromTheRegion(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-west-1": "aws", "us-east-1": "aws", "ap-southeast-7": "aws", "mx-central-1": "aws", "il-central-1": "aws",
		"nz-north-1": "aws", "us-northwest-10": "aws",
		"cn-north-1": "aws-cn", "cn-northwest-1": "aws-cn", "cn-south-2": "aws-cn",
		"us-gov-east-1": "aws-us-gov", "us-gov-central-1": "aws-us-gov",
		"us-iso-east-1": "aws-iso", "us-isob-east-1": "aws-iso-b", "eu-isoe-west-1": "aws-iso-e",
		"us-isof-south-1": "aws-iso-f", "eusc-de-east-1": "aws-eusc",
	} {
		partition, ok := awsref.PartitionOf(region)
		assert.True(t, ok, region)
		assert.Equal(t, want, partition.ID, region)
	}
}

func TestWhatIsNoRegionHasNoPartition(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "eu", "eu-west", "eu-west-1a", "EU-WEST-1", "eu west 1", "eu-west-1 ", "1-eu-west", "aws-global",
	} {
		_, ok := awsref.PartitionOf(text)
		assert.False(t, ok, text)
	}
}
