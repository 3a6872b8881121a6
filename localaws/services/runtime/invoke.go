package runtime

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"sagehost/localaws/containers/serving"
)

// Limits of InvokeEndpoint. BodyBlob of the service model is for the request and the response.
const (
	maxPayload           = 6291456
	maxServerlessPayload = 4 << 20
	modelTime            = 60 * time.Second
)

// invoke is InvokeEndpoint.
func (r *Runtime) invoke(x *exchange) error {
	began := time.Now()
	in, err := readInvocation(x.name, x.request.Header)
	if err != nil {
		return err
	}
	endpoint, err := r.find(x, in)
	if err != nil {
		return err
	}
	if in.explanations != "" {
		// SageMaker documents no words for an endpoint without an explainer; none has one here.
		return invalid("Endpoint %s has no explainer and does not support enable explanations header.", x.name)
	}
	variant, err := r.sessions.variant(endpoint, in, r.Clock.Now())
	if err == nil && variant == nil {
		variant, err = choose(endpoint, in.targetVariant)
	}
	if err != nil {
		return err
	}
	body, err := x.payload(variant)
	if err != nil {
		return err
	}
	r.copyToShadow(endpoint, in, body)
	answer := r.buffers.borrow()
	defer r.buffers.giveBack(answer)
	response, o, err := r.ask(x.request.Context(), endpoint, variant, in, body, answer)
	if err == nil {
		r.sessions.note(endpoint, variant, response, r.Clock.Now())
		x.respond(variant, response, answer.data)
	}
	if !errors.Is(err, errThrottled) {
		r.publish(endpoint, variant, in.request.TargetContainer, &o, time.Since(began))
	}
	if err == nil && endpoint.Capture != nil && !endpoint.MultiModel {
		r.captures.add(endpoint, variant, in, body, response, answer.data)
	}
	return err
}

// payload reads the body that is for a variant.
func (x *exchange) payload(variant *Variant) ([]byte, error) {
	body, err := x.body(maxPayload)
	switch {
	case err != nil:
		return nil, err
	case len(body) == 0:
		return nil, invalid("1 validation error detected: Value at 'body' failed to satisfy constraint: " +
			"Member must not be null")
	case variant.Serverless != nil && len(body) > maxServerlessPayload:
		return nil, invalid("Request %s has oversize body.", x.id)
	}
	return body, nil
}

// ask sends a request to the fleet of a variant and reads the answer.
func (r *Runtime) ask(
	ctx context.Context, endpoint *Endpoint, variant *Variant, in *invocation, body []byte, answer *buffer,
) (*serving.Response, outcome, error) {
	leave, err := r.enter(endpoint, variant)
	if err != nil {
		return nil, outcome{}, err
	}
	defer leave()
	if variant.Fleet == nil {
		err := failuref(serviceUnavailable, "The service is unavailable. Try your call again.")
		return nil, outcomeOf(nil, err, 0), err
	}
	bounded, cancel := r.within(ctx, modelTime)
	defer cancel()
	request := in.request
	request.Body, request.Size = bytes.NewReader(body), int64(len(body))
	began := time.Now()
	response, err := variant.Fleet.Invoke(bounded, &request)
	if err == nil {
		err = readAnswer(response, variant, answer)
	}
	if err != nil && ctx.Err() != nil {
		return nil, outcome{}, fmt.Errorf("the client left: %w", ctx.Err())
	}
	if err != nil && bounded.Err() != nil {
		err = timedOut(variant.Fleet, err)
	}
	o := outcomeOf(response, err, time.Since(began))
	if o.answered && variant.Serverless != nil && variant.Load.first() {
		m := r.meter(endpoint, variant)
		m.took("ModelSetupTime", max(time.Since(began)-o.model, 0))
	}
	return response, o, err
}

// readAnswer reads the body of a response. What breaks off is the container's fault.
func readAnswer(response *serving.Response, variant *Variant, answer *buffer) error {
	limit := int64(maxPayload)
	if variant.Serverless != nil {
		limit = maxServerlessPayload
	}
	err := answer.fill(response.Body, -1, limit)
	_ = response.Body.Close()
	if err == nil {
		return nil
	}
	said := &serving.ModelError{Hostname: lastHostname(response), Message: err.Error()}
	if errors.Is(err, errTooLarge) {
		said.Message = fmt.Sprintf("The response is larger than %d bytes.", limit)
	}
	return said
}

// primary is what SageMaker calls a container that has no name of its own.
const primary = "primary"

func lastHostname(response *serving.Response) string {
	if n := len(response.Latencies); n > 0 {
		return response.Latencies[n-1].Hostname
	}
	return primary
}

// timedOut is what is told of a fleet that did not answer in time. *serving.Fleet finds its container's name in what it
// returned.
func timedOut(fleet Fleet, err error) *serving.ModelError {
	if knows, ok := fleet.(interface {
		TimedOut(err error) *serving.ModelError
	}); ok {
		if said := knows.TimedOut(err); said != nil {
			return said
		}
	}
	return &serving.ModelError{Hostname: primary, Message: "Your invocation timed out while waiting for a response from " +
		"container primary. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and " +
		"try again."}
}

func asModelError(err error) (*serving.ModelError, bool) {
	return errors.AsType[*serving.ModelError](err)
}

// respond writes a good answer.
func (x *exchange) respond(variant *Variant, response *serving.Response, answer []byte) {
	header := x.w.Header()
	header["Content-Type"] = []string{cmp.Or(response.ContentType, octetStream)}
	header["Content-Length"] = []string{strconv.Itoa(len(answer))}
	header["X-Amzn-Invoked-Production-Variant"] = []string{variant.Name}
	if response.CustomAttributes != "" {
		header[headerCustomAttributes] = []string{response.CustomAttributes}
	}
	if response.NewSession != "" {
		header["X-Amzn-Sagemaker-New-Session-Id"] = []string{response.NewSession}
	}
	if response.ClosedSession != "" {
		header["X-Amzn-Sagemaker-Closed-Session-Id"] = []string{response.ClosedSession}
	}
	x.w.WriteHeader(http.StatusOK)
	// A client that has gone needs no answer.
	_, _ = x.w.Write(answer)
}
