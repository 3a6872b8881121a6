package smoke

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/inservice"
	"sagehost/internal/release"
)

// endpoint answers as its function says, and remembers what it was asked.
type endpoint struct {
	asked   []*sagemakerruntime.InvokeEndpointInput
	answer  func(n int, in *sagemakerruntime.InvokeEndpointInput) (string, error)
	objects map[string]string
	// output and failure are what an asynchronous request comes to; both empty for nothing.
	output, failure string
}

func (e *endpoint) InvokeEndpoint(
	_ context.Context, in *sagemakerruntime.InvokeEndpointInput, _ ...func(*sagemakerruntime.Options),
) (*sagemakerruntime.InvokeEndpointOutput, error) {
	e.asked = append(e.asked, in)
	body, err := e.answer(len(e.asked), in)
	return &sagemakerruntime.InvokeEndpointOutput{Body: []byte(body)}, err
}

func (e *endpoint) InvokeEndpointAsync(
	_ context.Context, in *sagemakerruntime.InvokeEndpointAsyncInput, _ ...func(*sagemakerruntime.Options),
) (*sagemakerruntime.InvokeEndpointAsyncOutput, error) {
	if e.output != "" {
		e.objects["answers/out"] = e.output + e.objects[strings.TrimPrefix(*in.InputLocation, "s3://")]
	}
	if e.failure != "" {
		e.objects["answers/failed"] = e.failure
	}
	return &sagemakerruntime.InvokeEndpointAsyncOutput{
		OutputLocation: aws.String("s3://answers/out"), FailureLocation: aws.String("s3://answers/failed"),
	}, nil
}

func (e *endpoint) PutObject(
	_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options),
) (*s3.PutObjectOutput, error) {
	body, err := io.ReadAll(in.Body)
	e.objects[*in.Bucket+"/"+*in.Key] = string(body)
	return &s3.PutObjectOutput{}, err
}

func (e *endpoint) GetObject(
	_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options),
) (*s3.GetObjectOutput, error) {
	body, ok := e.objects[*in.Bucket+"/"+*in.Key]
	if !ok {
		// A caller who may not list the bucket is told no more.
		response := &smithyhttp.Response{Response: &http.Response{StatusCode: http.StatusForbidden}}
		return nil, &smithyhttp.ResponseError{Response: response, Err: errors.New("AccessDenied")}
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(body))}, nil
}

func refused(status int32, said string) error {
	return &runtimetypes.ModelError{OriginalStatusCode: &status, OriginalMessage: &said}
}

func parsed(t *testing.T, cases string) *File {
	t.Helper()
	file, err := Parse([]byte("cases:\n"+cases), noFiles)
	require.NoError(t, err)
	return file
}

// one is an endpoint with these variants.
func one(variants ...string) *inservice.Endpoint {
	e := &inservice.Endpoint{Name: "flowers-dev", Config: "flowers-1"}
	for _, name := range variants {
		e.Variants = append(e.Variants, inservice.Variant{Name: name, Instances: 1})
	}
	return e
}

func TestEachVariantIsAskedEachCase(t *testing.T) {
	t.Parallel()
	fake := &endpoint{answer: func(_ int, in *sagemakerruntime.InvokeEndpointInput) (string, error) {
		if string(in.Body) == "bad" {
			return "", refused(400, "no number")
		}
		return aws.ToString(in.TargetVariant), nil
	}}
	test := Test{Endpoint: one("blue", "green"), Runtime: fake, File: parsed(t, `
  - {name: same, body: x, contentType: application/json, accept: text/csv, requests: 2, expect: {equals: blue}}
  - {name: one, body: x, variant: green, container: second, expect: {equals: green}}
  - {name: refused, body: bad, variant: blue, expect: {status: 400, contains: [number]}}
  - {name: typo, body: x, variant: gren, expect: {equals: x}}
`)}
	report, err := test.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []Outcome{
		{Case: "same", Variant: "blue", Result: release.Pass},
		{Case: "same", Variant: "green", Result: release.Fail, Problem: `the answer is "green"; expected "blue"`},
		{Case: "one", Variant: "green", Result: release.Pass},
		{Case: "refused", Variant: "blue", Result: release.Pass},
		{
			Case: "typo", Variant: "gren", Result: release.Fail,
			Problem: `the endpoint has no variant "gren"; it has blue, green; did you mean "green"?`,
		},
	}, report.Outcomes)
	require.Len(t, fake.asked, 5, "a case ends with its first wrong answer")
	assert.Equal(t, "application/json", *fake.asked[0].ContentType)
	assert.Equal(t, "text/csv", *fake.asked[0].Accept)
	assert.Nil(t, fake.asked[0].TargetContainerHostname)
	assert.Equal(t, "second", *fake.asked[3].TargetContainerHostname)
	m := report.Measurements()
	assert.Equal(t, 5.0, m["cases"])
	assert.Equal(t, 2.0, m["failedCases"])
	assert.Equal(t, 5.0, m["requests"])
	assert.Zero(t, m["errors"])
	assert.NotContains(t, m, "coldStartMs")
}

