package deployed

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/dustin/go-humanize/english"

	"sagehost/internal/live/objecthash"
	"sagehost/internal/release"
	"sagehost/kit/s3uri"
)

// Place is where a model is served.
type Place struct {
	// Endpoint is the endpoint's name in SageMaker.
	Endpoint string
	// Variants are the names of the endpoint's variants that serve the model.
	Variants []string
}

// Report is whether an endpoint serves a release.
type Report struct {
	// Endpoint and Status are the endpoint's name and what SageMaker says of it.
	Endpoint string
	Status   types.EndpointStatus
	// Config is the name of the configuration in use.
	Config string
	// Result is pass where the endpoint serves the release and nothing is under way; inconclusive while something is.
	Result release.Result
	// Disagreements are what the endpoint and the release do not agree on; each names both.
	Disagreements []string
}

// underWay are the states that pass by themselves.
var underWay = []types.EndpointStatus{
	types.EndpointStatusCreating, types.EndpointStatusUpdating, types.EndpointStatusSystemUpdating,
	types.EndpointStatusRollingBack,
}

// Check compares what an endpoint serves with a release: its state, the images that are deployed, the archives and the
// environment. That archives hold what the release says is for CheckArtifacts.
func (c *Cloud) Check(ctx context.Context, place Place, r *release.Release) (*Report, error) {
	report := &Report{Endpoint: place.Endpoint, Result: release.Pass}
	e, err := c.Describe(ctx, place.Endpoint)
	if errors.Is(err, fs.ErrNotExist) {
		report.Disagreements = []string{fmt.Sprintf("there is no endpoint %s", place.Endpoint)}
		report.Result = release.Fail
		return report, nil
	}
	if err != nil {
		return nil, err
	}
	report.Status, report.Config = e.Status, e.Config
	report.Disagreements = e.compare(place.Variants, r)
	if len(report.Disagreements) > 0 {
		report.Result = release.Fail
	}
	if e.Status != types.EndpointStatusInService {
		report.Disagreements = append([]string{notInService(e)}, report.Disagreements...)
		report.Result = release.Fail
		if slices.Contains(underWay, e.Status) {
			report.Result = release.Inconclusive
		}
	}
	return report, nil
}

func notInService(e *Endpoint) string {
	text := fmt.Sprintf("endpoint %s is %s, not InService", e.Name, e.Status)
	if e.FailureReason != "" {
		text += ": " + e.FailureReason
	}
	return text
}

// Serves reports whether these variants of the endpoint serve a release, as far as names tell.
func (e *Endpoint) Serves(variants []string, r *release.Release) bool {
	return len(e.compare(variants, r)) == 0
}

func (e *Endpoint) compare(variants []string, r *release.Release) []string {
	var list []string
	for _, name := range variants {
		who := fmt.Sprintf("endpoint %s, variant %s", e.Name, name)
		containers, there := e.Variants[name]
		if !there {
			list = append(list, fmt.Sprintf("%s: is not there; release %s was expected", who, release.Short(r.ID)))
			continue
		}
		list = append(list, compare(who, containers, r)...)
	}
	return list
}

// CheckModel compares a model in SageMaker with a release, and returns what they do not agree on.
func (c *Cloud) CheckModel(ctx context.Context, name string, r *release.Release) ([]string, error) {
	containers, err := c.containers(ctx, &name, nil)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	return compare("model "+name, containers, r), nil
}

// compare lists what containers and a release do not agree on. Who has the containers.
func compare(who string, containers []Container, r *release.Release) []string {
	id := release.Short(r.ID)
	if have, want := len(containers), len(r.Subject.Containers); have != want {
		return []string{fmt.Sprintf("%s: has %s, release %s has %d", who, english.Plural(have, "container", ""), id, want)}
	}
	var list []string
	for i := range containers {
		here := who
		if len(containers) > 1 {
			here = fmt.Sprintf("%s, container %d", who, i+1)
		}
		list = append(list, containers[i].compare(here, id, &r.Subject.Containers[i], len(containers) > 1)...)
	}
	return list
}

// compare lists what is not as the release says. Values of the environment are not shown: the endpoint's may be
// anything.
func (c *Container) compare(who, id string, want *release.Container, pipeline bool) []string {
	var list []string
	differ := func(what, have, named string) {
		if have != named {
			list = append(list, fmt.Sprintf("%s: serves %s %s, release %s names %s", who, what, quoted(have), id, quoted(named)))
		}
	}
	differ("image", c.Image, want.Image)
	if len(list) > 0 && c.Specified != "" {
		list[0] += fmt.Sprintf(" (%s was looked up at %s)", c.Specified, c.At)
	}
	artifact := ""
	if want.Artifact != nil {
		artifact = s3uri.Normalize(want.Artifact.URI)
	}
	differ("archive", c.Artifact, artifact)
	if pipeline {
		differ("hostname", c.Hostname, want.Hostname)
	}
	both := maps.Clone(want.Environment)
	if both == nil {
		both = release.Environment{}
	}
	maps.Copy(both, c.Environment)
	for _, key := range slices.Sorted(maps.Keys(both)) {
		have, given := c.Environment[key]
		named, wanted := want.Environment[key]
		if given != wanted || have != named {
			list = append(list, fmt.Sprintf("%s: its environment variable %s is not that of release %s", who, key, id))
		}
	}
	return list
}

func quoted(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// CheckArtifacts compares the archives of a release with what is in Amazon S3 now. It returns what they do not agree
// on.
func CheckArtifacts(ctx context.Context, client objecthash.Reader, r *release.Release) ([]string, error) {
	var list []string
	for i := range r.Subject.Containers {
		a := r.Subject.Containers[i].Artifact
		if a == nil {
			continue
		}
		object, err := objecthash.Of(ctx, client, a.URI)
		switch id := release.Short(r.ID); {
		case errors.Is(err, fs.ErrNotExist):
			list = append(list, fmt.Sprintf("%s is not there, release %s names it", a.URI, id))
		case err != nil:
			return nil, err
		case object.SHA256 != a.SHA256:
			list = append(list, fmt.Sprintf("%s has SHA-256 %s, release %s names %s", a.URI, object.SHA256, id, a.SHA256))
		case object.Size != a.Size:
			list = append(list, fmt.Sprintf("%s has %s, release %s names %d", a.URI,
				english.Plural(int(object.Size), "byte", ""), id, a.Size))
		}
	}
	return list, nil
}
