package localaws

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scaling "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/world/clock"
)

// serve runs a gateway before an upstream that repeats what it is asked.
func serve(t *testing.T) *httptest.Server {
	t.Helper()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "moto %s %s %s %s", r.Method, r.Host, r.RequestURI, body)
	}))
	t.Cleanup(upstream.Close)
	return before(t, upstream.URL)
}

func before(t *testing.T, upstream string) *httptest.Server {
	t.Helper()
	at, err := url.Parse(upstream)
	require.NoError(t, err)
	other := newProxy(at, http.DefaultTransport, io.Discard)
	s, err := newServices(upstream, other, Options{Clock: clock.New(time.Now()), Log: io.Discard, Dir: t.TempDir()}, false)
	require.NoError(t, err)
	server := httptest.NewServer(s.gateway(other, health{PID: 7}))
	t.Cleanup(server.Close)
	return server
}

func send(t *testing.T, r *http.Request) (status int, body string) {
	t.Helper()
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, strings.TrimSpace(string(text))
}

func TestRequestsReachTheirService(t *testing.T) {
	t.Parallel()
	const (
		fromHosting = `{"Models":[]}`
		fromScaling = `{"ScalableTargets":[]}`
		list        = "SageMaker.ListModels"
		describe    = "AnyScaleFrontendService.DescribeScalableTargets"
		machines    = "AWSStepFunctions.ListStateMachines"
	)
	tests := []struct{ name, method, service, target, path, body, want string }{
		{"SageMaker", "POST", "sagemaker", list, "/", `{}`, fromHosting},
		{"SageMaker without a signature", "POST", "", list, "/", `{}`, fromHosting},
		{
			"Application Auto Scaling", "POST", "application-autoscaling", describe, "/",
			`{"ServiceNamespace":"sagemaker"}`, fromScaling,
		},
		{
			"another namespace", "POST", "application-autoscaling", describe, "/", `{"ServiceNamespace":"ecs"}`,
			`moto POST bucket.test / {"ServiceNamespace":"ecs"}`,
		},
		{"AWS Step Functions", "POST", "states", machines, "/", `{}`, `{"stateMachines":[]}`},
		{
			"an operation that is not here", "POST", "states", "AWSStepFunctions.ListActivities", "/", `{}`,
			`{"__type":"UnknownOperationException"}`,
		},
		{
			"an operation that only moto knows", "POST", "sagemaker", "SageMaker.ListPipelines", "/", `{"a":1}`,
			`moto POST bucket.test / {"a":1}`,
		},
		{"a target of another service", "POST", "kms", list, "/", `{}`, `moto POST bucket.test / {}`},
		{"a target that is not signed for", "POST", "sagemaker", describe, "/", `{}`, `moto POST bucket.test / {}`},
		{"another protocol", "POST", "iam", "", "/", `Action=ListRoles`, `moto POST bucket.test / Action=ListRoles`},
		{
			"S3", "PUT", "s3", "", "/b/a%2Fb%20c?x=1;2&versionId=%20", `data`,
			`moto PUT bucket.test /b/a%2Fb%20c?x=1;2&versionId=%20 data`,
		},
		{
			"presigned", "POST", "", list, "/?X-Amz-Credential=k%2F1%2Feu-west-1%2Fsagemaker%2Faws4_request", `{}`,
			`moto POST bucket.test /?X-Amz-Credential=k%2F1%2Feu-west-1%2Fsagemaker%2Faws4_request {}`,
		},
		{"not POST", "GET", "sagemaker", list, "/", ``, `moto GET bucket.test /`},
		{"health", "GET", "", "", "/_local/health", ``, `{"pid":7,"services":null}`},
		{"unknown local path", "GET", "", "", "/_local/x", ``, `404 page not found`},
	}
	server := serve(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequest(test.method, server.URL+test.path, strings.NewReader(test.body))
			require.NoError(t, err)
			r.Host = "bucket.test"
			r.Header.Set("X-Amz-Target", test.target)
			if test.service != "" {
				r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/"+test.service+
					"/aws4_request, SignedHeaders=host, Signature=0")
			}
			_, body := send(t, r)
			assert.Equal(t, test.want, body)
		})
	}
}

func TestAnEmulatorThatDoesNotAnswerIsABadGateway(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(nil)
	gone.Close()
	r, err := http.NewRequest(http.MethodGet, before(t, gone.URL).URL+"/bucket", nil)
	require.NoError(t, err)
	status, body := send(t, r)
	assert.Equal(t, http.StatusBadGateway, status)
	assert.Equal(t, "the emulator behind the gateway did not answer", body)
}

