package limits

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheProvidersListsAreOlderThanSageMakers(t *testing.T) {
	t.Parallel()
	assert.Len(t, DeployableInstanceTypes(), 224)
	for value, known := range map[string]bool{
		"ml.p5.4xlarge": false, "ml.p5.48xlarge": true, "ml.g7e.2xlarge": false, "ml.g6e.2xlarge": true,
		"ml.c6in.large": false, "ml.c6i.large": true,
	} {
		assert.Equal(t, known, ProviderLimit("ProductionVariantInstanceType", value) == "", value)
	}
	assert.Empty(t, ProviderLimit("RoutingStrategy", "RANDOM"))
}
