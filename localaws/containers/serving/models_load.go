package serving

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"sagehost/kit/s3uri"
	"sagehost/localaws/containers/serving/archive"
	"sagehost/localaws/services/objects"
)

const (
	// loadTimeout is how long the loading of a model goes on, whether or not a request still waits for it.
	loadTimeout = 360 * time.Second
	// unloadTimeout is how long a container may take to unload a model.
	unloadTimeout = 60 * time.Second
)

// load brings a model into the container.
func (m *models) load(of *model, now *change) {
	ctx, cancel := m.container.fleet.host.within(m.container.fleet.life, loadTimeout)
	defer cancel()
	err := m.download(ctx, of)
	m.mu.Lock()
	run := m.run
	m.mu.Unlock()
	if err == nil {
		began := time.Now()
		if err = m.register(ctx, of); err == nil {
			m.observe("ModelLoadingTime", micros(time.Since(began)))
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil && run != m.run {
		err = m.container.unreachable(errNotRunning)
	}
	now.err = err
	of.loaded, of.change, of.posting = err == nil, nil, false
	close(now.done)
	m.signal()
	if err == nil {
		m.count()
	}
	m.tidy()
}

// download brings a model to the disk if it is not there. The error is a *Refusal.
func (m *models) download(ctx context.Context, of *model) error {
	// Nobody else changes onDisk while the model is loading.
	if of.onDisk {
		return nil
	}
	began := time.Now()
	taken, err := m.unpack(ctx, of)
	if errors.Is(err, archive.ErrNoSpace) && m.removeIdle() {
		taken, err = m.unpack(ctx, of)
	}
	if errors.Is(err, archive.ErrNoSpace) {
		return invalid("Failed to extract model data archive %s: %s.", of.uri, m.container.fleet.spec.full())
	}
	if err != nil {
		return notDownloaded(of, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	of.onDisk, of.bytes = true, taken
	m.observe("ModelDownloadingTime", micros(time.Since(began)))
	return nil
}

// unpack brings a model to the disk, or leaves nothing of it there.
func (m *models) unpack(ctx context.Context, of *model) (taken int64, err error) {
	taken, err = m.container.fetcher().archive(ctx, of.uri, of.folder)
	if err != nil {
		// What there is of it is not complete.
		_ = os.RemoveAll(filepath.Dir(of.folder))
		m.container.fleet.space.Give(taken)
	}
	return taken, err
}

// notDownloaded is what a client is told about a model that cannot be had.
func notDownloaded(of *model, err error) *Refusal {
	bucket, key, _ := s3uri.Split(of.uri)
	if errors.Is(err, errCorrupt) {
		return invalid("Failed to extract model data archive(bucket: %s, key: %s). Please ensure that the object located "+
			"at the URL is a valid tar.gz archive. (%v)", bucket, key, err)
	}
	message := fmt.Sprintf("Failed to download model data(bucket: %s, key: %s). Please ensure that there is an object "+
		"located at the URL and that the role passed to CreateModel has permissions to download the model.", bucket, key)
	if !missing(err) && objects.Code(err) != "AccessDenied" {
		message += fmt.Sprintf(" (%v)", err)
	}
	return invalid("%s", message)
}

// post notes whether the container is being asked to load a model, and gives the signal of the next change.
func (m *models) post(of *model, posting bool) <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	if of.posting && !posting {
		m.signal()
	}
	of.posting = posting
	return m.changed
}

// register has the container load a model from its folder. While the container has no room, others are unloaded, by one
// load at a time, so that no load gives up because of what another is about to do. The error is a *ModelError, or a
// *Refusal when it took too long.
func (m *models) register(ctx context.Context, of *model) error {
	body, err := json.Marshal(map[string]string{"model_name": of.id, "url": of.folder})
	if err != nil {
		return fmt.Errorf("load %s: %w", of.uri, err)
	}
	for holding := false; ; {
		changed := m.post(of, true)
		response, err := m.request(ctx, http.MethodPost, "/models", body)
		if err != nil {
			return err
		}
		switch response.StatusCode {
		case http.StatusOK, http.StatusConflict:
			_ = response.Body.Close()
			return nil
		case http.StatusInsufficientStorage:
			refused := m.container.refused(ctx, response)
			if holding && !m.makeRoom(ctx, of, changed) {
				return refused
			}
			if holding {
				continue
			}
			m.post(of, false)
			select {
			case m.turn <- struct{}{}:
				holding = true
				defer func() { <-m.turn }()
			case <-ctx.Done():
				return refused
			}
		default:
			return m.container.refused(ctx, response)
		}
	}
}

// request sends a request about models to the container.
func (m *models) request(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	p := m.container.ready.Load()
	if p == nil {
		return nil, m.container.unreachable(errNotRunning)
	}
	header := http.Header{accept: {"application/json"}}
	if len(body) > 0 {
		header[contentType] = []string{"application/json"}
	}
	response, err := send(ctx, m.container.fleet.host.transport, method, p.invocations.at(path), header,
		bytes.NewReader(body), int64(len(body)))
	if err == nil {
		return response, nil
	}
	if errors.Is(context.Cause(ctx), errTooLong) {
		return nil, &Refusal{Code: "ModelNotReadyException", Message: "The container did not load the model in time."}
	}
	return nil, m.container.unreachable(err)
}
