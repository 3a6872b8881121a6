package runtime

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/objects"
)

// maxInput is the largest input of an asynchronous invocation, in bytes.
const maxInput = 1 << 30

// attempt is the work on one asynchronous invocation. There are no retries.
type attempt struct {
	runtime  *Runtime
	endpoint *Endpoint
	variant  *Variant
	job      *job
	meter    *meter
	// contentType is the answer's, said is its start, for the message.
	contentType string
	said        excerpt
}

// run gets the input, asks the model and writes the answer.
func (a *attempt) run(ctx context.Context) error {
	input, size, err := a.input(ctx)
	if err != nil {
		a.meter.add("RequestDownloadFailures", metrics.Count, 1)
		return err
	}
	defer input.Close()
	bounded, cancel := a.runtime.within(ctx, time.Duration(a.job.in.timeout)*time.Second)
	defer cancel()
	source := &timed{from: input}
	request := a.job.in.request
	request.Body, request.Size = source, size
	if len(a.job.inline) > 0 {
		// What is in memory can be sent once more, over another connection.
		request.Body = bytes.NewReader(a.job.inline)
	}
	began := time.Now()
	response, err := a.invoke(bounded, &request)
	late := func() bool { return bounded.Err() != nil && ctx.Err() == nil }
	if err != nil && late() {
		err = timedOut(a.variant.Fleet, err)
	}
	o := outcomeOf(response, err, time.Since(began))
	o.errors(a.meter)
	if o.answered {
		a.meter.took("ModelLatency", o.model)
	}
	if len(a.job.inline) == 0 {
		a.meter.took("RequestDownloadLatency", time.Duration(source.spent.Load()))
	}
	if err != nil {
		return err
	}
	err = a.upload(ctx, response)
	if _, cut := asModelError(err); cut && late() {
		err = timedOut(a.variant.Fleet, err)
	}
	return err
}

func (a *attempt) invoke(ctx context.Context, request *serving.Request) (*serving.Response, error) {
	if a.variant.Fleet == nil {
		return nil, failuref(serviceUnavailable, "The service is unavailable. Try your call again.")
	}
	a.variant.Load.enter()
	defer a.variant.Load.leave()
	return a.variant.Fleet.Invoke(ctx, request)
}

// input opens the body of the request.
func (a *attempt) input(ctx context.Context) (body io.ReadCloser, size int64, err error) {
	if inline := a.job.inline; len(inline) > 0 {
		return io.NopCloser(bytes.NewReader(inline)), int64(len(inline)), nil
	}
	object, err := a.runtime.Objects.Get(ctx, a.endpoint.Region, a.job.in.inputLocation)
	if err != nil {
		return nil, 0, fmt.Errorf("ClientError: Unable to download the input: %w", err)
	}
	if object.Size > maxInput {
		object.Body.Close()
		return nil, 0, fmt.Errorf("ClientError: The input %s has %d bytes, which is more than %d",
			a.job.in.inputLocation, object.Size, maxInput)
	}
	return object.Body, object.Size, nil
}

// upload writes the answer as it comes.
func (a *attempt) upload(ctx context.Context, response *serving.Response) error {
	defer response.Body.Close()
	a.contentType = cmp.Or(response.ContentType, octetStream)
	source := &timed{from: response.Body}
	began := time.Now()
	err := a.store(ctx, io.TeeReader(source, &a.said))
	switch {
	case source.failed != nil:
		return &serving.ModelError{Hostname: lastHostname(response), Message: source.failed.Error()}
	case a.job.output == "":
		return nil
	case err != nil:
		a.meter.add("ResponseUploadFailures", metrics.Count, 1)
		return fmt.Errorf("ClientError: Unable to upload the response: %w", err)
	}
	a.meter.took("ResponseUploadLatency", time.Since(began))
	return nil
}

// store writes an answer to where the endpoint's output goes, if it goes anywhere.
func (a *attempt) store(ctx context.Context, body io.Reader) error {
	if a.job.output == "" {
		_, err := io.Copy(io.Discard, body)
		return err
	}
	return a.runtime.Objects.Put(ctx, a.endpoint.Region, a.job.output, body,
		objects.Meta{ContentType: a.contentType, KMSKey: a.endpoint.Async.KMSKey})
}

// conclude counts and writes a failure, and sends the message.
func (a *attempt) conclude(ctx context.Context, err error) {
	if err != nil {
		a.meter.add("InvocationFailures", metrics.Count, 1)
		a.writeFailure(ctx, err)
	}
	if err := a.notify(ctx, err); err != nil {
		a.meter.add("NotificationFailures", metrics.Count, 1)
		_, _ = fmt.Fprintf(a.runtime.Log, "runtime: endpoint %s could not notify: %v\n", a.endpoint.Name, err)
	}
}

// writeFailure writes what the model said, or else why the request failed.
func (a *attempt) writeFailure(ctx context.Context, failed error) {
	text := failed.Error()
	a.contentType, a.said = "text/plain", excerpt{}
	_, _ = a.said.Write([]byte(text))
	if a.job.failure == "" {
		return
	}
	err := a.runtime.Objects.Put(ctx, a.endpoint.Region, a.job.failure, strings.NewReader(text),
		objects.Meta{ContentType: a.contentType, KMSKey: a.endpoint.Async.KMSKey})
	if err != nil {
		a.meter.add("ResponseUploadFailures", metrics.Count, 1)
		_, _ = fmt.Fprintf(a.runtime.Log, "runtime: endpoint %s could not write a failure: %v\n", a.endpoint.Name, err)
	}
}

// reason is what a message says of a failure.
func reason(err error) string {
	if said, ok := errors.AsType[*serving.ModelError](err); ok {
		blame := "server"
		if clientsFault(said) {
			blame = "client"
		}
		return fmt.Sprintf("ClientError: Received %s error (%d) from %s. See the SageMaker Endpoint logs in your account "+
			"for more information.", blame, said.Status, said.Hostname)
	}
	return err.Error()
}

// timed measures how long reading takes, and keeps what made it fail.
type timed struct {
	from io.Reader
	// spent is in nanoseconds. A connection may go on sending a request when the answer is there.
	spent  atomic.Int64
	failed error
}

// Read reads on.
func (t *timed) Read(into []byte) (int, error) {
	began := time.Now()
	n, err := t.from.Read(into)
	t.spent.Add(int64(time.Since(began)))
	if err != nil && !errors.Is(err, io.EOF) {
		t.failed = err
	}
	return n, err
}
