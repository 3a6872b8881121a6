package deployed_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"

	"sagehost/internal/live/commandline"
	"sagehost/internal/live/deployed"
)

func TestABrokenEndpointHasAWayOutAndNoOther(t *testing.T) {
	t.Parallel()
	for _, status := range types.EndpointStatus("").Values() {
		e := deployed.Endpoint{Name: "flowers-dev", Config: "flowers-1", Status: status}
		var commands []string
		if out := e.WayOut(commandline.Context{Stack: "dev", AWS: true, Region: "eu-west-1"}); len(out) > 0 {
			commands = out[1:]
		}
		want := map[types.EndpointStatus][]string{
			types.EndpointStatusFailed: {
				"  aws --region eu-west-1 sagemaker delete-endpoint --endpoint-name flowers-dev",
				"  aws --region eu-west-1 sagemaker wait endpoint-deleted --endpoint-name flowers-dev",
				"  sagehost refresh --stack dev --aws", "  sagehost up --stack dev --aws",
			},
			types.EndpointStatusUpdateRollbackFailed: {
				"  aws --region eu-west-1 sagemaker update-endpoint --endpoint-config-name flowers-1 --endpoint-name flowers-dev",
				"  aws --region eu-west-1 sagemaker wait endpoint-in-service --endpoint-name flowers-dev",
			},
		}[status]
		assert.Equal(t, want, commands, status)
		assert.Equal(t, want != nil, e.Broken(), status)
	}
}
