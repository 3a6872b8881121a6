package engine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	// soon is how long anything may take that is bound to happen, on a machine that is busy.
	soon  = 90 * time.Second
	often = 50 * time.Millisecond
	// bucket has the examples' models, and the answers of asynchronous endpoints.
	bucket = "models"
)

// flower is one of the examples.
const flower = "5.1,3.5,1.4,0.2"

// hostingWorld is a world with the examples' models, and a client that asks for predictions.
type hostingWorld struct {
	*world
	runtime *sagemakerruntime.Client
}

func newHosting(t *testing.T) *hostingWorld {
	t.Helper()
	w := &hostingWorld{world: newWorld(t, durations)}
	url := w.aws.URL()
	w.runtime = sagemakerruntime.NewFromConfig(aws.Config{
		Region: region, BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	_, err := w.clients.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String(bucket), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: region},
	})
	require.NoError(t, err)
	for _, name := range []string{
		"flowers/model.tar.gz", "flowers/sepals.tar.gz", "flowers/petals.tar.gz", "penguins/preprocess.tar.gz",
		"penguins/scoring.tar.gz",
	} {
		content, err := os.ReadFile(filepath.Join(root, "examples", filepath.FromSlash(name)))
		require.NoError(t, err)
		_, err = w.clients.s3.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(bucket), Key: &name, Body: bytes.NewReader(content),
		})
		require.NoError(t, err)
	}
	return w
}

// speed makes an hour pass in 3600/times seconds.
func (w *hostingWorld) speed(t *testing.T, times float64) {
	t.Helper()
	w.clock(t, http.MethodPut, fmt.Sprintf(`{"speed": %v}`, times))
}

// clock asks the local AWS for the time.
func (w *hostingWorld) clock(t *testing.T, method, body string) time.Time {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, w.aws.URL()+"/_local/clock", strings.NewReader(body))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	var told struct{ Now time.Time }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&told))
	return told.Now
}

// reaches waits until an endpoint has so many instances.
func (w *hostingWorld) reaches(t *testing.T, endpoint string, count int32) {
	t.Helper()
	require.Eventually(t, func() bool {
		return *w.clients.endpoint(t, endpoint).ProductionVariants[0].CurrentInstanceCount == count
	}, soon, often)
}

// submit sends a request to the asynchronous endpoint and returns the key of the answer to come.
func (w *hostingWorld) submit(t *testing.T, body string, ttl *int32) string {
	t.Helper()
	accepted, err := w.runtime.InvokeEndpointAsync(t.Context(), &sagemakerruntime.InvokeEndpointAsyncInput{
		EndpointName: aws.String("later"), Body: []byte(body), ContentType: aws.String("text/csv"), RequestTTLSeconds: ttl,
	})
	require.NoError(t, err)
	return strings.TrimPrefix(*accepted.OutputLocation, "s3://"+bucket+"/")
}

// object is the content of an object; empty when it is not there.
func (w *hostingWorld) object(t *testing.T, key string) string {
	t.Helper()
	got, err := w.clients.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(bucket), Key: &key})
	if err != nil {
		return ""
	}
	defer got.Body.Close()
	var content bytes.Buffer
	_, err = content.ReadFrom(got.Body)
	require.NoError(t, err)
	return content.String()
}

// ask asks an endpoint, and a model of a multi-model one. Whatever it answers is traffic.
func (w *hostingWorld) ask(t *testing.T, endpoint, body, model string) {
	t.Helper()
	in := &sagemakerruntime.InvokeEndpointInput{
		EndpointName: &endpoint, ContentType: aws.String("text/csv"), Body: []byte(body),
	}
	if model != "" {
		in.TargetModel = &model
	}
	_, err := w.runtime.InvokeEndpoint(t.Context(), in)
	assert.NoError(t, err, endpoint)
}
