package modelprefix_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/modelprefix"
)

// serve makes an endpoint with a variant for each of these containers.
func (w world) serve(t *testing.T, endpoint string, containers ...types.ContainerDefinition) {
	t.Helper()
	variants := make([]types.ProductionVariant, len(containers))
	for i := range containers {
		name := endpoint + "-" + string(rune('a'+i))
		containers[i].Image = aws.String("123456789012.dkr.ecr.us-east-1.amazonaws.com/i:1")
		_, err := w.hosting.CreateModel(t.Context(), &sagemaker.CreateModelInput{
			ModelName: &name, ExecutionRoleArn: aws.String("arn:aws:iam::123456789012:role/r"),
			PrimaryContainer: &containers[i],
		})
		require.NoError(t, err)
		variants[i] = types.ProductionVariant{
			VariantName: &name, ModelName: &name, InitialInstanceCount: aws.Int32(1),
			InstanceType: types.ProductionVariantInstanceTypeMlM5Large,
		}
	}
	_, err := w.hosting.CreateEndpointConfig(t.Context(), &sagemaker.CreateEndpointConfigInput{
		EndpointConfigName: &endpoint, ProductionVariants: variants,
	})
	require.NoError(t, err)
	_, err = w.hosting.CreateEndpoint(t.Context(),
		&sagemaker.CreateEndpointInput{EndpointName: &endpoint, EndpointConfigName: &endpoint})
	require.NoError(t, err)
}

// many is a container of the models under a prefix.
func many(url string) types.ContainerDefinition {
	return types.ContainerDefinition{Mode: types.ContainerModeMultiModel, ModelDataUrl: &url}
}

func TestThePrefixIsThatOfTheEndpointsModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mark(t, "garden/", "garden/m.tar.gz", "meadow/")
	one := types.ContainerDefinition{ModelDataUrl: aws.String("s3://models/garden/m.tar.gz")}
	w.serve(t, "many", many("s3://models/garden"))
	w.serve(t, "same", one, many("s3://models/garden/"), many("https://models.s3.amazonaws.com/garden"))
	w.serve(t, "bucket", many("s3://models"))
	w.serve(t, "several", many("s3://models/garden/"), many("s3://models/meadow"))
	w.serve(t, "one", one)
	for endpoint, key := range map[string]string{"many": "garden/", "same": "garden/", "bucket": ""} {
		prefix, err := modelprefix.OfEndpoint(t.Context(), w.hosting, w.objects, endpoint)
		require.NoError(t, err)
		assert.Equal(t, modelprefix.Prefix{S3: w.objects, Bucket: "models", Key: key}, prefix, endpoint)
	}
	_, err := modelprefix.OfEndpoint(t.Context(), w.hosting, w.objects, "one")
	require.EqualError(t, err, `endpoint "one": it serves one model, not those under a prefix`)
	_, err = modelprefix.OfEndpoint(t.Context(), w.hosting, w.objects, "several")
	assert.EqualError(t, err, `endpoint "several": its variants take models from several prefixes, s3://models/garden/ `+
		"and s3://models/meadow/; give them one")
}
