package deployed

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"sagehost/internal/live/commandline"
)

// stuck are the statuses that no endpoint leaves by itself, and the provider does not look at once a change has ended.
var stuck = []types.EndpointStatus{types.EndpointStatusFailed, types.EndpointStatusUpdateRollbackFailed}

// Broken reports whether the endpoint stays as it is until somebody mends it: it has failed, or a rollback of it has.
func (e *Endpoint) Broken() bool { return slices.Contains(stuck, e.Status) }

// WayOut is what mends a broken endpoint, as lines of text, with the commands to run; none for others. SageMaker lets
// nobody do anything with a failed endpoint but delete it, and takes another update of one whose rollback has failed.
func (e *Endpoint) WayOut(commands commandline.Context) []string {
	command := func(arguments ...string) string { return "  " + commands.AWSCLI(arguments...) }
	name := []string{"--endpoint-name", e.Name}
	switch e.Status {
	case types.EndpointStatusFailed:
		return []string{
			"It serves nothing, and can only be deleted. Then look at what exists, and deploy again:",
			command(append([]string{"sagemaker", "delete-endpoint"}, name...)...),
			command(append([]string{"sagemaker", "wait", "endpoint-deleted"}, name...)...),
			"  " + commands.OnStack("refresh"), "  " + commands.OnStack("up"),
		}
	case types.EndpointStatusUpdateRollbackFailed:
		return []string{
			"Some of its instances serve the old configuration and some the new one. Deploy something that changes what it " +
				"serves, or put all of them on one configuration:",
			command(append([]string{"sagemaker", "update-endpoint", "--endpoint-config-name", e.Config}, name...)...),
			command(append([]string{"sagemaker", "wait", "endpoint-in-service"}, name...)...),
		}
	default:
		return nil
	}
}
