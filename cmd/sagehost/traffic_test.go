package main

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/cloudclock"
	"sagehost/internal/live/inservice"
	"sagehost/internal/measure/smoke"
)

func TestTrafficHasARateOrIsNone(t *testing.T) {
	t.Parallel()
	m := repository(t, "dev")
	none, err := m.traffic(t.Context(), "flowers", 0)
	require.NoError(t, err)
	require.NoError(t, none.begin(t.Context())())
	for rate, want := range map[int]string{
		-1: "--send: -1 is not between 0 and 600", 601: "--send: 601 is not between 0 and 600",
	} {
		_, err := m.traffic(t.Context(), "flowers", rate)
		assert.EqualError(t, err, want)
	}
}

// server counts what it is asked.
type server struct {
	smoke.Runtime

	asked atomic.Int32
	third chan struct{}
}

func (s *server) InvokeEndpoint(
	context.Context, *sagemakerruntime.InvokeEndpointInput, ...func(*sagemakerruntime.Options),
) (*sagemakerruntime.InvokeEndpointOutput, error) {
	if s.asked.Add(1) == 3 {
		close(s.third)
	}
	return &sagemakerruntime.InvokeEndpointOutput{Body: []byte("setosa")}, nil
}

// waits is a clock of which every wait is over at once, and noted.
type waits struct {
	cloudclock.World

	last atomic.Int64
}

func (w *waits) Sleep(ctx context.Context, span time.Duration) error {
	w.last.Store(int64(span))
	return ctx.Err()
}

func TestTrafficIsSentUntilItIsEnded(t *testing.T) {
	t.Parallel()
	s, clock := &server{third: make(chan struct{})}, &waits{}
	sent := traffic{
		test: &smoke.Test{
			File: &smoke.File{Cases: []smoke.Case{{Name: "a flower", Body: "1"}}}, Runtime: s,
			Endpoint: &inservice.Endpoint{Name: "flowers-dev", Variants: []inservice.Variant{{Name: "main"}}},
		},
		clock: clock, pause: 6 * time.Second,
	}
	end := sent.begin(t.Context())
	<-s.third
	require.NoError(t, end())
	assert.Equal(t, int64(6*time.Second), clock.last.Load())
}
