package engine_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/require"

	"sagehost/components/endpoint"
	"sagehost/internal/live/deployed"
)

// TestABrokenEndpointIsNeverTakenForOneThatServes follows a protected endpoint whose creation fails, and later an
// update and its rollback. The steps build on each other.
func TestABrokenEndpointIsNeverTakenForOneThatServes(t *testing.T) {
	t.Parallel()
	h := newHosted(t)
	args := endpoint.Args{Variants: fleetOf(1), Spec: endpoint.Spec{Protect: true}}
	// up deploys an image, and returns the endpoints that are broken then.
	up := func(version string) ([]deployed.Endpoint, error) {
		h.out.Reset()
		_, _, err := h.openProgram(h.file, h.program(version, args)).Up(t.Context())
		broken, failure := deployed.Failed(t.Context(), h.clients.sagemaker, []string{testEndpoint})
		require.NoError(t, failure)
		return broken, err
	}
	h.script(t, testEndpoint, "next-create", `{"outcome": "fail", "reason": "no instances"}`)
	_, err := up("1.0.0")
	require.Error(t, err)
	require.Contains(t, h.out.String(), "unexpected state 'Failed', wanted target 'InService'. last error: no instances")

	t.Run("the same again does not hide it", func(t *testing.T) {
		broken, err := up("1.0.0")
		require.NoError(t, err, "the engine finds what is in the state")
		require.Len(t, broken, 1)
		require.Equal(t, types.EndpointStatusFailed, broken[0].Status)
		require.True(t, broken[0].Broken())
	})
	t.Run("a good release cannot mend it", func(t *testing.T) {
		_, err := up("1.1.0")
		require.Error(t, err)
		require.Contains(t, h.out.String(), "Cannot update failed endpoint")
	})
	t.Run("its way out leads to service", func(t *testing.T) {
		_, err := h.clients.sagemaker.DeleteEndpoint(t.Context(), &sagemaker.DeleteEndpointInput{
			EndpointName: new(testEndpoint),
		})
		require.NoError(t, err)
		_, err = h.openProgram(h.file, h.program("1.1.0", args)).Refresh(t.Context())
		require.NoError(t, err, h.out.String())
		broken, err := up("1.1.0")
		require.NoError(t, err, h.out.String())
		require.Empty(t, broken)
		h.requireServes(t)
		require.Equal(t, map[string]int{"models": 1, "configurations": 1, "endpoints": 1, "buckets": 1}, h.clients.count(t))
	})
	first := h.clients.endpoint(t, testEndpoint)
	t.Run("an update whose rollback fails is no success either", func(t *testing.T) {
		h.script(t, testEndpoint, "next-update", `{"outcome": "rollback-fails", "reason": "no instances"}`)
		broken, err := up("1.2.0")
		require.Error(t, err)
		require.Len(t, broken, 1)
		require.Equal(t, types.EndpointStatusUpdateRollbackFailed, broken[0].Status)
		require.Equal(t, *first.EndpointConfigName, broken[0].Config)
	})
	t.Run("the same again updates it", func(t *testing.T) {
		broken, err := up("1.2.0")
		require.NoError(t, err, h.out.String())
		require.Contains(t, h.out.String(), `The last update of stack "test" left 1 resource half done`)
		require.Empty(t, broken)
		now := h.clients.endpoint(t, testEndpoint)
		require.Equal(t, types.EndpointStatusInService, now.EndpointStatus)
		require.NotEqual(t, *first.EndpointConfigName, *now.EndpointConfigName)
		require.Equal(t, first.CreationTime, now.CreationTime, "it is the same endpoint")
		require.Equal(t, map[string]int{"models": 1, "configurations": 1, "endpoints": 1, "buckets": 1}, h.clients.count(t))
		h.requireServes(t)
	})
}
