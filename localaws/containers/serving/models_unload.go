package serving

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// maxFolders is how many models that are not loaded are kept on disk, for loading them without a download.
const maxFolders = 50

// makeRoom unloads, for another model, the least recently used one that no request has. If all are in use, it waits
// for a change. False means that nothing is left to unload. The caller holds the turn.
func (m *models) makeRoom(ctx context.Context, other *model, changed <-chan struct{}) bool {
	m.mu.Lock()
	oldest, busy := m.oldest(func(of *model) bool { return of.loaded && of.change == nil && of.users == 0 }), false
	if oldest != nil {
		now := m.leaving(oldest)
		m.mu.Unlock()
		m.unload(oldest, now, false)
		return true
	}
	for _, of := range m.known {
		busy = busy || of != other && (of.loaded || of.posting)
	}
	m.mu.Unlock()
	if !busy {
		return false
	}
	select {
	case <-changed:
		return true
	case <-ctx.Done():
		return false
	}
}

// oldest is the least recently used of some models. The caller holds the lock.
func (m *models) oldest(among func(*model) bool) *model {
	var found *model
	for _, of := range m.known {
		if among(of) && (found == nil || of.used < found.used) {
			found = of
		}
	}
	return found
}

// leaving marks a model as being unloaded. The caller holds the lock.
func (m *models) leaving(of *model) *change {
	of.change = &change{done: make(chan struct{})}
	return of.change
}

// unload has the container unload a model, and removes its folder if it is not to be kept.
func (m *models) unload(of *model, now *change, remove bool) {
	ctx, cancel := m.container.fleet.host.within(m.container.fleet.life, unloadTimeout)
	defer cancel()
	began := time.Now()
	response, err := m.request(ctx, http.MethodDelete, "/models/"+of.id, nil)
	if err == nil {
		_ = response.Body.Close()
		m.observe("ModelUnloadingTime", micros(time.Since(began)))
		if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusNotFound {
			fmt.Fprintf(m.container.output.log, "[%s] unloading %s: status %d\n",
				m.container.output.prefix, of.uri, response.StatusCode)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	of.loaded, of.change = false, nil
	if remove {
		m.remove(of)
	}
	close(now.done)
	m.signal()
	m.count()
}

// isIdle reports whether a model only takes up disk.
func isIdle(of *model) bool { return of.onDisk && !of.loaded && of.change == nil && of.users == 0 }

// removeIdle makes room on the disk, as SageMaker does it ("Multi-model endpoints", how they work): it deletes models
// that are not loaded. False means that there are none.
func (m *models) removeIdle() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	removed := false
	for _, of := range m.known {
		if isIdle(of) {
			m.remove(of)
			removed = true
		}
	}
	return removed
}

// tidy removes the folders of models that were not used for the longest time. The caller holds the lock.
func (m *models) tidy() {
	kept := 0
	for _, of := range m.known {
		if isIdle(of) {
			kept++
		}
	}
	for ; kept > maxFolders; kept-- {
		m.remove(m.oldest(isIdle))
	}
	maps.DeleteFunc(m.known, func(_ string, of *model) bool {
		return !of.onDisk && !of.loaded && of.change == nil && of.users == 0
	})
}

// remove removes the folder of a model. The caller holds the lock.
func (m *models) remove(of *model) {
	// What cannot be removed is overwritten by the next download.
	_ = os.RemoveAll(filepath.Dir(of.folder))
	m.container.fleet.space.Give(of.bytes)
	of.onDisk, of.bytes = false, 0
}
