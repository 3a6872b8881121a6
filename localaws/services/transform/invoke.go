package transform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"sagehost/localaws/containers/serving"
)

// errTimeout ends a request that takes too long.
var errTimeout = errors.New("the request timed out")

// predict sends a batch and sets its output. The caller has a slot.
func (r *run) predict(ctx context.Context, b *batch) error {
	err := r.retried(ctx, func(ctx context.Context) error {
		b.answer.Reset()
		return r.invoke(ctx, bytes.NewReader(b.body), int64(len(b.body)), &b.answer)
	})
	if err != nil {
		return err
	}
	if r.processing.ChangesOutput() {
		if b.output, err = r.processor.Fork().Output(b.output, b.records(), b.answer.Bytes()); err != nil {
			return err
		}
	} else {
		b.output = b.answer.Bytes()
	}
	// A result that ends in a newline by itself does not get another one.
	if r.lines && !bytes.HasSuffix(b.output, []byte("\n")) {
		b.output = append(b.output, '\n')
	}
	return nil
}

// retried calls a request again after an answer that may be better the next time: one with a status of 500 and above,
// or none within the timeout.
func (r *run) retried(ctx context.Context, request func(context.Context) error) error {
	for attempt := int64(0); ; attempt++ {
		err := r.timed(ctx, request)
		answer, ok := errors.AsType[*serving.ModelError](err)
		worth := ok && (answer.Status == 0 || answer.Status >= 500) && !errors.Is(err, errBroken)
		if !worth || attempt == r.retries || ctx.Err() != nil {
			return err
		}
		r.log("attempt %d of %d: %s", attempt+1, r.retries+1, explain(err))
	}
}

// timed bounds a request by the timeout of the job, in the time of the clock.
func (r *run) timed(ctx context.Context, request func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, r.options.Clock.Limit(r.timeout), errTimeout)
	defer cancel()
	err := request(ctx)
	if err != nil && errors.Is(context.Cause(ctx), errTimeout) {
		return errors.Join(&serving.ModelError{Message: fmt.Sprintf("no answer within %v", r.timeout)}, err)
	}
	return err
}

// invoke sends one request and writes the answer.
func (r *run) invoke(ctx context.Context, content io.Reader, size int64, answer io.Writer) error {
	body := &body{content: content}
	defer body.end()
	response, err := r.fleet.Invoke(ctx, &serving.Request{
		ContentType: r.contentType, Accept: r.accept, Body: body, Size: size,
	})
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(answer, response.Body); err != nil {
		return &serving.ModelError{Message: fmt.Sprintf("the answer ended early: %v", err)}
	}
	return nil
}

// body is what a request sends. An HTTP client may go on reading it after the answer, when its bytes are used again.
type body struct {
	mu      sync.Mutex
	content io.Reader
	ended   bool
}

func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return 0, io.ErrClosedPipe
	}
	return b.content.Read(p)
}

func (b *body) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
}
