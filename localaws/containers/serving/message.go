package serving

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// errNotRunning says that a container has ended and does not run again yet.
var errNotRunning = errors.New("the container has ended and is being started again")

// Sentence is how InvokeEndpoint words a ModelError of an endpoint, as callers see it in the exception.
func (e *ModelError) Sentence(region, endpoint, account string) string {
	side := "server"
	if e.Status >= http.StatusBadRequest && e.Status < http.StatusInternalServerError {
		side = "client"
	}
	said := "and could not load the entire response body."
	if e.Message != "" {
		// As it is: %q would escape what the container said.
		said = fmt.Sprintf("with message \"%s\".", e.Message)
	}
	return fmt.Sprintf("Received %s error (%d) from %s %s See https://%s.console.aws.amazon.com/cloudwatch/home?region=%s"+
		"#logEventViewer:group=/aws/sagemaker/Endpoints/%s in account %s for more information.",
		side, e.Status, e.Hostname, said, region, region, endpoint, account)
}

// unanswered says that the context of a request ended before a container had answered.
type unanswered struct {
	container string
	err       error
}

func (e *unanswered) Error() string { return fmt.Sprintf("container %s: %v", e.container, e.err) }

func (e *unanswered) Unwrap() error { return e.err }

// TimedOut is what SageMaker makes of an invocation that was not answered in time. What Invoke returned then names the
// container; how long the time is its caller decides with the context.
func (f *Fleet) TimedOut(err error) *ModelError {
	name := f.containers[0].name
	if late, ok := errors.AsType[*unanswered](err); ok {
		name = late.container
	}
	return &ModelError{Hostname: name, Message: "Your invocation timed out while waiting for a response from container " +
		name + ". Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again."}
}

// broken is what becomes of a request that a container did not answer.
func (c *container) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &unanswered{container: c.name, err: ctx.Err()}
	}
	return c.unreachable(err)
}

func (c *container) unreachable(err error) *ModelError {
	return &ModelError{Hostname: c.name, Message: fmt.Sprintf("Container %s gave no response: %v", c.name, err)}
}

// refused is what becomes of an answer that is an error.
func (c *container) refused(ctx context.Context, response *http.Response) error {
	defer response.Body.Close()
	message, err := io.ReadAll(io.LimitReader(response.Body, maxMessage+1))
	if err != nil && ctx.Err() != nil {
		return c.broken(ctx, err)
	}
	if err != nil || len(message) > maxMessage {
		message = nil
	}
	return &ModelError{Hostname: c.name, Status: response.StatusCode, Message: string(message)}
}
