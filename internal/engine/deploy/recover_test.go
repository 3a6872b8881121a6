package deploy

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
)

func described(typ, name, id string) apitype.ResourceV3 {
	return apitype.ResourceV3{
		URN: resource.URN("urn:pulumi:dev::sagehost::" + typ + "::" + name), Type: tokens.Type(typ), ID: resource.ID(id),
		Inputs: map[string]any{"name": name + "-0000001"},
	}
}

const (
	endpointType = "aws:sagemaker/endpoint:Endpoint"
	modelType    = "aws:sagemaker/model:Model"
	keyType      = "aws:kms/key:Key"
)

func TestPendingCreationsAreAdoptedWhereTheirIDIsKnownAndNothingIsReplaced(t *testing.T) {
	t.Parallel()
	creating := func(r apitype.ResourceV3) apitype.OperationV2 {
		return apitype.OperationV2{Resource: r, Type: apitype.OperationTypeCreating}
	}
	updating := apitype.OperationV2{Resource: described(modelType, "b", ""), Type: apitype.OperationTypeUpdating}
	inUse := described(modelType, "a", "a-0000000")
	state := &apitype.DeploymentV3{
		Resources: []apitype.ResourceV3{inUse},
		PendingOperations: []apitype.OperationV2{
			creating(described(endpointType, "e", "")), creating(described(modelType, "a", "")),
			creating(described(keyType, "k", "")), updating,
		},
	}

	pending, adopted := adopt(state)

	assert.Equal(t, 3, pending)
	assert.Equal(t, 1, adopted)
	assert.Equal(t, []apitype.ResourceV3{inUse, described(endpointType, "e", "e-0000001")}, state.Resources)
	assert.Equal(t, []apitype.OperationV2{updating}, state.PendingOperations)
}

func TestAnIDFollowsFromTheInputsThatItConsistsOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		typ    string
		inputs map[string]any
		want   resource.ID
	}{
		{"aws:cloudwatch/logGroup:LogGroup", map[string]any{"name": "/aws/a/b"}, "/aws/a/b"},
		{"aws:scheduler/schedule:Schedule", map[string]any{"groupName": "g", "name": "n"}, "g/n"},
		{"aws:scheduler/schedule:Schedule", map[string]any{"name": "n"}, ""},
		{"aws:scheduler/scheduleGroup:ScheduleGroup", map[string]any{"name": "g"}, "g"},
		{"aws:s3/bucketV2:BucketV2", map[string]any{"bucket": "b", "name": "n"}, "b"},
		{keyType, map[string]any{"name": "k"}, ""},
	} {
		assert.Equal(t, test.want, idOf(&apitype.ResourceV3{Type: tokens.Type(test.typ), Inputs: test.inputs}), test.typ)
	}
}

func TestNothingThatLeadsToTheRealAWSIsPassedOn(t *testing.T) {
	t.Parallel()
	environ := []string{"AWS_PROFILE=prod", "HOME=/home/me", "AWS_ACCESS_KEY_ID=AKIA", "PATH=/bin"}
	assert.Equal(t, []string{"HOME=/home/me", "PATH=/bin"}, withoutAWS(environ))
}
