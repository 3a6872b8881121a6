package deploy

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
)

func TestWhatHasFailedHalfWayIsHalfDone(t *testing.T) {
	t.Parallel()
	failed := described(endpointType, "e", "e-0000001")
	failed.InitErrors = []string{"unexpected state 'RollingBack'"}
	assert.Equal(t, 1, halfDone(&apitype.DeploymentV3{
		Resources: []apitype.ResourceV3{described(modelType, "a", "a-0000001"), failed},
	}))
	assert.Zero(t, halfDone(&apitype.DeploymentV3{}))
}
