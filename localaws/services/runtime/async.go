package runtime

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"sagehost/localaws/services/objects"
)

// maxInline is the largest body of InvokeEndpointAsync, in bytes, as the service model documents it.
const maxInline = 128_000

// invokeAsync is InvokeEndpointAsync.
func (r *Runtime) invokeAsync(x *exchange) error {
	in, err := readAsyncInvocation(x.name, x.request.Header)
	if err != nil {
		return err
	}
	endpoint, ok := r.Endpoints.Serving(x.region, x.name)
	switch {
	case !ok:
		return notFound(x.name)
	case endpoint.Async == nil:
		return invalid("Endpoint %s is not an asynchronous endpoint and does not support InvokeEndpointAsync.", x.name)
	}
	inline, err := x.inline(in)
	if err != nil {
		return err
	}
	if in.request.ContentType == "" {
		in.request.ContentType = octetStream
	}
	in.request.InferenceID = cmp.Or(in.request.InferenceID, x.id)
	j := &job{in: in, inline: inline, received: r.Clock.Now()}
	j.output, j.failure = places(endpoint.Async, in)
	if !r.backlog.add(queueKey{endpoint.Region, endpoint.Name}, j) {
		return failuref(serviceUnavailable, "More than %d requests are waiting at endpoint %s.", maxBacklog, x.name)
	}
	x.accept(j)
	return nil
}

// inline reads the body, which must be there exactly when there is no location; it is empty where there is one.
func (x *exchange) inline(in *asyncInvocation) ([]byte, error) {
	body, err := x.body(maxInline)
	told, known := errors.AsType[*failure](err)
	switch {
	case known && told.code == tooLarge:
		return nil, invalid("1 validation error detected: Value at 'body' failed to satisfy constraint: "+
			"Member must have length less than or equal to %d", maxInline)
	case err != nil:
		return nil, err
	case in.inputLocation != "" && len(body) > 0:
		return nil, invalid("Body and InputLocation are mutually exclusive. Provide exactly one of them.")
	case in.inputLocation == "" && len(body) == 0:
		return nil, invalid("1 validation error detected: Value at 'inputLocation' failed to satisfy constraint: " +
			"Member must not be null")
	}
	return body, nil
}

// places are the URIs of the answer and of a failure. SageMaker makes up a name that is not the inference's id.
func places(config *Async, in *asyncInvocation) (output, failed string) {
	id := uuid()
	in.filename = cmp.Or(in.filename, id+".out")
	place := func(prefix, file string) string {
		if prefix == "" {
			return ""
		}
		if extension := strings.Trim(in.extension, "/"); extension != "" {
			prefix = objects.Join(prefix, extension)
		}
		return objects.Join(prefix, file)
	}
	return place(config.OutputPath, in.filename), place(config.FailurePath, id+"-error.out")
}

// accept answers with the places to look at.
func (x *exchange) accept(j *job) {
	if j.output != "" {
		x.w.Header().Set("X-Amzn-Sagemaker-Outputlocation", j.output)
	}
	if j.failure != "" {
		x.w.Header().Set("X-Amzn-Sagemaker-Failurelocation", j.failure)
	}
	x.answer(http.StatusAccepted, map[string]string{"InferenceId": j.in.request.InferenceID})
}
