package server

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"sagehost/examples/scoring/linear"
)

var (
	errLoaded    = errors.New("already loaded")
	errNotLoaded = errors.New("not loaded")
	errNoMemory  = errors.New("no memory left")
)

// registry holds the loaded models by name.
type registry struct {
	// limit is how many bytes the numbers of all models may take.
	limit int64

	mu      sync.RWMutex
	models  map[string]entry
	claimed int64
}

// entry is a loaded model and the folder it came from.
type entry struct {
	model  *linear.Model
	folder string
}

func newRegistry(limit int64) *registry {
	return &registry{limit: limit, models: map[string]entry{}}
}

// load reads a model and keeps it under a name. The error is errLoaded, errNoMemory or why it cannot be read.
func (r *registry) load(name, folder string) error {
	if _, err := r.get(name); err == nil {
		return fmt.Errorf("model %q: %w", name, errLoaded)
	}
	model, err := linear.Load(folder)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	// Another request may have loaded it while this one read the file.
	if _, loaded := r.models[name]; loaded {
		return fmt.Errorf("model %q: %w", name, errLoaded)
	}
	if size := model.Size(); size > r.limit-r.claimed {
		return fmt.Errorf("model %q takes %d bytes, %d of %d are free: %w",
			name, size, r.limit-r.claimed, r.limit, errNoMemory)
	}
	r.claimed += model.Size()
	r.models[name] = entry{model: model, folder: folder}
	return nil
}

// get finds a model. The error is errNotLoaded.
func (r *registry) get(name string) (entry, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	found, loaded := r.models[name]
	if !loaded {
		return entry{}, fmt.Errorf("model %q: %w", name, errNotLoaded)
	}
	return found, nil
}

// unload forgets a model; invocations under way keep it until they end. The error is errNotLoaded.
func (r *registry) unload(name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	found, loaded := r.models[name]
	if !loaded {
		return fmt.Errorf("model %q: %w", name, errNotLoaded)
	}
	delete(r.models, name)
	r.claimed -= found.model.Size()
	return nil
}

// list gives up to count models whose names come after a name, in the order of their names, and whether there are more.
func (r *registry) list(after string, count int) (page []description, more bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	page = []description{}
	for _, name := range slices.Sorted(maps.Keys(r.models)) {
		if name <= after {
			continue
		}
		if len(page) == count {
			return page, true
		}
		page = append(page, description{Name: name, URL: r.models[name].folder})
	}
	return page, false
}
