package dataplane_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestContainersAreMeasured(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.halves(nil)
	w.assertAnswer("setosa,0.9993897401167885\n", "halves", sepals, targeting("sepals.tar.gz"))
	for metric, most := range map[string]float64{
		"CPUUtilization": 100 * float64(runtime.NumCPU()), "MemoryUtilization": 100, "LoadedModelCount": 1,
		// Some kilobytes of 30 GB, however full this machine's own disk is.
		"DiskUtilization": 0.01,
	} {
		var got total
		require.Eventually(t, func() bool {
			w.pass(minutes(3))
			got = w.totalOf("/aws/sagemaker/Endpoints", metric, "EndpointName", "halves", "VariantName", "main")
			return got.count > 0
		}, soon, often, metric)
		assert.LessOrEqual(t, got.sum/got.count, most, metric)
		if metric != "CPUUtilization" {
			assert.Positive(t, got.sum, metric)
		}
	}
}
