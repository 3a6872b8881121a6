package smoke

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime/types"

	"sagehost/internal/live/inservice"
	"sagehost/kit/check"
)

const (
	// timeout is how long to wait for an answer: SageMaker waits 60 s for a container, and its guide asks clients of
	// multi-model endpoints to wait for 70.
	timeout = 70 * time.Second
	// coldTimeout is how long the first answer may take: 3 minutes for a serverless container to become healthy, 6 for
	// a model to load.
	coldTimeout = 7 * time.Minute
	// notReadyPause is the wait before a model that is still being loaded is asked again.
	notReadyPause = time.Second
)

// answer is what a container said.
type answer struct {
	// status is the container's; 0 where only that it failed is known.
	status int
	body   string
}

// is reports whether the status is the expected one, as far as it is known.
func (a answer) is(status int) bool {
	if a.status == 0 {
		return status != http.StatusOK
	}
	return a.status == status
}

func (a answer) says() string {
	if a.status == 0 {
		return "a failure"
	}
	return strconv.Itoa(a.status)
}

// once sends one request and says how long the answer took. The error is SageMaker's or the network's.
func (t *Test) once(ctx context.Context, a asked, first bool) (answer, time.Duration, error) {
	if t.Endpoint.Async != nil {
		return t.onceAsync(ctx, a)
	}
	limit := timeout
	if first {
		limit = coldTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	input := a.Input(t.Endpoint, a.variant)
	began := time.Now()
	for {
		out, err := t.Runtime.InvokeEndpoint(ctx, input)
		if _, loading := errors.AsType[*types.ModelNotReadyException](err); loading && first {
			select {
			case <-time.After(notReadyPause):
				continue
			case <-ctx.Done():
			}
		}
		took := time.Since(began)
		if refused, ok := errors.AsType[*types.ModelError](err); ok && aws.ToInt32(refused.OriginalStatusCode) != 0 {
			status := int(aws.ToInt32(refused.OriginalStatusCode))
			return answer{status: status, body: aws.ToString(refused.OriginalMessage)}, took, nil
		}
		if err != nil {
			return answer{}, took, fmt.Errorf("no answer: %w", err)
		}
		return answer{status: http.StatusOK, body: string(out.Body)}, took, nil
	}
}

// Input is the request of a case to a variant of an endpoint that answers in real time.
func (c *Case) Input(endpoint *inservice.Endpoint, variant string) *sagemakerruntime.InvokeEndpointInput {
	input := &sagemakerruntime.InvokeEndpointInput{
		EndpointName: &endpoint.Name, Body: []byte(c.Body), ContentType: aws.String(c.contentType()),
		Accept: check.TextOrNil(c.Accept), TargetModel: check.TextOrNil(c.Model),
		TargetContainerHostname: check.TextOrNil(c.Container),
	}
	if len(endpoint.Variants) > 1 {
		input.TargetVariant = &variant
	}
	return input
}
