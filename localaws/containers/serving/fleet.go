package serving

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"sagehost/localaws/containers/serving/archive"
)

// closeGrace is how long requests under way may take to finish when a fleet is closed.
const closeGrace = 5 * time.Second

// Fleet is the running containers of a model.
type Fleet struct {
	host *Host
	spec Spec
	dir  string
	// space is the volume of the instance, which the containers share.
	space      *archive.Space
	containers []*container
	// life ends when the fleet is closed.
	life context.Context
	end  context.CancelFunc
	// keepers are the goroutines that start the containers and keep them running.
	keepers sync.WaitGroup
	closing sync.Once
	watch   atomic.Pointer[func(event string, value float64)]

	mu sync.Mutex
	// underWay is how many requests there are; idle is closed when there are none left and the fleet is closed.
	underWay int
	closed   bool
	idle     chan struct{}
}

func newFleet(h *Host, spec Spec, dir string) *Fleet {
	f := &Fleet{
		host: h, spec: spec, dir: dir, space: archive.NewSpace(spec.volume()), idle: make(chan struct{}),
	}
	f.life, f.end = context.WithCancel(context.Background())
	f.spec.Containers = make([]Container, len(spec.Containers))
	for i, described := range spec.Containers {
		if described.Hostname == "" {
			described.Hostname = fmt.Sprintf("container-%d", i+1)
		}
		f.spec.Containers[i] = described
	}
	for i := range f.spec.Containers {
		f.containers = append(f.containers, newContainer(f, i))
	}
	return f
}

// Watch has a function called with what SageMaker measures of multi-model containers: ModelLoadingWaitTime,
// ModelDownloadingTime, ModelLoadingTime and ModelUnloadingTime in microseconds, ModelCacheHit (0 or 1) of each
// request, and LoadedModelCount when it changes. The function must not block, nor call the fleet. It is set once,
// before the first request.
func (f *Fleet) Watch(observe func(event string, value float64)) { f.watch.Store(&observe) }

// PIDs are the ids of the processes that run now, in the order of the containers.
func (f *Fleet) PIDs() []int {
	var ids []int
	for _, c := range f.containers {
		if p := c.latest.Load(); p != nil && p.running() {
			ids = append(ids, p.pid)
		}
	}
	return ids
}

// Folder is where the containers keep what they loaded and what they write.
func (f *Fleet) Folder() string { return f.dir }

// Crash kills the processes of all containers. They are started again, as SageMaker does it; until then requests fail.
func (f *Fleet) Crash() {
	for _, c := range f.containers {
		if p := c.latest.Load(); p != nil {
			p.signal(syscall.SIGKILL)
		}
	}
}

// Close lets requests under way finish for up to 5 s, ends the containers and removes their scratch folder. Requests
// that come later are refused.
func (f *Fleet) Close() {
	f.closing.Do(func() {
		f.mu.Lock()
		f.closed = true
		if f.underWay == 0 {
			close(f.idle)
		}
		f.mu.Unlock()
		select {
		case <-f.idle:
		case <-time.After(closeGrace):
		}
		f.end()
		f.keepers.Wait()
		// What cannot be removed only takes up room until the next start.
		_ = os.RemoveAll(f.dir)
		f.host.mu.Lock()
		delete(f.host.fleets, f)
		f.host.mu.Unlock()
	})
}

// enter counts a request in; false means that the fleet is closed.
func (f *Fleet) enter() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return false
	}
	f.underWay++
	return true
}

// leave counts a request out.
func (f *Fleet) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.underWay--
	if f.closed && f.underWay == 0 {
		close(f.idle)
	}
}
