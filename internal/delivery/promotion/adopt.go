package promotion

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"

	"github.com/dustin/go-humanize/english"

	"sagehost/components/model"
	"sagehost/internal/release"
	"sagehost/kit/awsref"
	"sagehost/kit/files"
	"sagehost/kit/s3uri"
)

// adopt begins the record of a stack that takes releases from another one with the release that it serves already, so
// that there is one to go back to: the one that it names, or the one that is what its inline description says.
func (c *Change) adopt(ctx context.Context, s *stack, id string) (*Result, error) {
	entries, err := Record(c.Dir, c.Model, c.Stack)
	if err != nil {
		return nil, err
	}
	m, err := s.model(c.Model)
	if err != nil {
		return nil, err
	}
	r, err := release.Find(filepath.Join(c.Dir, "releases"), c.Model, id)
	if err != nil {
		return nil, err
	}
	switch {
	case len(entries) > 0 || m.Release != "" && m.Release != r.ID:
		return nil, fmt.Errorf("%s takes releases from stack %s: promote it", s.file, s.settings.Promotion.From)
	case m.Release == "":
		if err := described(c.Dir, &m.Spec, r); err != nil {
			return nil, fmt.Errorf("%s takes releases from stack %s, and release %s is not what it describes: %w",
				s.file, s.settings.Promotion.From, release.Short(r.ID), err)
		}
	}
	return c.apply(ctx, s, &Entry{Release: r.ID})
}

// described refuses a release that is not what an inline description says, and names the first difference.
func described(dir string, spec *model.Spec, r *release.Release) error {
	if spec.PackageARN != "" {
		return errors.New("that is a package of the model registry")
	}
	stages := spec.Stages()
	if len(stages) != len(r.Subject.Containers) {
		return fmt.Errorf("that has %s, the release %d", english.Plural(len(stages), "container", ""),
			len(r.Subject.Containers))
	}
	for i := range stages {
		if err := same(dir, &stages[i], &r.Subject.Containers[i]); err != nil {
			return fmt.Errorf("container %d: %w", i+1, err)
		}
	}
	return nil
}

func same(dir string, s *model.Stage, c *release.Container) error {
	image, err := awsref.ParseImage(s.Image)
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(s.Image, "@")
	name = strings.TrimSuffix(name, ":"+image.Tag) + "@" + image.Digest
	switch {
	case s.MultiModel != nil || s.ArtifactPrefix != "" || s.ImageConfig != nil:
		return errors.New("it can be no release")
	case s.Hostname != c.Hostname:
		return fmt.Errorf("its hostname is %q, in the release %q", s.Hostname, c.Hostname)
	case image.Digest == "":
		return fmt.Errorf("its image %s has no digest, so it cannot be compared", s.Image)
	case name != c.Image:
		return fmt.Errorf("its image is %s, in the release %s", name, c.Image)
	case !maps.Equal(s.Environment, map[string]string(c.Environment)):
		return errors.New("its environment differs")
	default:
		return sameArchive(dir, s, c.Artifact)
	}
}

func sameArchive(dir string, s *model.Stage, a *release.Artifact) error {
	if a == nil {
		a = &release.Artifact{}
	}
	if s.ArtifactFile == "" {
		if s3uri.Normalize(s.Artifact) != s3uri.Normalize(a.URI) {
			return fmt.Errorf("its archive is %q, in the release %q", s.Artifact, a.URI)
		}
		return nil
	}
	sum, err := files.SHA256(filepath.Join(dir, filepath.FromSlash(s.ArtifactFile)))
	if err != nil {
		return fmt.Errorf("archive %w", err)
	}
	if sum != a.SHA256 {
		return fmt.Errorf("its archive %s has SHA-256 %s, that of the release %q", s.ArtifactFile, sum, a.SHA256)
	}
	return nil
}
