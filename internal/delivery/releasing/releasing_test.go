package releasing_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/endpoint"
	"sagehost/components/model"
	"sagehost/internal/delivery/releasing"
	"sagehost/internal/live/deployed/deployedtest"
	"sagehost/internal/release"
	"sagehost/stacks/settings"
)

const (
	host    = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/"
	weights = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" // SHA-256 of "test"
)

var (
	digestA = "sha256:" + strings.Repeat("a", 64)
	digestB = "sha256:" + strings.Repeat("b", 64)
)

// registry answers with the digests of images by "region account repository:tag".
type registry map[string]string

func (r registry) DescribeImages(
	_ context.Context, in *ecr.DescribeImagesInput, options ...func(*ecr.Options),
) (*ecr.DescribeImagesOutput, error) {
	var o ecr.Options
	for _, option := range options {
		option(&o)
	}
	switch key := o.Region + " " + *in.RegistryId + " " + *in.RepositoryName + ":" + *in.ImageIds[0].ImageTag; {
	case *in.RepositoryName == "none":
		return nil, &types.RepositoryNotFoundException{}
	case *in.RepositoryName == "closed":
		return nil, errors.New("access denied")
	case r[key] == "":
		return nil, &types.ImageNotFoundException{}
	default:
		return &ecr.DescribeImagesOutput{ImageDetails: []types.ImageDetail{{ImageDigest: aws.String(r[key])}}}, nil
	}
}

func noBucket(context.Context) (string, error) { return "", errors.New("there is no bucket") }

// options are those of a release of the model "flowers": an image by tag and a file.
func options(t *testing.T, change func(*settings.Model)) (releasing.Options, *deployedtest.Cloud) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "model.tar.gz"), []byte("test"), 0o600))
	m := settings.Model{Spec: model.Spec{Container: model.Container{
		Image: host + "scoring:1.0.0", ArtifactFile: "model.tar.gz", Environment: map[string]string{"LOG_LEVEL": "debug"},
	}}}
	if change != nil {
		change(&m)
	}
	cloud := deployedtest.New()
	return releasing.Options{
		Dir: dir, Stack: "dev", Model: "flowers", Bucket: func(context.Context) (string, error) { return "models", nil },
		Settings: &settings.Settings{
			Models: map[string]settings.Model{"flowers": m},
			Endpoints: map[string]settings.Endpoint{"flowers": {Variants: []settings.Variant{
				{VariantSpec: endpoint.VariantSpec{Name: "main"}, Model: "flowers"},
			}}},
		},
		Source:   release.Source{Commit: strings.Repeat("c", 40), Builder: "a test"},
		Registry: registry{"eu-west-1 123456789012 scoring:1.0.0": digestA}, Objects: cloud,
	}, cloud
}

func TestAReleaseIsWhatTheSettingsSayByDigest(t *testing.T) {
	t.Parallel()
	o, cloud := options(t, nil)
	built, err := releasing.Build(t.Context(), o)
	require.NoError(t, err)
	const uri = "s3://models/releases/flowers/" + weights + "/model.tar.gz"
	assert.Equal(t, release.Subject{Containers: []release.Container{{
		Image: host + "scoring@" + digestA, Artifact: &release.Artifact{URI: uri, SHA256: weights, Size: 4},
		Environment: release.Environment{"LOG_LEVEL": "debug"},
	}}}, built.Release.Subject)
	assert.Equal(t, []string{uri}, built.Uploads)
	assert.False(t, built.There)
	assert.Empty(t, built.Release.Supersedes)
	assert.Equal(t, map[string][]byte{uri: []byte("test")}, cloud.Objects)
	assert.Equal(t, filepath.Join(o.Dir, "releases", "flowers", built.Release.ID[:12]+".yaml"), built.Path)
	written, err := release.Load(filepath.Join(o.Dir, "releases"), "flowers", built.Release.ID)
	require.NoError(t, err)
	assert.Equal(t, o.Source, written.Source)
}

func TestTheSameSubjectIsTheSameRelease(t *testing.T) {
	t.Parallel()
	o, _ := options(t, nil)
	first, err := releasing.Build(t.Context(), o)
	require.NoError(t, err)
	o.Source.Builder = "somebody else"
	again, err := releasing.Build(t.Context(), o)
	require.NoError(t, err)
	assert.True(t, again.There)
	assert.Empty(t, again.Uploads)
	assert.Equal(t, first.Path, again.Path)
	assert.Equal(t, "a test", again.Release.Source.Builder)
}

