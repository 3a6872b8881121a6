package arn_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/internal/localaws/arn"
)

func TestThePartitionFollowsTheRegion(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-central-1":   "arn:aws:sagemaker:eu-central-1:123456789012:model/m",
		"cn-northwest-1": "arn:aws-cn:sagemaker:cn-northwest-1:123456789012:model/m",
		"us-gov-west-1":  "arn:aws-us-gov:sagemaker:us-gov-west-1:123456789012:model/m",
	} {
		assert.Equal(t, want, arn.Of("sagemaker", region, "model/m"))
	}
}

func TestGlobalResourcesNameNoRegion(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "arn:aws-cn:iam::123456789012:role/r", arn.OfGlobal("iam", "cn-north-1", "role/r"))
}
