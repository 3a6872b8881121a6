package runtime_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/world/clock"
)

func TestAModelsErrorIsToldWithItsStatusAndWhereItsLogsAre(t *testing.T) {
	t.Parallel()
	said := &serving.ModelError{Hostname: "primary", Status: 400, Message: "bad \"input\""}
	w := newWorld(t, endpoint(variant("v", 1, 1, fails(said))))
	_, err := w.invoke(nil)
	var told *types.ModelError
	require.ErrorAs(t, err, &told)
	assert.Equal(t, http.StatusFailedDependency, status(t, err))
	assert.Equal(t, `Received client error (400) from primary with message "bad "input"". See https://eu-central-1.`+
		`console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logEventViewer:group=/aws/sagemaker/Endpoints/e `+
		`in account 123456789012 for more information.`, told.ErrorMessage())
	assert.Equal(t, int32(400), aws.ToInt32(told.OriginalStatusCode))
	assert.Equal(t, `bad "input"`, aws.ToString(told.OriginalMessage))
	assert.Equal(t, "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/sagemaker/Endpoints/e",
		aws.ToString(told.LogStreamArn))
}

func TestWhatTheFleetRefusesHasItsCodesStatus(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]int{
		"ValidationError": 400, "ModelNotReadyException": 429, "ServiceUnavailable": 503, "InternalFailure": 500,
		"InternalDependencyException": 530,
	} {
		w := newWorld(t, endpoint(variant("v", 1, 1, fails(&serving.Refusal{Code: code, Message: "why"}))))
		_, err := w.invoke(nil)
		got, message := refusal(t, err)
		assert.Equal(t, []any{code, "why", want}, []any{got, message, status(t, err)})
	}
}

func TestAFaultOfTheFleetIsAnInternalFailureAndIsLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 1, fails(errors.New("odd")))))
	_, err := w.invoke(nil)
	code, _ := refusal(t, err)
	assert.Equal(t, "InternalFailure", code)
	assert.Contains(t, w.log.String(), "odd")
	w.set(endpoint(variant("v", 1, 1, fleet(
		func(context.Context, *serving.Request) (*serving.Response, error) { panic("loud") }))))
	_, err = w.invoke(nil)
	code, _ = refusal(t, err)
	assert.Equal(t, "InternalFailure", code)
	assert.Contains(t, w.log.String(), "loud")
}

func TestAModelHas60Seconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 1, fleet(
		func(ctx context.Context, _ *serving.Request) (*serving.Response, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}))))
	require.NoError(t, w.clock.SetSpeed(clock.MaxSpeed))
	_, err := w.invoke(nil)
	var told *types.ModelError
	require.ErrorAs(t, err, &told)
	assert.Contains(t, told.ErrorMessage(), "Received server error (0) from primary with message \"Your invocation timed "+
		"out while waiting for a response from container primary. Review the latency metrics for each container in "+
		"Amazon CloudWatch, resolve the issue, and try again.\".")
	assert.Equal(t, int32(0), aws.ToInt32(told.OriginalStatusCode))
}

// slow is a fleet that knows the name of its container.
type slow struct{ fleet }

func (slow) TimedOut(error) *serving.ModelError {
	return &serving.ModelError{Hostname: "c", Message: "too slow"}
}

func TestAFleetMayWordItsTimeout(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 1, slow{func(
		ctx context.Context, _ *serving.Request,
	) (*serving.Response, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}})))
	require.NoError(t, w.clock.SetSpeed(clock.MaxSpeed))
	_, err := w.invoke(nil)
	_, message := refusal(t, err)
	assert.Contains(t, message, `Received server error (0) from c with message "too slow".`)
}

func TestAClientThatLeavesEndsItsRequest(t *testing.T) {
	t.Parallel()
	inside := make(chan bool)
	e := endpoint(variant("v", 1, 1, fleet(func(ctx context.Context, _ *serving.Request) (*serving.Response, error) {
		inside <- true
		<-ctx.Done()
		return nil, ctx.Err()
	})))
	w := newWorld(t, e)
	ctx, leave := context.WithCancel(t.Context())
	go func() {
		<-inside
		leave()
	}()
	_, err := w.InvokeEndpoint(ctx, &sdk.InvokeEndpointInput{EndpointName: aws.String("e"), Body: []byte("x")})
	require.ErrorIs(t, err, context.Canceled)
	w.eventually(func() bool { return len(w.sink.of("Invocations", "None", v()...)) == 1 })
	assert.Equal(t, []float64{0}, w.sink.of("Invocation5XXErrors", "None", v()...))
	assert.Equal(t, 0, e.Variants[0].Load.InFlight())
	assert.Empty(t, w.log.String())
}

func TestABodyThatBreaksOffIsTheClientsFault(t *testing.T) {
	t.Parallel()
	api := small(echo("v"))
	request := httptest.NewRequest(http.MethodPost, "/endpoints/e/invocations", &broken{})
	request.Header.Set("Authorization", scope)
	answer := httptest.NewRecorder()
	api.ServeHTTP(answer, request)
	assert.Equal(t, http.StatusBadRequest, answer.Code)
	assert.Equal(t, "ValidationError", answer.Header().Get("X-Amzn-Errortype"))
	assert.JSONEq(t, `{"Message":"The request body could not be read: gone"}`, answer.Body.String())
}

func TestAnAnswerThatBreaksOffOrIsTooLargeIsTheModelsError(t *testing.T) {
	t.Parallel()
	for text, body := range map[string]io.Reader{
		"gone": &broken{}, "The response is larger than 6291456 bytes.": strings.NewReader(strings.Repeat("x", 6291457)),
	} {
		w := newWorld(t, endpoint(variant("v", 1, 1, fleet(
			func(context.Context, *serving.Request) (*serving.Response, error) {
				return &serving.Response{Body: io.NopCloser(body)}, nil
			}))))
		_, err := w.invoke(nil)
		var told *types.ModelError
		require.ErrorAs(t, err, &told)
		assert.Equal(t, text, aws.ToString(told.OriginalMessage))
	}
}

// broken is a body that ends too early.
type broken struct{ begun bool }

func (b *broken) Read(p []byte) (int, error) {
	if b.begun {
		return 0, errors.New("gone")
	}
	b.begun = true
	return copy(p, "half"), nil
}
