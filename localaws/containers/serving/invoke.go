package serving

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// maxBetween is how large an answer may be that goes on to the next container, in bytes: the most that a record of
	// a batch transform may have.
	maxBetween = 100 << 20
	// maxMessage is how much of a container's message about an error is passed on, in bytes. SageMaker does not pass a
	// longer one on either.
	maxMessage = 64 << 10
)

// Invoke sends a request through the containers: to one of them with direct invocation, else to each with the answer
// of the one before it, and only the last is told what to answer with (Accept). The caller bounds the time with the
// context and closes the body of the response. The error is a *ModelError, a *Refusal, or the context's.
func (f *Fleet) Invoke(ctx context.Context, r *Request) (*Response, error) {
	route, err := f.route(r)
	if err != nil {
		return nil, err
	}
	if !f.enter() {
		return nil, route[0].unreachable(errClosed)
	}
	response, err := f.through(ctx, route, r)
	if err != nil {
		f.leave()
		return nil, err
	}
	response.Body = &held{ReadCloser: response.Body, letGo: f.leave}
	return response, nil
}

// route is the containers that a request goes through. The error is a *Refusal.
func (f *Fleet) route(r *Request) ([]*container, error) {
	multi := false
	for _, c := range f.containers {
		multi = multi || c.models != nil
	}
	switch name := f.spec.endpoint(); {
	case r.TargetModel != "" && !multi:
		return nil, invalid("Endpoint %s is not a multi-model endpoint and does not support target model header.", name)
	case r.TargetModel == "" && multi && !f.spec.Direct:
		return nil, noTarget(name)
	case r.TargetContainer != "" && !f.spec.Direct:
		return nil, invalid("Endpoint %s does not use direct invocation and does not support "+
			"target container hostname header.", name)
	case !f.spec.Direct:
		return f.containers, nil
	case r.TargetContainer == "":
		return nil, invalid("Endpoint %s uses direct invocation and requires target container hostname header.", name)
	}
	for i, c := range f.containers {
		if c.spec.Hostname != r.TargetContainer {
			continue
		}
		if c.models == nil || r.TargetModel != "" {
			return f.containers[i : i+1], nil
		}
		return nil, noTarget(f.spec.endpoint())
	}
	return nil, invalid("Endpoint %s has no container with the hostname %s.", f.spec.endpoint(), r.TargetContainer)
}

func noTarget(endpoint string) *Refusal {
	return invalid("Endpoint %s is a multi-model endpoint and requires target model header.", endpoint)
}

func invalid(format string, args ...any) *Refusal {
	return &Refusal{Code: "ValidationError", Message: fmt.Sprintf(format, args...)}
}

// through asks one container after the other.
func (f *Fleet) through(ctx context.Context, route []*container, r *Request) (*Response, error) {
	latencies := make([]Latency, 0, len(route))
	step := *r
	for _, c := range route[:len(route)-1] {
		began := time.Now()
		step.Accept = ""
		answer, err := c.invoke(ctx, &step)
		if err != nil {
			return nil, err
		}
		content, err := c.read(ctx, answer.Body)
		if err != nil {
			return nil, err
		}
		step.Body, step.Size = bytes.NewReader(content), int64(len(content))
		step.ContentType = answer.Header.Get(contentType)
		latencies = append(latencies, Latency{Hostname: c.spec.Hostname, Took: time.Since(began)})
	}
	last, began := route[len(route)-1], time.Now()
	step.Accept = r.Accept
	answer, err := last.invoke(ctx, &step)
	if err != nil {
		return nil, err
	}
	return &Response{
		ContentType: answer.Header.Get(contentType), CustomAttributes: answer.Header.Get(customAttributes),
		NewSession: answer.Header.Get(newSessionID), ClosedSession: answer.Header.Get(closedSessionID),
		Body: answer.Body, Latencies: append(latencies, Latency{Hostname: last.spec.Hostname, Took: time.Since(began)}),
	}, nil
}

// read reads an answer that goes on to the next container.
func (c *container) read(ctx context.Context, body io.ReadCloser) ([]byte, error) {
	defer body.Close()
	content, err := io.ReadAll(io.LimitReader(body, maxBetween+1))
	if err != nil {
		return nil, c.broken(ctx, err)
	}
	if len(content) > maxBetween {
		return nil, &ModelError{Hostname: c.name, Message: fmt.Sprintf(
			"The answer of container %s is larger than %d bytes.", c.name, maxBetween)}
	}
	return content, nil
}

// invoke asks the container. The response's status is below 400. The error is a *ModelError, a *Refusal, or the
// context's.
func (c *container) invoke(ctx context.Context, r *Request) (*http.Response, error) {
	p := c.ready.Load()
	if p == nil {
		return nil, c.unreachable(errNotRunning)
	}
	var response *http.Response
	var err error
	if c.models != nil {
		response, err = c.models.invoke(ctx, r)
	} else {
		response, err = c.ask(ctx, p.invocations, r)
	}
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= http.StatusBadRequest {
		return nil, c.refused(ctx, response)
	}
	return response, nil
}

// ask sends an invocation to one of the container's paths.
func (c *container) ask(ctx context.Context, at endpoint, r *Request) (*http.Response, error) {
	header := headers(r)
	if c.models == nil {
		delete(header, targetModel)
	}
	response, err := send(ctx, c.fleet.host.transport, http.MethodPost, at, header, r.Body, r.Size)
	if err != nil {
		return nil, c.broken(ctx, err)
	}
	return response, nil
}