func TestAnOperationThatNobodyKnowsIsRefusedInAWSsWords(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, "<title>500 Internal Server Error</title>")
	}))
	t.Cleanup(upstream.Close)
	url := before(t, upstream.URL).URL
	for target, want := range map[string]struct {
		status int
		body   string
	}{
		"SageMaker.Guess": {http.StatusBadRequest, `{"__type":"UnknownOperationException"}`},
		"":                {http.StatusInternalServerError, "<title>500 Internal Server Error</title>"},
	} {
		r, err := http.NewRequest(http.MethodPost, url, strings.NewReader("{}"))
		require.NoError(t, err)
		r.Header.Set("X-Amz-Target", target)
		status, body := send(t, r)
		assert.Equal(t, want.status, status, target)
		assert.Equal(t, want.body, body, target)
	}
}

func TestGarbageDoesNotTakeTheGatewayDown(t *testing.T) {
	t.Parallel()
	server := serve(t)
	for _, garbage := range []string{
		"\x00\x01\x02\r\n\r\n", "GET", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: SageMaker.CreateModel\r\nContent-Length: 4\r\n\r\n\xff\xfe{[",
		"POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Credential=////\r\nContent-Length: 0\r\n\r\n",
		"PUT /_local/sagemaker/endpoints/%00/next-update HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n{",
	} {
		connection, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(t, err)
		_, err = io.WriteString(connection, garbage)
		require.NoError(t, err)
		require.NoError(t, connection.(*net.TCPConn).CloseWrite())
		_, err = bufio.NewReader(connection).ReadString('\n')
		if err != nil {
			assert.ErrorIs(t, err, io.EOF)
		}
		require.NoError(t, connection.Close())
	}
	r, err := http.NewRequest(http.MethodGet, server.URL+"/_local/health", nil)
	require.NoError(t, err)
	status, _ := send(t, r)
	assert.Equal(t, http.StatusOK, status)
}

func TestTheFakesKnowEachOther(t *testing.T) {
	t.Parallel()
	config := aws.Config{
		Region: "eu-central-1", BaseEndpoint: aws.String(serve(t).URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	hosting, scaler := sagemaker.NewFromConfig(config), applicationautoscaling.NewFromConfig(config)
	_, err := hosting.CreateModel(t.Context(), &sagemaker.CreateModelInput{
		ModelName: aws.String("m"), ExecutionRoleArn: aws.String("arn:aws:iam::123456789012:role/r"),
		PrimaryContainer: &types.ContainerDefinition{
			Image: aws.String("123456789012.dkr.ecr.eu-central-1.amazonaws.com/i:1"),
		},
	})
	require.NoError(t, err)
	for name, instanceType := range map[string]types.ProductionVariantInstanceType{
		"small": types.ProductionVariantInstanceTypeMlM5Large, "large": types.ProductionVariantInstanceTypeMlM5Xlarge,
	} {
		_, err = hosting.CreateEndpointConfig(t.Context(), &sagemaker.CreateEndpointConfigInput{
			EndpointConfigName: aws.String(name),
			ProductionVariants: []types.ProductionVariant{{
				VariantName: aws.String("v"), ModelName: aws.String("m"), InstanceType: instanceType,
				InitialInstanceCount: aws.Int32(1),
			}},
		})
		require.NoError(t, err)
	}
	_, err = hosting.CreateEndpoint(t.Context(), &sagemaker.CreateEndpointInput{
		EndpointName: aws.String("e"), EndpointConfigName: aws.String("small"),
	})
	require.NoError(t, err)
	_, err = scaler.RegisterScalableTarget(t.Context(), &applicationautoscaling.RegisterScalableTargetInput{
		ServiceNamespace: scaling.ServiceNamespaceSagemaker, ResourceId: aws.String("endpoint/e/variant/v"),
		ScalableDimension: scaling.ScalableDimensionSageMakerVariantDesiredInstanceCount,
		MinCapacity:       aws.Int32(1), MaxCapacity: aws.Int32(2),
	})
	require.NoError(t, err)
	_, err = hosting.UpdateEndpoint(t.Context(), &sagemaker.UpdateEndpointInput{
		EndpointName: aws.String("e"), EndpointConfigName: aws.String("large"),
	})
	assert.ErrorContains(t, err, `ValidationException: The variant(s) "[v]" must be deregistered`)
	_, err = hosting.DeleteEndpoint(t.Context(), &sagemaker.DeleteEndpointInput{EndpointName: aws.String("e")})
	require.NoError(t, err)
	left, err := scaler.DescribeScalableTargets(t.Context(), &applicationautoscaling.DescribeScalableTargetsInput{
		ServiceNamespace: scaling.ServiceNamespaceSagemaker,
	})
	require.NoError(t, err)
	assert.Empty(t, left.ScalableTargets)
}
