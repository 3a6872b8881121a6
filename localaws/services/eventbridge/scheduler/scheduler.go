// Package scheduler makes the schedules of the local EventBridge Scheduler, which the emulator only keeps, fire.
package scheduler

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"

	"sagehost/localaws/protocol"
	"sagehost/localaws/services/eventbridge/deliveries"
	"sagehost/localaws/world/clock"
	"sagehost/localaws/world/state"
)

const (
	stateName = "scheduler"
	// interval is the time between two looks at what is due. AWS fires within a minute.
	interval = time.Second
	// pause is the least time between two looks in the world's time, so that a fast clock leaves the machine air.
	pause = 20 * time.Millisecond
)

// Options says what a Scheduler works with. All are required.
type Options struct {
	// URL is where EventBridge Scheduler answers.
	URL   string
	Clock *clock.Clock
	// Deliveries gets what is for targets.
	Deliveries *deliveries.Queue
	// State keeps since when schedules are there, and until when they were looked at.
	State state.Dir
	// Log gets a line for each failure.
	Log io.Writer
}

// Scheduler fires schedules.
type Scheduler struct {
	options Options
	clients *protocol.Clients[*awsscheduler.Client]

	mu      sync.Mutex
	regions map[string]*region
}

// region is the schedules of a region.
type region struct {
	// Marks is what is remembered of schedules, by group and name.
	Marks map[string]*mark

	// known is the schedules as they were read last; it is nil when they have changed since.
	known []schedule
	// changes counts how often they did.
	changes int
}

// mark is what is remembered of a schedule.
type mark struct {
	// Since is when it was created. Rates count from then.
	Since time.Time
	// Looked is the time up to which everything that was due has been fired.
	Looked time.Time
}

// key names a schedule within a region.
func key(group, name string) string { return cmp.Or(group, "default") + "/" + name }

// New makes a Scheduler that goes on where an earlier process has ended.
func New(options Options) (*Scheduler, error) {
	s := &Scheduler{
		options: options, regions: map[string]*region{},
		clients: protocol.NewClients(options.URL, "scheduler", func(c aws.Config) *awsscheduler.Client {
			return awsscheduler.NewFromConfig(c)
		}),
	}
	_, err := options.State.Load(stateName, &s.regions)
	return s, err
}

// in is a region. The caller holds the lock.
func (s *Scheduler) in(name string) *region {
	if s.regions[name] == nil {
		s.regions[name] = &region{}
	}
	if s.regions[name].Marks == nil {
		s.regions[name].Marks = map[string]*mark{}
	}
	return s.regions[name]
}

// forget makes the schedules of a region be read again.
func (s *Scheduler) forget(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.in(name).forget()
	s.save()
}

func (r *region) forget() {
	r.known = nil
	r.changes++
}

// noted remembers that a schedule was created or updated. What was due before does not count.
func (s *Scheduler) noted(name, schedule string, created bool, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.in(name)
	r.forget()
	switch {
	case created:
		// The moment of its creation is its own: rates fire at once.
		r.Marks[schedule] = &mark{Since: now, Looked: now.Add(-1)}
	case r.Marks[schedule] == nil:
		r.Marks[schedule] = &mark{Since: now, Looked: now}
	default:
		r.Marks[schedule].Looked = now
	}
	s.save()
}

// save keeps the marks. The caller holds the lock.
func (s *Scheduler) save() {
	if err := s.options.State.Save(stateName, s.regions); err != nil {
		s.logf("%v", err)
	}
}

// Run fires schedules until the context ends.
func (s *Scheduler) Run(ctx context.Context) {
	for {
		rest := time.NewTimer(pause)
		s.Look(ctx)
		err := s.options.Clock.Sleep(ctx, interval)
		select {
		case <-rest.C:
		case <-ctx.Done():
		}
		if err != nil || ctx.Err() != nil {
			return
		}
	}
}

func (s *Scheduler) logf(format string, args ...any) {
	_, _ = fmt.Fprintf(s.options.Log, "scheduler: "+format+"\n", args...)
}
