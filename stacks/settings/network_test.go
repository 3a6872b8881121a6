package settings

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestANetworkThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	const (
		serverless = "[{name: main, model: flowers, serverless: {memorySizeMb: 1024, maxConcurrency: 1}}]"
		private    = "{image: 'registry.example.com/a:1', imageConfig: {repositoryAccessMode: Vpc}}"
		at         = "sagehost:models.flowers."
		unreached  = `"Vpc" needs a network that leads to the registry, which this one does not; ` +
			"give network.natGateways, or the network.subnetIds of one that does"
		noSecrets = at + "joinNetwork: must be false for the container to read the secrets its environment names, unless " +
			`network.endpoints has "secretsmanager" or there are network.natGateways`
	)
	secretive := func(network string) change {
		return change{
			"network": network, "models.flowers.networkIsolation": "false", "models.flowers.environment.API_KEY": secretARN,
		}
	}
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
		{
			name: "without a way to a private registry",
			set:  change{"network": "{natGateways: none}", "models.flowers": private},
			want: []string{at + "imageConfig.repositoryAccessMode: " + unreached},
		},
		{
			name: "without a way to a private registry of a pipeline",
			set:  change{"network": "{}", "models.flowers": "{containers: [" + stage() + ", " + private + "]}"},
			want: []string{at + "containers[1].imageConfig.repositoryAccessMode: " + unreached},
		},
		{name: "without a way to a secret", set: secretive("{}"), want: []string{noSecrets}},
		{
			name: "without a way to a secret, though to others",
			set:  secretive("{endpoints: [logs, kms]}"), want: []string{noSecrets},
		},
	})
}

func TestANetworkThatLeadsToWhatItsModelsNeedIsAccepted(t *testing.T) {
	t.Parallel()
	const (
		adopted = "{subnetIds: [subnet-0a1b2c3d4e5f60718, subnet-1a2b3c4d5e6f70819], " +
			"securityGroupIds: [sg-0a1b2c3d4e5f60718]}"
		private  = "{image: 'registry.example.com/a:1', imageConfig: {repositoryAccessMode: Vpc}}"
		isolated = "models.flowers.networkIsolation"
		apiKey   = "models.flowers.environment.API_KEY"
	)
	for name, set := range map[string]change{
		"a registry on the internet":     {"network": "{natGateways: single}", "models.flowers": private},
		"a registry in its own network":  {"network": adopted, "models.flowers": private},
		"a secret by an endpoint":        {"network": "{endpoints: [secretsmanager]}", isolated: "false", apiKey: secretARN},
		"a secret over the internet":     {"network": "{natGateways: onePerAz}", isolated: "false", apiKey: secretARN},
		"a secret by an adopted network": {"network": adopted, isolated: "false", apiKey: secretARN},
		"a secret outside of the network": {
			"network": "{}", isolated: "false", apiKey: secretARN, "models.flowers.joinNetwork": "false",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			accept(t, set)
		})
	}
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
