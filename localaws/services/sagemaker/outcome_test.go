package sagemaker_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const noCapacity = "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. " +
	"Please retry using a different ML instance type or after some time."

// script asks for how a step of the endpoint "e" is to end.
func (w *world) script(step, body string) {
	w.t.Helper()
	request, err := http.NewRequest(http.MethodPut,
		w.url+"/_local/sagemaker/endpoints/e/"+step+"?region=eu-central-1", strings.NewReader(body))
	require.NoError(w.t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(w.t, err)
	require.NoError(w.t, response.Body.Close())
	require.Equal(w.t, http.StatusNoContent, response.StatusCode)
}

func TestAnUpdateEndsAsItWasAskedTo(t *testing.T) {
	t.Parallel()
	// The update takes 10 minutes and rolling back 4.
	for name, row := range map[string]struct {
		body string
		// statuses are those after 1, 11 and 15 minutes.
		statuses       []types.EndpointStatus
		config, reason string
	}{
		"rolled back": {
			`{"outcome":"rollback","reason":"r"}`, []types.EndpointStatus{"Updating", "RollingBack", "InService"}, "c1", "r",
		},
		"unchanged": {
			`{"outcome":"unchanged","reason":"r"}`, []types.EndpointStatus{"Updating", "InService", "InService"}, "c1", "r",
		},
		"stuck": {
			`{"outcome":"rollback-fails","reason":"r"}`,
			[]types.EndpointStatus{"Updating", "RollingBack", "UpdateRollbackFailed"},
			"c1", "r",
		},
		"without capacity": {
			`{"outcome":"capacity"}`, []types.EndpointStatus{"Updating", "RollingBack", "InService"}, "c1", noCapacity,
		},
		"slow": {
			`{"outcome":"slow","delay":"2m"}`, []types.EndpointStatus{"Updating", "Updating", "InService"}, "c2", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.serving(variant("v"))
			w.config("c2", variant("v"))
			w.script("next-update", row.body)
			require.NoError(t, w.update("c2"))
			var statuses []types.EndpointStatus
			for _, minutes := range []time.Duration{1, 10, 4} {
				w.pass(minutes * time.Minute)
				statuses = append(statuses, w.describe("e").EndpointStatus)
			}
			assert.Equal(t, row.statuses, statuses)
			out := w.describe("e")
			assert.Equal(t, row.config, *out.EndpointConfigName)
			assert.Equal(t, row.reason, aws.ToString(out.FailureReason))
		})
	}
}

func TestACreationWithoutCapacityFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script("next-create", `{"outcome":"capacity"}`)
	w.serving(variant("v"))
	out := w.describe("e")
	assert.Equal(t, types.EndpointStatusFailed, out.EndpointStatus)
	assert.Equal(t, noCapacity, *out.FailureReason)
}

func TestAnEndpointWhoseRollbackFailedIsMendedByAnotherUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serving(variant("v"))
	w.config("c2", variant("v"))
	w.script("next-update", `{"outcome":"rollback-fails","reason":"r"}`)
	require.NoError(t, w.update("c2"))
	w.pass(time.Hour)
	require.Equal(t, types.EndpointStatusUpdateRollbackFailed, w.describe("e").EndpointStatus)
	require.NoError(t, w.update("c2"))
	w.pass(time.Hour)
	out := w.describe("e")
	assert.Equal(t, types.EndpointStatusInService, out.EndpointStatus)
	assert.Equal(t, "c2", *out.EndpointConfigName)
	assert.Empty(t, aws.ToString(out.FailureReason))
}

func TestAutoScalingChangesAVariantThatIsAtRest(t *testing.T) {
	t.Parallel()
	const count, concurrency = "sagemaker:variant:DesiredInstanceCount", "sagemaker:variant:DesiredProvisionedConcurrency"
	less := variant("less", func(v *types.ProductionVariant) {
		v.InstanceType, v.InitialInstanceCount = "", nil
		v.ServerlessConfig = &types.ProductionVariantServerlessConfig{
			MemorySizeInMB: aws.Int32(1024), MaxConcurrency: aws.Int32(5), ProvisionedConcurrency: aws.Int32(1),
		}
	})
	for dimension, of := range map[string]types.ProductionVariant{count: variant("v"), concurrency: less} {
		w, name := newWorld(t), *of.VariantName
		w.serving(of)
		before, ok := w.fake.Capacity("eu-central-1", "e", name, dimension)
		require.True(t, ok)
		require.NoError(t, w.fake.Scale("eu-central-1", "e", name, dimension, before+2))
		_, ok = w.fake.Capacity("eu-central-1", "e", name, dimension)
		assert.False(t, ok, "while the endpoint changes it cannot be scaled")
		assert.ErrorContains(t, w.fake.Scale("eu-central-1", "e", name, dimension, 1), inProgress)
		w.pass(3 * time.Minute)
		after, ok := w.fake.Capacity("eu-central-1", "e", name, dimension)
		assert.True(t, ok)
		assert.Equal(t, before+2, after, dimension)
		other := map[string]string{count: concurrency, concurrency: count}[dimension]
		for _, missing := range [][2]string{{"none", dimension}, {name, other}} {
			_, ok := w.fake.Capacity("eu-central-1", "e", missing[0], missing[1])
			assert.False(t, ok, "%v", missing)
		}
	}
}
