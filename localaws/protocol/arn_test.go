package protocol_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/localaws/protocol"
)

func TestThePartitionFollowsTheRegion(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-central-1":   "arn:aws:sagemaker:eu-central-1:123456789012:model/m",
		"cn-northwest-1": "arn:aws-cn:sagemaker:cn-northwest-1:123456789012:model/m",
		"us-gov-west-1":  "arn:aws-us-gov:sagemaker:us-gov-west-1:123456789012:model/m",
		"us-iso-east-1":  "arn:aws-iso:sagemaker:us-iso-east-1:123456789012:model/m",
		"us-isob-east-1": "arn:aws-iso-b:sagemaker:us-isob-east-1:123456789012:model/m",
		"eu-isoe-west-1": "arn:aws-iso-e:sagemaker:eu-isoe-west-1:123456789012:model/m",
		"us-isof-east-1": "arn:aws-iso-f:sagemaker:us-isof-east-1:123456789012:model/m",
		"eusc-de-east-1": "arn:aws-eusc:sagemaker:eusc-de-east-1:123456789012:model/m",
	} {
		assert.Equal(t, want, protocol.ARN("sagemaker", region, "model/m"))
	}
}

func TestGlobalResourcesNameNoRegion(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "arn:aws-cn:iam::123456789012:role/r", protocol.GlobalARN("iam", "cn-north-1", "role/r"))
}