func TestTheOnlyVariantIsNotChosen(t *testing.T) {
	t.Parallel()
	fake := &endpoint{answer: func(int, *sagemakerruntime.InvokeEndpointInput) (string, error) { return "a", nil }}
	test := Test{Endpoint: one("main"), Runtime: fake, File: parsed(t, "  - {name: a, body: x, expect: {equals: a}}")}
	_, err := test.Run(t.Context())
	require.NoError(t, err)
	require.Len(t, fake.asked, 1)
	assert.Nil(t, fake.asked[0].TargetVariant)
}

func TestAnAnswerThatIsNoneIsAnError(t *testing.T) {
	t.Parallel()
	for want, cause := range map[string]error{
		`the status is 503; expected 200; the answer is "busy"`: refused(503, "busy"),
		"no answer: connection reset":                           errors.New("connection reset"),
	} {
		fake := &endpoint{answer: func(int, *sagemakerruntime.InvokeEndpointInput) (string, error) { return "", cause }}
		test := Test{Endpoint: one("main"), Runtime: fake, File: parsed(t, "  - {name: a, body: x, expect: {equals: a}}")}
		report, err := test.Run(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []Outcome{{Case: "a", Variant: "main", Result: release.Fail, Problem: want}}, report.Outcomes)
		assert.Equal(t, 1, report.Errors)
	}
}

func TestAModelThatWasNotAddedIsNoFailure(t *testing.T) {
	t.Parallel()
	fake := &endpoint{answer: func(_ int, in *sagemakerruntime.InvokeEndpointInput) (string, error) {
		return aws.ToString(in.TargetModel), nil
	}}
	models := []string{"petals.tar.gz"}
	test := Test{
		Endpoint: one("main"), Runtime: fake,
		Models: func(context.Context) ([]string, error) { return models, nil },
		File: parsed(t, `
  - {name: there, body: x, model: petals.tar.gz, expect: {equals: petals.tar.gz}}
  - {name: missing, body: x, model: sepals.tar.gz, expect: {equals: sepals.tar.gz}}
`),
	}
	report, err := test.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []Outcome{
		{Case: "there", Variant: "main", Result: release.Pass},
		{
			Case: "missing", Variant: "main", Result: release.Inconclusive,
			Problem: `the endpoint has no model "sepals.tar.gz"; there are petals.tar.gz; ` +
				"its archive must be added first, with models add",
		},
	}, report.Outcomes)
	assert.Equal(t, 1.0, report.Measurements()["unclearCases"])
	models = nil
	report, err = test.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "the endpoint has no model \"petals.tar.gz\"; there are none; "+
		"its archive must be added first, with models add",
		report.Outcomes[0].Problem)
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestTheTimeOfAColdStartIsKeptApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := &endpoint{answer: func(n int, _ *sagemakerruntime.InvokeEndpointInput) (string, error) {
			switch n {
			case 1:
				time.Sleep(5 * time.Second)
				return "", &runtimetypes.ModelNotReadyException{}
			case 2:
				time.Sleep(time.Second)
			default:
				time.Sleep(time.Duration(n) * time.Millisecond)
			}
			return "a", nil
		}}
		cold := one("main")
		cold.Variants[0].Serverless = true
		test := Test{
			Endpoint: cold, Runtime: fake, File: parsed(t, "  - {name: a, body: x, requests: 10, expect: {equals: a}}"),
		}
		report, err := test.Run(t.Context())
		require.NoError(t, err)
		assert.Equal(t, map[string]float64{
			"cases": 1, "failedCases": 0, "unclearCases": 0, "errors": 0, "requests": 10,
			"p50Ms": 7, "p90Ms": 11, "p99Ms": 12, "coldStartMs": 7000,
		}, report.Measurements())
	})
}

func TestAReportShowsEachCaseAndTheLatency(t *testing.T) {
	t.Parallel()
	report := Report{Endpoint: "flowers-dev"}
	report.add(Outcome{Case: "a", Variant: "main", Result: release.Pass})
	report.add(Outcome{Case: "b", Variant: "main", Result: release.Fail, Problem: "wrong"})
	report.count(time.Second, true)
	report.count(1234567*time.Nanosecond, false)
	var out strings.Builder
	require.NoError(t, report.Write(&out))
	lines := strings.Split(out.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	assert.Equal(t, []string{
		"flowers-dev  main  a  pass",
		"flowers-dev  main  b  fail  wrong",
		"flowers-dev: 1 request, p50 1.23ms, p90 1.23ms, p99 1.23ms; the first one took 1s",
		"",
	}, lines)
}
