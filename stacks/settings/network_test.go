package settings

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestANetworkThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	const serverless = "[{name: main, model: flowers, serverless: {memorySizeMb: 1024, maxConcurrency: 1}}]"
	refuse(t, []row{
		{
			name: "of too many zones", set: change{"network": "{availabilityZones: 4}"},
			want: []string{"sagehost:network.availabilityZones: 4 is not between 2 and 3"},
		},
		{
			name: "around a serverless endpoint",
			set: change{
				"network": "{}", "models.flowers.networkIsolation": "false", "endpoints.flowers.variants": serverless,
			},
			want: []string{"sagehost:endpoints.flowers.variants[0].serverless: is not possible for a model with a VPC"},
		},
	})
}

func TestAModelJoinsTheNetworkUnlessItsSettingsSayNo(t *testing.T) {
	t.Parallel()
	s := accept(t, change{"network": "{}", "models.flowers.joinNetwork": "true"})
	flowers := s.Models["flowers"].Spec
	assert.True(t, TraitsOf(&flowers, true).InVPC)
	assert.False(t, TraitsOf(&flowers, false).InVPC, "without a network there is none to join")
	s = accept(t, change{"network": "{}", "models.flowers.joinNetwork": "false"})
	flowers = s.Models["flowers"].Spec
	assert.False(t, TraitsOf(&flowers, true).InVPC)
}
