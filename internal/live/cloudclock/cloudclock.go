// Package cloudclock is the time by which a cloud lives: the world's at AWS, and one that may run faster on the local
// AWS.
package cloudclock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Clock is a cloud's time.
type Clock interface {
	// Now is the time.
	Now(ctx context.Context) (time.Time, error)
	// Sleep waits for a span of this time. It returns the context's error if that ends first.
	Sleep(ctx context.Context, span time.Duration) error
}

// At is the clock of the cloud at an endpoint of one's own: that of a local AWS where one answers, and else the
// world's.
func At(ctx context.Context, endpoint string) Clock {
	if _, err := Local(endpoint).Now(ctx); err != nil {
		return World{}
	}
	return Local(endpoint)
}

// World is the time of AWS.
type World struct{}

// Now is the time of this machine.
func (World) Now(context.Context) (time.Time, error) { return time.Now(), nil }

// Sleep waits.
func (World) Sleep(ctx context.Context, span time.Duration) error {
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Local is the time of the local AWS at a URL.
type Local string

const (
	// patience is how long to wait for an answer.
	patience = 10 * time.Second
	// glance is the longest wait, in the world's time, before looking again whether the clock's speed has changed.
	glance = time.Second
)

type state struct {
	Now   time.Time
	Speed float64
}

// Now is the time there.
func (l Local) Now(ctx context.Context) (time.Time, error) {
	s, err := l.state(ctx)
	return s.Now, err
}

// Sleep waits for as long as the clock there takes, whatever its speed becomes in the meantime.
func (l Local) Sleep(ctx context.Context, span time.Duration) error {
	s, err := l.state(ctx)
	if err != nil {
		return err
	}
	for end := s.Now.Add(span); s.Now.Before(end); {
		left := time.Duration(float64(end.Sub(s.Now)) / s.Speed)
		if err := (World{}).Sleep(ctx, min(left, glance)); err != nil {
			return err
		}
		if s, err = l.state(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (l Local) state(ctx context.Context) (state, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(limited, http.MethodGet, string(l)+"/_local/clock", http.NoBody)
	if err != nil {
		return state{}, fmt.Errorf("clock of the local AWS: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if ctx.Err() != nil {
		return state{}, ctx.Err()
	}
	if err != nil {
		return state{}, fmt.Errorf("clock of the local AWS: %w", err)
	}
	defer response.Body.Close()
	var s state
	if response.StatusCode != http.StatusOK {
		return state{}, fmt.Errorf("clock of the local AWS: %s", response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(&s); err != nil {
		return state{}, fmt.Errorf("clock of the local AWS: %w", err)
	}
	if s.Now.IsZero() || !(s.Speed > 0) {
		return state{}, errors.New("clock of the local AWS: it shows no time")
	}
	return s, nil
}
