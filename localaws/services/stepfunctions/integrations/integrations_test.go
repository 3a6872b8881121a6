package integrations_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/stepfunctions/asl"
	"sagehost/localaws/services/stepfunctions/integrations"
)

const following = "sagemaker:createTransformJob.sync"

// service answers each request with the next of some answers; the last one stays.
type service struct {
	answers []string
	status  []int
	asked   []string
	scopes  []string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	i := min(len(s.asked), len(s.answers)-1)
	s.asked = append(s.asked, r.Header.Get("X-Amz-Target")+" "+string(body))
	s.scopes = append(s.scopes, r.Header.Get("Authorization"))
	w.Header().Set("X-Amzn-Requestid", "id")
	w.WriteHeader(s.status[min(i, len(s.status)-1)])
	_, _ = io.WriteString(w, s.answers[i])
}

func serve(t *testing.T, s *service) asl.Catalog {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return integrations.New(server.URL)
}

// job is a call that SageMaker has nothing to say against.
var job = asl.Call{Region: "eu-west-1", Parameters: map[string]any{"TransformJobName": "j", "ModelName": "<m>"}}

func start(t *testing.T, s *service) (any, error) {
	t.Helper()
	return serve(t, s)[following].Start(t.Context(), job)
}

func TestAJobIsAskedForAsItsParametersSay(t *testing.T) {
	t.Parallel()
	s := &service{answers: []string{`{"TransformJobArn":"arn"}`}, status: []int{200}}
	got, err := start(t, s)
	require.NoError(t, err)
	assert.Equal(t, []string{`SageMaker.CreateTransformJob {"ModelName":"<m>","TransformJobName":"j"}`}, s.asked)
	assert.Regexp(t, `^AWS4-HMAC-SHA256 Credential=stepfunctions/\d{8}/eu-west-1/sagemaker/aws4_request, `, s.scopes[0])
	answer, _ := got.(map[string]any)
	assert.Equal(t, "arn", answer["TransformJobArn"])
	assert.Equal(t, map[string]any{"RequestId": "id"}, answer["SdkResponseMetadata"])
	how, _ := answer["SdkHttpMetadata"].(map[string]any)
	assert.Equal(t, "200", fmt.Sprint(how["HttpStatusCode"]))
}

func TestErrorsOfSageMakerHaveTheNamesThatStatesKnow(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"ThrottlingException":   "SageMaker.AmazonSageMakerException",
		"ValidationException":   "SageMaker.AmazonSageMakerException",
		"ResourceInUse":         "SageMaker.ResourceInUseException",
		"ResourceLimitExceeded": "SageMaker.ResourceLimitExceededException",
		"a.b#ResourceNotFound":  "SageMaker.ResourceNotFoundException",
		"ConflictException":     "SageMaker.ConflictException",
	} {
		_, err := start(t, &service{
			answers: []string{fmt.Sprintf(`{"__type":%q,"message":"no"}`, code)}, status: []int{400},
		})
		var failed *asl.Error
		require.ErrorAs(t, err, &failed)
		assert.Equal(t, want, failed.Name, code)
		assert.Regexp(t, `^no \(Service: AmazonSageMaker; Status Code: 400; Error Code: \w+; Request ID: id; Proxy: null\)$`,
			failed.Cause)
	}
}

func TestAnAnswerThatIsNoneIsAnErrorOfTheClient(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`[]`: "SageMaker.SdkClientException: Unable to execute HTTP request: the answer is no JSON object",
		`{`:  "SageMaker.SdkClientException: Unable to execute HTTP request: the answer is no JSON object",
	} {
		_, err := start(t, &service{answers: []string{answer}, status: []int{200}})
		assert.EqualError(t, err, want, answer)
	}
	_, err := start(t, &service{answers: []string{"gone"}, status: []int{503}})
	assert.EqualError(t, err, "SageMaker.AmazonSageMakerException: null (Service: AmazonSageMaker; Status Code: 503; "+
		"Error Code: ; Request ID: id; Proxy: null)")
	for resource, call := range map[string]asl.Call{
		following: job, "aws-sdk:s3:headObject": {Parameters: map[string]any{"Bucket": "b", "Key": "k"}},
	} {
		_, err := integrations.New("http://127.0.0.1:1")[resource].Start(t.Context(), call)
		assert.ErrorContains(t, err, ".SdkClientException: Unable to execute HTTP request: ")
	}
}

