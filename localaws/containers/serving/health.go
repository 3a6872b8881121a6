//go:build unix

package serving

import (
	"context"
	"net/http"
	"time"
)

const (
	// pingEvery is how often a container that starts is asked whether it is ready; AWS asks less often.
	pingEvery = 25 * time.Millisecond
	// pingTimeout is how long a container may take to answer a ping. It is the world's time, in which containers live.
	pingTimeout = 2 * time.Second
)

// ready waits until the container answers pings with 200; false means that it has ended.
func (p *process) ready(ctx context.Context, transport http.RoundTripper) (bool, error) {
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return false, context.Cause(ctx)
		case <-p.exited:
			return false, nil
		case <-ticker.C:
			if p.ping(ctx, transport) && p.running() {
				return true, nil
			}
		}
	}
}

func (p *process) ping(ctx context.Context, transport http.RoundTripper) bool {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.invocations.host+"/ping", nil)
	if err != nil {
		return false
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return false
	}
	// Only the status counts.
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}
