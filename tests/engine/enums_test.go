package engine_test

import (
	"regexp"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/structpb"

	"sagehost/kit/limits"
	"sagehost/localaws/services/sagemaker"
)

// TestWhatTheProviderDoesNotKnowIsListed asks the provider for every value that SageMaker has.
func TestWhatTheProviderDoesNotKnowIsListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sagemaker.Durations{})
	attached := regexp.MustCompile(`\baws:(\d+)`).FindStringSubmatch(w.env["PULUMI_DEBUG_PROVIDERS"])
	if attached == nil {
		t.Skip("the engine starts the aws plugin by itself: there is none to ask")
	}
	conn, err := grpc.NewClient("127.0.0.1:"+attached[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	provider := pulumirpc.NewResourceProviderClient(conn)
	for shape, property := range map[string]string{
		"ProductionVariantInstanceType":        "instanceType",
		"ProductionVariantInferenceAmiVersion": "inferenceAmiVersion",
	} {
		for _, value := range limits.Enum(shape) {
			variant := map[string]any{
				"variantName": "main", "modelName": "m", "initialInstanceCount": 1, "instanceType": "ml.m5.large",
			}
			variant[property] = value
			news, err := structpb.NewStruct(map[string]any{"productionVariants": []any{variant}})
			require.NoError(t, err)
			answer, err := provider.Check(t.Context(), &pulumirpc.CheckRequest{
				Urn:  "urn:pulumi:test::sagehost::aws:sagemaker/endpointConfiguration:EndpointConfiguration::c",
				News: news,
			})
			require.NoError(t, err)
			assert.Equal(t, len(answer.GetFailures()) > 0, limits.ProviderLimit(shape, value) != "", value)
		}
	}
}