func TestAReleaseSupersedesTheOneThatTheStackNames(t *testing.T) {
	t.Parallel()
	before := strings.Repeat("1", 64)
	o, _ := options(t, func(m *settings.Model) { m.Release = before })
	o.Images = map[string]string{"": host + "scoring@" + digestB}
	built, err := releasing.Build(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, before, built.Release.Supersedes)
	assert.Equal(t, host+"scoring@"+digestB, built.Release.Subject.Containers[0].Image)
}

func TestAPipelinesContainersAreReleasedTogether(t *testing.T) {
	t.Parallel()
	o, cloud := options(t, func(m *settings.Model) {
		m.Spec = model.Spec{Containers: []model.Stage{
			{Hostname: "preprocess", Container: model.Container{Image: host + "preprocess@" + digestB}},
			{Hostname: "scoring", Container: model.Container{Image: host + "scoring:1.0.0", ArtifactFile: "missing.tar.gz"}},
		}}
	})
	cloud.Artifact("s3://elsewhere/scoring.tar.gz", "test")
	o.Artifacts = map[string]string{"scoring": "https://elsewhere.s3.eu-west-1.amazonaws.com/scoring.tar.gz"}
	built, err := releasing.Build(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, []release.Container{
		{Hostname: "preprocess", Image: host + "preprocess@" + digestB},
		{Hostname: "scoring", Image: host + "scoring@" + digestA, Artifact: &release.Artifact{
			URI: "s3://elsewhere/scoring.tar.gz", SHA256: weights, Size: 4,
		}},
	}, built.Release.Subject.Containers)
	described := o.Settings.Models["flowers"]
	assert.Equal(t, "missing.tar.gz", described.Containers[1].ArtifactFile, "the settings stay as they are")
}

func TestWhereNothingIsUploadedNoBucketIsLookedFor(t *testing.T) {
	t.Parallel()
	for name, artifact := range map[string]string{"an archive in Amazon S3": "s3://elsewhere/model.tar.gz", "none": ""} {
		o, cloud := options(t, func(m *settings.Model) { m.Artifact, m.ArtifactFile = artifact, "" })
		cloud.Artifact("s3://elsewhere/model.tar.gz", "test")
		o.Bucket = noBucket
		built, err := releasing.Build(t.Context(), o)
		require.NoError(t, err, name)
		assert.Empty(t, built.Uploads, name)
	}
}

func TestATagBesideADigestIsDropped(t *testing.T) {
	t.Parallel()
	o, _ := options(t, func(m *settings.Model) { m.Image = host + "scoring:1.0.0@" + digestB })
	built, err := releasing.Build(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, host+"scoring@"+digestB, built.Release.Subject.Containers[0].Image)
}

