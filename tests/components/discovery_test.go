package components_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/components/discovery"
	"sagehost/tests/harness"
)

const parameterType = "aws:ssm/parameter:Parameter"

func newDiscovery(parameter string, endpoint pulumi.StringInput) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := discovery.New(ctx, "flowers", &discovery.Args{
			ParameterName: parameter, EndpointName: endpoint, Tags: tags,
		})
		return err
	}
}

func TestTheNameOfAnEndpointIsInAParameter(t *testing.T) {
	t.Parallel()
	name := discovery.ParameterName("sagehost", "test", "flowers")
	graph := harness.Run(t, newDiscovery(name, pulumi.String("flowers-test")))
	requireUnder(t, graph, discovery.Type)
	requireDeclares(t, graph, declaration{
		discovery.Type + " flowers": `{"parameterName": "/sagehost/test/endpoints/flowers"}`,
		parameterType + " flowers": `{
			"name": "/sagehost/test/endpoints/flowers", "type": "String", "insecureValue": "flowers-test",
			"description": "The SageMaker endpoint to invoke for flowers", ` + wantTags + `
		}`,
	})
}

func TestParametersThatAWSRefusesAreRefused(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":               "is required",
		"sagehost/test":  `"sagehost/test" is not the full name of a parameter`,
		"/sagehost//a":   `"/sagehost//a" is not the full name of a parameter`,
		"/sagehost/a b":  `"/sagehost/a b" is not the full name of a parameter`,
		"/aws/endpoints": `"/aws/endpoints" begins with what AWS keeps for its own parameters`,
		"/SSM-endpoints": `"/SSM-endpoints" begins with what AWS keeps for its own parameters`,

		strings.Repeat("/a", 16):       "has 16 levels; at most 15 are allowed",
		"/" + strings.Repeat("a", 956): "has 957 characters; at most 956 are allowed",
	} {
		err := harness.Fail(t, newDiscovery(name, pulumi.String("flowers-test")))
		assert.ErrorContains(t, err, `discovery "flowers": parameterName: `+want, name)
	}
	requireFails(t, newDiscovery("/a", nil), `discovery "flowers": endpointName: is required`)
	for _, name := range []string{strings.Repeat("/a", 15), "/" + strings.Repeat("a", 955)} {
		harness.Run(t, newDiscovery(name, pulumi.String("flowers-test")))
	}
}
