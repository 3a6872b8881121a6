// Package evidence writes what was measured of an endpoint into the manifests of the releases that it serves.
package evidence

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"sagehost/internal/deployed"
	"sagehost/internal/filelock"
	"sagehost/internal/release"
	"sagehost/stacks/settings"
)

// Cloud says whether an endpoint serves a release; a *deployed.Cloud is one.
type Cloud interface {
	Check(context.Context, deployed.Place, *release.Release) (*deployed.Report, error)
}

// Recorder writes evidence for the releases that an endpoint serves.
type Recorder struct {
	// Unrecorded says of each model for which nothing is written why that is.
	Unrecorded []string

	cloud Cloud
	dir   string
	stack string
	about []about
}

// about is a release and where it is served.
type about struct {
	model   string
	place   deployed.Place
	release *release.Release
}

// Find finds the releases that a stack's settings have the endpoint with this key serve, in the checkout root. It is an
// error when the endpoint serves something else: what would be measured is not what the evidence would say.
func Find(
	ctx context.Context, cloud Cloud, root, stack string, s *settings.Settings, endpoint string,
) (*Recorder, error) {
	r := &Recorder{cloud: cloud, dir: filepath.Join(root, "releases"), stack: stack}
	name := settings.EndpointName(endpoint, stack)
	serving := map[string][]string{}
	for _, variant := range s.Endpoints[endpoint].Variants {
		serving[variant.Model] = append(serving[variant.Model], variant.Name)
	}
	for _, model := range slices.Sorted(maps.Keys(serving)) {
		id := s.Models[model].Release
		if id == "" {
			r.Unrecorded = append(r.Unrecorded, fmt.Sprintf(
				"nothing is recorded of model %q: stack %q does not name a release of it", model, stack))
			continue
		}
		found, err := release.Load(r.dir, model, id)
		if err != nil {
			return nil, err
		}
		a := about{model: model, place: deployed.Place{Endpoint: name, Variants: serving[model]}, release: found}
		if _, err := r.serves(ctx, a); err != nil {
			return nil, err
		}
		r.about = append(r.about, a)
	}
	return r, nil
}

// serves is the configuration by which the endpoint serves a release, or what contradicts that it does.
func (r *Recorder) serves(ctx context.Context, a about) (config string, err error) {
	report, err := r.cloud.Check(ctx, a.place, a.release)
	if err != nil {
		return "", err
	}
	if len(report.Disagreements) > 0 {
		return "", fmt.Errorf("model %q: %s", a.model, strings.Join(report.Disagreements, "; "))
	}
	return report.Config, nil
}

// Measured is what was measured.
type Measured struct {
	// Gate is which measurement it is.
	Gate string
	// Result is what it came to, and Reasons why it is no pass.
	Result  release.Result
	Reasons []string
	// Measurements are the numbers.
	Measurements map[string]float64
	// Data is the SHA-256 of what the endpoint was asked; empty where nothing was.
	Data string
	// Config is the name of the configuration that served all the time.
	Config string
	// At is when it ended.
	At time.Time
}

// Record writes the evidence and returns the manifests that have it now. It is an error when the endpoint has come to
// serve something else than was measured.
func (r *Recorder) Record(ctx context.Context, m *Measured) ([]string, error) {
	var written []string
	for _, a := range r.about {
		config, err := r.serves(ctx, a)
		if err != nil {
			return written, err
		}
		if config != m.Config {
			return written, fmt.Errorf("model %q: configuration %s was measured, and %s serves now; nothing is recorded",
				a.model, m.Config, config)
		}
		if err := r.append(ctx, a, m); err != nil {
			return written, err
		}
		written = append(written, release.Path(r.dir, a.model, a.release.ID))
	}
	return written, nil
}

// append adds the evidence to a manifest, which one command at a time may do.
func (r *Recorder) append(ctx context.Context, a about, m *Measured) error {
	unlock, err := filelock.Hold(ctx, filepath.Join(r.dir, a.model, ".lock"))
	if err != nil {
		return fmt.Errorf("model %q: %w", a.model, err)
	}
	defer unlock()
	_, err = release.Append(r.dir, a.model, a.release.ID, release.Evidence{
		Gate: m.Gate, Result: m.Result, Subject: a.release.ID, Stack: r.stack, At: m.At.UTC().Truncate(time.Second),
		Measurements: m.Measurements, Data: m.Data,
		Detail: printable(strings.Join(append([]string{"endpoint " + a.place.Endpoint}, m.Reasons...), "; ")),
	})
	return err
}

// printable is a text as evidence can hold it.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}
