package localaws_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws"
)

// local sends a request to the local AWS itself.
func local(t *testing.T, server *localaws.Server, method, path, body string) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL()+path, strings.NewReader(body))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode, strings.TrimSpace(string(text))
}

// user is a program that tests itself against the local AWS.
type user struct {
	hosting *sagemaker.Client
	objects *s3.Client
}

func newUser(server *localaws.Server) user {
	config := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL()),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	return user{
		sagemaker.NewFromConfig(config), s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }),
	}
}

// deploy makes a bucket and an endpoint.
func (u user) deploy(t *testing.T) {
	t.Helper()
	_, err := u.objects.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("models")})
	require.NoError(t, err)
	_, err = u.hosting.CreateModel(t.Context(), &sagemaker.CreateModelInput{
		ModelName: aws.String("flowers"), ExecutionRoleArn: aws.String("arn:aws:iam::123456789012:role/runner"),
		PrimaryContainer: &types.ContainerDefinition{Image: aws.String("123456789012.dkr.ecr.us-east-1.amazonaws.com/f:1")},
	})
	require.NoError(t, err)
	_, err = u.hosting.CreateEndpointConfig(t.Context(), &sagemaker.CreateEndpointConfigInput{
		EndpointConfigName: aws.String("flowers"), ProductionVariants: []types.ProductionVariant{{
			VariantName: aws.String("main"), ModelName: aws.String("flowers"),
			InstanceType: types.ProductionVariantInstanceTypeMlG5Xlarge, InitialInstanceCount: aws.Int32(1),
		}},
	})
	require.NoError(t, err)
	_, err = u.hosting.CreateEndpoint(t.Context(), &sagemaker.CreateEndpointInput{
		EndpointName: aws.String("flowers"), EndpointConfigName: aws.String("flowers"),
	})
	require.NoError(t, err)
}

// count is how many buckets, models and endpoints there are.
func (u user) count(t *testing.T) [3]int {
	t.Helper()
	buckets, err := u.objects.ListBuckets(t.Context(), &s3.ListBucketsInput{})
	require.NoError(t, err)
	models, err := u.hosting.ListModels(t.Context(), &sagemaker.ListModelsInput{})
	require.NoError(t, err)
	endpoints, err := u.hosting.ListEndpoints(t.Context(), &sagemaker.ListEndpointsInput{})
	require.NoError(t, err)
	return [3]int{len(buckets.Buckets), len(models.Models), len(endpoints.Endpoints)}
}

func TestAResetEmptiesEverythingAndLeavesRoomForAnother(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: motoServer(t), Dir: dir, Keep: true})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	u := newUser(server)
	for range 2 {
		u.deploy(t)
		require.Equal(t, [3]int{1, 1, 1}, u.count(t))
		status, _ := local(t, server, http.MethodPut, "/_local/faults/f", `{"service": "sts", "error": "AccessDenied"}`)
		require.Equal(t, http.StatusNoContent, status)
		status, _ = local(t, server, http.MethodPut, "/_local/clock", `{"speed": 60}`)
		require.Equal(t, http.StatusOK, status)

		status, answer := local(t, server, http.MethodPost, "/_local/reset", "")
		require.Equal(t, http.StatusOK, status, answer)
		assert.JSONEq(t, `{"status": "empty"}`, answer)
		assert.Equal(t, [3]int{}, u.count(t))
		_, faults := local(t, server, http.MethodGet, "/_local/faults", "")
		assert.NotContains(t, faults, "sts")
		_, clock := local(t, server, http.MethodGet, "/_local/clock", "")
		assert.Contains(t, clock, `"speed":1}`)
		assert.True(t, localaws.Emptied(dir), "who keeps a state of the resources can know")
	}
	require.NoError(t, localaws.NoticeEmptied(dir))
	assert.False(t, localaws.Emptied(dir))
	status, answer := local(t, server, http.MethodGet, "/_local/reset", "")
	assert.Equal(t, http.StatusMethodNotAllowed, status)
	assert.Equal(t, "method GET is not allowed; POST is", answer)
}

func TestResetsAtOnceLeaveNothingOfWhatCameBefore(t *testing.T) {
	t.Parallel()
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: motoServer(t)})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	u := newUser(server)
	u.deploy(t)
	var asking sync.WaitGroup
	for range 5 {
		asking.Go(func() {
			status, answer := local(t, server, http.MethodPost, "/_local/reset", "")
			assert.Equal(t, http.StatusOK, status, answer)
		})
	}
	asking.Wait()
	assert.Equal(t, [3]int{}, u.count(t))
	u.deploy(t)
	assert.Equal(t, [3]int{1, 1, 1}, u.count(t))
}

func TestAPageOfAnotherOriginResetsNothing(t *testing.T) {
	t.Parallel()
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: motoServer(t)})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	u := newUser(server)
	u.deploy(t)
	for name, value := range map[string]string{"Origin": "https://example.com", "Sec-Fetch-Site": "cross-site"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL()+"/_local/reset", nil)
		require.NoError(t, err)
		request.Header.Set(name, value)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, http.StatusForbidden, response.StatusCode, name)
	}
	assert.Equal(t, [3]int{1, 1, 1}, u.count(t))
}
