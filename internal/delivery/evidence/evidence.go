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

	"sagehost/internal/live/deployed"
	"sagehost/internal/release"
	"sagehost/kit/files"
	"sagehost/stacks/settings"
)

// Cloud says whether a release is what is deployed; a *deployed.Cloud is one.
type Cloud interface {
	Check(context.Context, deployed.Place, *release.Release) (*deployed.Report, error)
	CheckModel(ctx context.Context, name string, r *release.Release) ([]string, error)
}

// Recorder writes evidence for the releases that are deployed.
type Recorder struct {
	// Unrecorded says of each model for which nothing is written why that is.
	Unrecorded []string

	dir   string
	stack string
	about []about
}

// about is a release and where it is deployed.
type about struct {
	model   string
	release *release.Release
	// who is what has it.
	who string
	// look is asked about the release.
	look look
}

// look tells the name of the configuration, or of the model, by which a release is deployed, and what does not agree
// with it.
type look func(ctx context.Context, of *release.Release) (config string, disagreements []string, err error)

// Find finds the releases that a stack's settings have the endpoint with this key serve, in the checkout root. It is an
// error when the endpoint serves something else: what would be measured is not what the evidence would say.
func Find(
	ctx context.Context, cloud Cloud, root, stack string, s *settings.Settings, endpoint string,
) (*Recorder, error) {
	r := newRecorder(root, stack)
	name := settings.EndpointName(endpoint, stack)
	serving := map[string][]string{}
	for _, variant := range s.Endpoints[endpoint].Variants {
		serving[variant.Model] = append(serving[variant.Model], variant.Name)
	}
	for _, model := range slices.Sorted(maps.Keys(serving)) {
		place := deployed.Place{Endpoint: name, Variants: serving[model]}
		check := func(ctx context.Context, of *release.Release) (string, []string, error) {
			report, err := cloud.Check(ctx, place, of)
			if err != nil {
				return "", nil, err
			}
			return report.Config, report.Disagreements, nil
		}
		if err := r.add(ctx, s, model, "endpoint "+name, check); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// OfBatch finds the release that a stack's settings have a batch transform run as a model. Name tells the model's name
// in SageMaker whenever it is asked.
func OfBatch(
	ctx context.Context, cloud Cloud, root, stack string, s *settings.Settings, model string,
	name func(context.Context) (string, error),
) (*Recorder, error) {
	r := newRecorder(root, stack)
	check := func(ctx context.Context, of *release.Release) (string, []string, error) {
		running, err := name(ctx)
		if err != nil {
			return "", nil, err
		}
		disagreements, err := cloud.CheckModel(ctx, running, of)
		return running, disagreements, err
	}
	return r, r.add(ctx, s, model, "batch transform", check)
}

func newRecorder(root, stack string) *Recorder {
	return &Recorder{dir: filepath.Join(root, "releases"), stack: stack}
}

// add adds the release that the settings name of a model, which must be what is deployed.
func (r *Recorder) add(ctx context.Context, s *settings.Settings, model, who string, look look) error {
	id := s.Models[model].Release
	if id == "" {
		r.Unrecorded = append(r.Unrecorded, fmt.Sprintf(
			"nothing is recorded of model %q: stack %q does not name a release of it", model, r.stack))
		return nil
	}
	found, err := release.Load(r.dir, model, id)
	if err != nil {
		return err
	}
	a := about{model: model, release: found, who: who, look: look}
	if _, err := a.has(ctx); err != nil {
		return err
	}
	r.about = append(r.about, a)
	return nil
}

// has is the name by which the release is deployed, or what contradicts that it is.
func (a *about) has(ctx context.Context) (config string, err error) {
	config, disagreements, err := a.look(ctx, a.release)
	if err != nil {
		return "", err
	}
	if len(disagreements) > 0 {
		return "", fmt.Errorf("model %q: %s", a.model, strings.Join(disagreements, "; "))
	}
	return config, nil
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
	// Data is the SHA-256 of what was asked; empty where nothing was.
	Data string
	// Arguments are those of the command that measures the same again; see release.Evidence.
	Arguments []string
	// Config is the name of the configuration that served all the time, or of the model that a batch transform ran.
	Config string
	// Local says that the endpoint is on the local AWS.
	Local bool
	// At is when it ended.
	At time.Time
}

// Record writes the evidence and returns the manifests that have it now. It is an error when the endpoint has come to
// serve something else than was measured.
func (r *Recorder) Record(ctx context.Context, m *Measured) ([]string, error) {
	var written []string
	for _, a := range r.about {
		config, err := a.has(ctx)
		if err != nil {
			return written, err
		}
		if config != m.Config {
			return written, fmt.Errorf("model %q: %s was measured, and %s is there now; nothing is recorded",
				a.model, m.Config, config)
		}
		if err := r.append(ctx, a, m); err != nil {
			return written, err
		}
		written = append(written, release.Path(r.dir, a.model, a.release.ID))
	}
	return written, nil
}

func (r *Recorder) append(ctx context.Context, a about, m *Measured) error {
	return Append(ctx, r.dir, a.model, release.Evidence{
		Gate: m.Gate, Result: m.Result, Subject: a.release.ID, Stack: r.stack, Local: m.Local,
		At: m.At.UTC().Truncate(time.Second), Measurements: m.Measurements, Data: m.Data, Arguments: m.Arguments,
		Detail: printable(strings.Join(append([]string{a.who}, m.Reasons...), "; ")),
	})
}

// Append adds evidence to the manifest of the model's release that it is of, in the folder of manifests. It waits for
// other commands that do so: each writes the whole manifest.
func Append(ctx context.Context, dir, model string, e release.Evidence) error {
	unlock, err := files.Lock(ctx, filepath.Join(dir, model, ".lock"))
	if err != nil {
		return fmt.Errorf("model %q: %w", model, err)
	}
	defer unlock()
	_, err = release.Append(dir, model, e.Subject, e)
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
