package serving

import (
	"context"
	"fmt"
	"net"
	"sync"
)

// loopback is where containers listen: nobody else's business.
const loopback = "127.0.0.1"

// ports hands free ports out. One that was handed out is not handed out again until it is given back, even while its
// container does not listen yet: else a ping could reach another container.
type ports struct {
	mu    sync.Mutex
	taken map[string]bool
}

func (p *ports) take(ctx context.Context) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(loopback, "0"))
		if err != nil {
			return "", fmt.Errorf("find a free port: %w", err)
		}
		_, port, err := net.SplitHostPort(listener.Addr().String())
		if closed := listener.Close(); err != nil || closed != nil {
			return "", fmt.Errorf("find a free port: %w, %w", err, closed)
		}
		if !p.taken[port] {
			p.taken[port] = true
			return port, nil
		}
	}
}

func (p *ports) give(port string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.taken, port)
}