func TestAJobIsFollowedToItsEnd(t *testing.T) {
	t.Parallel()
	running, times := `{"TransformJobStatus":"InProgress"}`, `"CreationTime":1767225600.125,"TransformEndTime":1767225601`
	for status, wantError := range map[string]string{
		"Completed": "",
		"Failed":    `States.TaskFailed: `,
		"Stopped":   `States.TaskFailed: `,
	} {
		s := &service{
			answers: []string{
				running, `{"__type":"ThrottlingException"}`, `{` + times + `,"TransformJobStatus":"` + status + `"}`,
			},
			status: []int{200, 400, 200},
		}
		got, err := serve(t, s)[following].Follow(t.Context(), job, nil)
		want := `{"CreationTime":1767225600125,"TransformEndTime":1767225601000,"TransformJobStatus":"` + status + `"}`
		if wantError == "" {
			require.NoError(t, err)
			assert.Equal(t, want, asl.Encode(got))
		} else {
			assert.EqualError(t, err, wantError+want)
		}
		assert.Len(t, s.asked, 3, "a look that fails is made again")
		assert.Equal(t, `SageMaker.DescribeTransformJob {"TransformJobName":"j"}`, s.asked[0])
	}
}

func TestAJobIsStopped(t *testing.T) {
	t.Parallel()
	s := &service{answers: []string{`{"TransformJobStatus":"InProgress"}`}, status: []int{200}}
	sync := serve(t, s)[following]
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := sync.Follow(ctx, job, nil)
	assert.ErrorIs(t, err, context.Canceled)
	require.NoError(t, sync.Stop(t.Context(), job, nil))
	assert.Equal(t, `SageMaker.StopTransformJob {"TransformJobName":"j"}`, s.asked[len(s.asked)-1])
	_, err = sync.Start(ctx, job)
	assert.ErrorIs(t, err, context.Canceled, "it is no failure of the request")
}

func TestParametersThatAreNotKnownAreRefused(t *testing.T) {
	t.Parallel()
	catalog := integrations.New("http://127.0.0.1:1")
	whole := func(more string) string {
		return `{"TransformJobName.$":"$.n","ModelName":"m","TransformInput.$":"$.i","TransformOutput":{},
			"TransformResources":{"InstanceCount":1}` + more + `}`
	}
	for _, row := range []struct {
		resource, parameters string
		want                 []string
	}{
		{following, whole(``), nil},
		{following, whole(`,"DataProcessing":{"InputFilter":"$"},"Environment":{"A":"b"},"Tags":[{"Key":"a"}]`), nil},
		{following, whole(`,"Tags":[{"key":"a"}]`), []string{`The field "key" is not supported by Step Functions`}},
		{following, whole(`,"X":1,"DataProcessing":{"Y.$":"$"}`), []string{
			`The field "Y.$" is not supported by Step Functions`, `The field "X" is not supported by Step Functions`,
		}},
		{
			"sagemaker:createTransformJob",
			`{"TransformJobName":"j","ModelName":"m","TransformInput":{},"TransformOutput":{}}`,
			[]string{`The field "TransformResources" is required but was missing`},
		},
		{"aws-sdk:s3:putObject", `{"Bucket":"b","Key.$":"$.k","Body":{"a":1}}`, nil},
		{"aws-sdk:s3:listObjectsV2", `{"Bucket":"b","MaxKeys":1,"prefix":"p"}`, []string{
			`The field "prefix" is not supported by Step Functions`,
		}},
		{"aws-sdk:s3:deleteObject", `{"Bucket":"b"}`, []string{`The field "Key" is required but was missing`}},
		{"aws-sdk:sns:publish", `{"TopicArn":"t"}`, []string{`The field "Message" is required but was missing`}},
	} {
		value, err := asl.Decode(row.parameters)
		require.NoError(t, err)
		parameters, _ := value.(map[string]any)
		assert.Equal(t, row.want, catalog[row.resource].Check(parameters), row.parameters)
	}
	_, err := catalog["aws-sdk:s3:listObjectsV2"].Start(t.Context(), asl.Call{
		Parameters: map[string]any{"Bucket": "b", "MaxKeys": "one"},
	})
	assert.ErrorContains(t, err, `States.Runtime: The Parameters '{"Bucket":"b","MaxKeys":"one"}' could not be used to `+
		`start the Task: [`)
}

func TestIntegrationsHaveTheNamesOfTheHistory(t *testing.T) {
	t.Parallel()
	for resource, integration := range integrations.New("http://127.0.0.1:1") {
		assert.Equal(t, resource, integration.Type+":"+integration.Action)
		assert.Equal(t, resource == following, integration.Follow != nil && integration.Stop != nil, resource)
	}
}