func TestWhatCannotBeAReleaseIsRefusedAndNothingUploaded(t *testing.T) {
	t.Parallel()
	const tag = host + "scoring:1.0.0"
	for _, test := range []struct {
		name   string
		change func(*settings.Model)
		adapt  func(*releasing.Options)
		want   string
	}{
		{
			"an unknown model", nil, func(o *releasing.Options) { o.Model = "flower" },
			`stack dev has no such model; did you mean "flowers"?`,
		},
		{
			"many models", func(m *settings.Model) { m.MultiModel = &model.MultiModel{} }, nil,
			"it serves many models, which come and go without a deployment and are no releases",
		},
		{
			"a package", func(m *settings.Model) { m.PackageARN = "arn" }, nil,
			"it is a package of the model registry, which is a release of its own",
		},
		{
			"a prefix", func(m *settings.Model) { m.ArtifactPrefix = "s3://b/p/" }, nil,
			"its artifact is a prefix, s3://b/p/, whose content has no hash; give an archive",
		},
		{
			"a private registry", func(m *settings.Model) { m.ImageConfig = &model.ImageConfig{} }, nil,
			"its image is not in Amazon ECR, and a release cannot say how to reach it",
		},
		{
			"an image for a container that is not there", nil,
			func(o *releasing.Options) { o.Images = map[string]string{"scoring": "x"} },
			`it has no container "scoring"`,
		},
		{
			"an image elsewhere", func(m *settings.Model) { m.Image = "nginx:1" }, nil,
			`"nginx:1" is not an image in Amazon ECR; expected one like ` +
				`"123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:…"`,
		},
		{
			"no tag", func(m *settings.Model) { m.Image = host + "scoring" }, nil,
			"image " + host + "scoring: it has neither a tag nor a digest",
		},
		{
			"a tag that is not there", func(m *settings.Model) { m.Image = host + "scoring:2" }, nil,
			"image " + host + `scoring:2: the repository has no tag "2"; push the image, or give it by its digest`,
		},
		{
			"a repository that is not there", func(m *settings.Model) { m.Image = host + "none:2" }, nil,
			"image " + host + `none:2: account 123456789012 has no repository "none" in eu-west-1; push the image, or give it ` +
				"by its digest",
		},
		{
			"a registry that refuses", func(m *settings.Model) { m.Image = host + "closed:2" }, nil,
			"image " + host + "closed:2: access denied",
		},
		{
			"a file without a bucket", nil, func(o *releasing.Options) { o.Bucket = noBucket },
			"there is no bucket",
		},
		{
			"a file that is not there", func(m *settings.Model) { m.ArtifactFile = "no.tar.gz" }, nil,
			"archive open DIR/no.tar.gz: no such file or directory",
		},
		{
			"an archive that is not there", nil,
			func(o *releasing.Options) { o.Artifacts = map[string]string{"": "s3://b/k"} }, "s3://b/k: file does not exist",
		},
		{
			"a tag that has moved", nil, func(o *releasing.Options) {
				cloud := deployedtest.New()
				e := cloud.Serve("flowers-dev", &release.Release{Subject: release.Subject{
					Containers: []release.Container{{Image: tag}},
				}})
				e.Images[tag] = host + "scoring@" + digestB
				o.Deployed = cloud.Deployed()
			},
			"the tag of " + tag + " has moved: it names " + host + "scoring@" + digestA + " in the registry, endpoint " +
				"flowers-dev serves " + host + "scoring@" + digestB + ", which it named at 2026-11-20T12:00:00Z; deploy the " +
				"stack again and measure that, or give the image by its digest",
		},
		{
			"no source", nil, func(o *releasing.Options) { o.Source.Commit = "" },
			"source.commit: is required",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o, cloud := options(t, test.change)
			if test.adapt != nil {
				test.adapt(&o)
			}
			_, err := releasing.Build(t.Context(), o)
			want := `release of model "` + o.Model + `": ` + strings.ReplaceAll(test.want, "DIR", o.Dir)
			require.EqualError(t, err, want)
			assert.Empty(t, cloud.Objects)
			assert.NoDirExists(t, filepath.Join(o.Dir, "releases"))
		})
	}
}

func TestAnArchiveThatIsThereIsVerifiedAndNeverOverwritten(t *testing.T) {
	t.Parallel()
	const uri = "s3://models/releases/flowers/" + weights + "/model.tar.gz"
	o, cloud := options(t, nil)
	cloud.Objects[uri] = []byte("something else")
	_, err := releasing.Build(t.Context(), o)
	require.ErrorContains(t, err, uri+" is there and has SHA-256 ")
	require.ErrorContains(t, err, ", the file "+filepath.Join(o.Dir, "model.tar.gz")+" has "+weights)
	assert.Equal(t, "something else", string(cloud.Objects[uri]))
	assert.NoDirExists(t, filepath.Join(o.Dir, "releases"))
}

func TestATagThatStillNamesWhatIsServedIsReleased(t *testing.T) {
	t.Parallel()
	o, _ := options(t, nil)
	cloud := deployedtest.New()
	o.Deployed = cloud.Deployed()
	_, err := releasing.Build(t.Context(), o)
	require.NoError(t, err, "an endpoint that is not there serves nothing else")
	const tag = host + "scoring:1.0.0"
	byTag := release.Subject{Containers: []release.Container{{Image: tag}}}
	e := cloud.Serve("flowers-dev", &release.Release{Subject: byTag})
	e.Images[tag] = host + "scoring@" + digestA
	_, err = releasing.Build(t.Context(), o)
	assert.NoError(t, err)
}
