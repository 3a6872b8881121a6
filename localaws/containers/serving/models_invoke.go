package serving

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
)

// maxReplay is how large a request may be that is kept for sending it once more, in bytes: what real-time endpoints
// accept, and some more.
const maxReplay = 32 << 20

// invoke has the model of a request loaded and sends the request to it. If the container does not know the model, as
// after a crash, it is loaded and asked once more. The model is kept until the body of the response is closed.
func (m *models) invoke(ctx context.Context, r *Request) (*http.Response, error) {
	step := *r
	var content []byte
	replay := r.Size >= 0 && r.Size <= maxReplay
	if replay && r.Body != nil {
		var err error
		if content, err = io.ReadAll(io.LimitReader(r.Body, r.Size)); err != nil {
			return nil, fmt.Errorf("read the request: %w", err)
		}
	}
	for again := replay; ; again = false {
		if replay {
			step.Body, step.Size = bytes.NewReader(content), int64(len(content))
		}
		taken, err := m.take(ctx, r.TargetModel)
		if err != nil {
			return nil, err
		}
		response, err := m.ask(ctx, taken, &step)
		if err != nil {
			m.give(taken)
			return nil, err
		}
		if response.StatusCode != http.StatusNotFound || !again {
			response.Body = &held{ReadCloser: response.Body, letGo: func() { m.give(taken) }}
			return response, nil
		}
		// Only the status counts.
		_ = response.Body.Close()
		m.forget(taken)
		m.give(taken)
	}
}

func (m *models) ask(ctx context.Context, of *model, r *Request) (*http.Response, error) {
	p := m.container.ready.Load()
	if p == nil {
		return nil, m.container.unreachable(errNotRunning)
	}
	return m.container.ask(ctx, p.invocations.at("/models/"+of.id+"/invoke"), r)
}
