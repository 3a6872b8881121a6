package main

import (
	"context"
	"time"

	"sagehost/internal/delivery/remeasure"
	"sagehost/internal/live/cloudclock"
	"sagehost/internal/live/inservice"
	"sagehost/internal/measure/smoke"
	"sagehost/kit/check"
	"sagehost/stacks/settings"
)

// traffic is golden requests that an endpoint is sent while something else is measured.
type traffic struct {
	test  *smoke.Test
	clock cloudclock.Clock
	// pause is the time, by the clock, from one round of all requests to the next.
	pause time.Duration
}

// traffic are the requests that are to be answered with success, so many a minute; nil for none. An answer that is
// wrong is not looked for: what refusals and failures do to the alarms is what a bake sees.
func (m *measuring) traffic(ctx context.Context, key string, perMinute int) (*traffic, error) {
	at := check.New("")
	check.Between(at.Key("--send"), perMinute, 0, remeasure.MaxRate)
	if err := at.Err(); err != nil || perMinute == 0 {
		return nil, err
	}
	cases, err := m.loadCases(key, "")
	if err != nil {
		return nil, err
	}
	serving, err := inservice.Describe(ctx, m.hosting, settings.EndpointName(key, m.stack))
	if err != nil {
		return nil, err
	}
	for i := range cases {
		cases[i].Requests = nil
	}
	return &traffic{
		test: m.smokeTest(&smoke.File{Cases: cases}, serving), clock: m.clock,
		pause: time.Duration(len(cases)) * time.Minute / time.Duration(perMinute),
	}, nil
}

// begin sends the requests until the function is called that it returns.
func (t *traffic) begin(ctx context.Context) (end func() error) {
	if t == nil {
		return func() error { return nil }
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- t.run(ctx) }()
	return func() error {
		cancel()
		return <-ended
	}
}

func (t *traffic) run(ctx context.Context) error {
	for ctx.Err() == nil {
		_, err := t.test.Run(ctx)
		if err == nil {
			err = t.clock.Sleep(ctx, t.pause)
		}
		// The end of the context is the end that was asked for.
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}
