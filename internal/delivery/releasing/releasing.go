// Package releasing makes a release of a model out of what a stack's settings say: images by digest, archives by their
// content, in a place where nothing is ever overwritten.
package releasing

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"sagehost/components/model"
	"sagehost/internal/live/deployed"
	"sagehost/internal/live/objecthash"
	"sagehost/internal/release"
	"sagehost/kit/check"
	"sagehost/stacks/settings"
)

// Registry is what of Amazon ECR it takes.
type Registry interface {
	DescribeImages(context.Context, *ecr.DescribeImagesInput, ...func(*ecr.Options)) (*ecr.DescribeImagesOutput, error)
}

// Objects is what of Amazon S3 it takes.
type Objects interface {
	objecthash.Reader
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// Options say what becomes a release.
type Options struct {
	// Dir is the folder of Pulumi.yaml; manifests go to releases/ in it.
	Dir string
	// Stack is the stack whose settings describe the model, and Settings are those, checked.
	Stack    string
	Settings *settings.Settings
	// Model is the model's name.
	Model string
	// Images and Artifacts replace what the settings say: by the container's hostname in a pipeline, under "" otherwise.
	// An artifact is an s3:// URI or a file.
	Images, Artifacts map[string]string
	// Bucket finds the bucket that files are uploaded to. It is asked only where there are files. Required.
	Bucket func(context.Context) (string, error)
	// Source is what the release was made from.
	Source release.Source
	// Registry and Objects are where the images and the archives are.
	Registry Registry
	Objects  Objects
	// Deployed is where the stack is, if it is to be asked whether a tag has moved since it was deployed; nil otherwise.
	Deployed *deployed.Cloud
}

// Built is a release that has a manifest.
type Built struct {
	Release *release.Release
	// Path is the manifest's.
	Path string
	// There says that the manifest was there before: the same subject is the same release.
	There bool
	// Uploads are the s3:// URIs of archives that were not there before.
	Uploads []string
}

// Build makes a release and writes its manifest.
func Build(ctx context.Context, o Options) (*Built, error) {
	built, err := o.build(ctx)
	if err != nil {
		return nil, fmt.Errorf("release of model %q: %w", o.Model, err)
	}
	return built, nil
}

func (o *Options) build(ctx context.Context) (*Built, error) {
	m, known := o.Settings.Models[o.Model]
	if !known {
		return nil, fmt.Errorf("stack %s has no such model%s", o.Stack, check.DidYouMean(o.Model, names(o.Settings.Models)))
	}
	at := check.New("")
	o.Source.Check(at.Key("source"))
	if err := at.Err(); err != nil {
		return nil, err
	}
	stages, err := o.stages(&m.Spec)
	if err != nil {
		return nil, err
	}
	subject, uploads := release.Subject{}, []string(nil)
	// Images first: nothing is uploaded for a release that cannot be.
	for i := range stages {
		image, err := o.resolve(ctx, stages[i].Image)
		if err != nil {
			return nil, err
		}
		subject.Containers = append(subject.Containers, release.Container{
			Hostname: stages[i].Hostname, Image: image, Environment: stages[i].Environment,
		})
	}
	if err := o.checkMoved(ctx, stages, subject.Containers); err != nil {
		return nil, err
	}
	bucket := ""
	if slices.ContainsFunc(stages, isFile) {
		if bucket, err = o.Bucket(ctx); err != nil {
			return nil, err
		}
	}
	for i := range stages {
		artifact, uploaded, err := o.artifact(ctx, bucket, &stages[i])
		if err != nil {
			return nil, err
		}
		if uploaded {
			uploads = append(uploads, artifact.URI)
		}
		subject.Containers[i].Artifact = artifact
	}
	built, err := o.write(subject, m.Release)
	if err != nil {
		return nil, err
	}
	built.Uploads = uploads
	return built, nil
}

// stages are the model's containers with what replaces parts of them.
func (o *Options) stages(spec *model.Spec) ([]model.Stage, error) {
	if spec.PackageARN != "" {
		return nil, errors.New("it is a package of the model registry, which is a release of its own")
	}
	stages := slices.Clone(spec.Stages())
	known := map[string]bool{}
	for i := range stages {
		s := &stages[i]
		key := s.Hostname
		known[key] = true
		switch {
		case s.MultiModel != nil:
			return nil, errors.New("it serves many models, which come and go without a deployment and are no releases")
		case s.ArtifactPrefix != "":
			return nil, fmt.Errorf("its artifact is a prefix, %s, whose content has no hash; give an archive", s.ArtifactPrefix)
		case s.ImageConfig != nil:
			return nil, errors.New("its image is not in Amazon ECR, and a release cannot say how to reach it")
		}
		if image := o.Images[key]; image != "" {
			s.Image = image
		}
		if artifact := o.Artifacts[key]; artifact != "" {
			s.Artifact, s.ArtifactFile = artifact, ""
		}
	}
	for _, given := range []map[string]string{o.Images, o.Artifacts} {
		for key := range given {
			if !known[key] {
				return nil, fmt.Errorf("it has no container %q%s", key, check.DidYouMean(key, names(known)))
			}
		}
	}
	return stages, nil
}

// write writes the manifest, unless it is there.
func (o *Options) write(subject release.Subject, before string) (*Built, error) {
	r, err := release.New(subject)
	if err != nil {
		return nil, err
	}
	r.Source = o.Source
	if before != r.ID {
		r.Supersedes = before
	}
	dir := filepath.Join(o.Dir, "releases")
	path, err := r.Write(dir, o.Model)
	if errors.Is(err, fs.ErrExist) {
		found, err := release.Load(dir, o.Model, r.ID)
		return &Built{Release: found, Path: release.Path(dir, o.Model, r.ID), There: true}, err
	}
	return &Built{Release: r, Path: path}, err
}
