package serving

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"sync"
	"time"

	"sagehost/kit/s3uri"
	"sagehost/localaws/services/objects"
)

// model is one of the models under the prefix of a multi-model container.
type model struct {
	// id is what the container knows it by.
	id     string
	uri    string
	folder string
	// loaded says that the container has it, onDisk that its folder is complete.
	loaded, onDisk bool
	// bytes is what the folder takes up.
	bytes int64
	// posting says that the container is being asked to load it, so that it may take up room already.
	posting bool
	// change is what happens to it now; nil for nothing.
	change *change
	// users is how many requests have or want it. Only models without any are unloaded.
	users int
	// used is the number of the last request, for finding the least recently used.
	used uint64
}

// change is a loading, or an unloading.
type change struct {
	loading bool
	// err is why a loading failed; set before done is closed.
	err  error
	done chan struct{}
}

// models are those that a multi-model container has or had.
type models struct {
	container *container

	mu sync.Mutex
	// known has them by target, for as long as they take up memory or disk.
	known map[string]*model
	// run counts the runs of the container: what one has loaded, the next does not have.
	run int
	// requests counts them.
	requests uint64
	// changed is closed when there may be more room, or less in use.
	changed chan struct{}
	// turn is held by the one load that makes room.
	turn chan struct{}
}

func newModels(c *container) *models {
	return &models{container: c, known: map[string]*model{}, changed: make(chan struct{}), turn: make(chan struct{}, 1)}
}

// find is a model, which is made up if it is new. The caller holds the lock.
func (m *models) find(target string) *model {
	found := m.known[target]
	if found == nil {
		uri := objects.Join(s3uri.Normalize(m.container.spec.ModelData), target)
		sum := sha256.Sum256([]byte(uri))
		id := hex.EncodeToString(sum[:16])
		found = &model{id: id, uri: uri, folder: filepath.Join(m.container.base, "models", id, "model")}
		m.known[target] = found
	}
	return found
}

// take waits until the container has a model, which it then keeps until it is given back. The error is a *Refusal or a
// *ModelError.
func (m *models) take(ctx context.Context, target string) (*model, error) {
	began := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	found := m.find(target)
	m.requests++
	found.used = m.requests
	found.users++
	hit := found.loaded && found.change == nil
	m.observe("ModelCacheHit", map[bool]float64{true: 1}[hit])
	for !found.loaded || found.change != nil {
		if err := m.wait(ctx, found); err != nil {
			m.drop(found)
			return nil, err
		}
	}
	if !hit {
		m.observe("ModelLoadingWaitTime", micros(time.Since(began)))
	}
	return found, nil
}

// wait waits for what happens to a model, and has it loaded if nothing does. The caller holds the lock.
func (m *models) wait(ctx context.Context, of *model) error {
	current := of.change
	if current == nil {
		current = &change{loading: true, done: make(chan struct{})}
		of.change = current
		go m.load(of, current)
	}
	m.mu.Unlock()
	defer m.mu.Lock()
	select {
	case <-current.done:
		return current.err
	case <-ctx.Done():
		return &Refusal{Code: "ModelNotReadyException", Message: "The model " + of.uri + " is still being downloaded or " +
			"loaded. Wait and try your request again."}
	}
}

// give gives a model back. Without caching the last user has it unloaded and removed.
func (m *models) give(of *model) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drop(of)
}

// drop counts a user out. The caller holds the lock.
func (m *models) drop(of *model) {
	of.users--
	if of.users > 0 {
		return
	}
	m.signal()
	if m.container.spec.CacheDisabled && of.loaded && of.change == nil {
		go m.unload(of, m.leaving(of), true)
	}
}

// signal wakes a load that waits for room. The caller holds the lock.
func (m *models) signal() {
	close(m.changed)
	m.changed = make(chan struct{})
}

// forget notes that the container does not have a model, as it has said itself.
func (m *models) forget(of *model) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if of.change == nil && of.loaded {
		of.loaded = false
		m.count()
	}
}

// reset forgets all models, because the container has ended. Their folders are kept.
func (m *models) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.run++
	for _, of := range m.known {
		of.loaded = false
	}
	m.count()
}

// count tells how many models are loaded. The caller holds the lock.
func (m *models) count() {
	loaded := 0
	for _, of := range m.known {
		if of.loaded {
			loaded++
		}
	}
	m.observe("LoadedModelCount", float64(loaded))
}

func (m *models) observe(event string, value float64) {
	if observe := m.container.fleet.watch.Load(); observe != nil {
		(*observe)(event, value)
	}
}

func micros(span time.Duration) float64 { return float64(span.Microseconds()) }
