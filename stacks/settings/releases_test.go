package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/components/model"
	"sagehost/internal/release"
)

// releasedModel is a container that a manifest can hold.
func releasedModel() release.Container {
	return release.Container{
		Image:       repository + "@" + digest,
		Artifact:    &release.Artifact{URI: "s3://models/flowers/1/model.tar.gz", SHA256: strings.Repeat("0", 64), Size: 7},
		Environment: release.Environment{"LOG_LEVEL": "debug"},
	}
}

// released writes the manifest of a release of the model "flowers" to a folder of its own. It returns the folder, the
// manifest's path and the release's id.
func released(t *testing.T, containers ...release.Container) (dir, path, id string) {
	t.Helper()
	r, err := release.New(release.Subject{Containers: containers})
	require.NoError(t, err)
	r.Source = release.Source{Commit: strings.Repeat("a", 40), Builder: "a test"}
	dir = t.TempDir()
	path, err = r.Write(filepath.Join(dir, "releases"), "flowers")
	require.NoError(t, err)
	return dir, path, r.ID
}

// ofRelease makes the model a release.
func ofRelease(id, members string) change {
	return change{"models.flowers": "{release: '" + id + "'" + members + "}"}
}

func TestAReleaseSaysWhatTheContainerIs(t *testing.T) {
	t.Parallel()
	dir, _, id := released(t, releasedModel())
	source := configured(t, ofRelease(id, ", networkIsolation: false"))
	source.Dir = dir
	s, err := Parse(source)
	require.NoError(t, err)
	open := false
	assert.Equal(t, Model{
		Spec: model.Spec{
			Container: model.Container{
				Image: repository + "@" + digest, Artifact: "s3://models/flowers/1/model.tar.gz",
				Environment: map[string]string{"LOG_LEVEL": "debug"},
			},
			NetworkIsolation: &open,
		},
		Release: id,
	}, s.Models["flowers"])
}

func TestAReleaseOfSeveralContainersIsAPipeline(t *testing.T) {
	t.Parallel()
	first, second := releasedModel(), releasedModel()
	first.Hostname, first.Artifact = "preprocess", nil
	second.Hostname, second.Environment = "scoring", nil
	dir, _, id := released(t, first, second)
	set := ofRelease(id, ", direct: true")
	set["endpoints.flowers.alarms.containerLatency"] = "300ms"
	source := configured(t, set)
	source.Dir = dir
	s, err := Parse(source)
	require.NoError(t, err)
	image := repository + "@" + digest
	m, e := s.Models["flowers"], s.Endpoints["flowers"]
	assert.Equal(t, []model.Stage{
		{
			Hostname:  "preprocess",
			Container: model.Container{Image: image, Environment: map[string]string{"LOG_LEVEL": "debug"}},
		},
		{Hostname: "scoring", Container: model.Container{Image: image, Artifact: "s3://models/flowers/1/model.tar.gz"}},
	}, m.Containers)
	assert.True(t, m.Direct)
	assert.Equal(t, []string{"preprocess", "scoring"}, e.Watched(s.Models)[0].Containers)
}

// The manifest holds the environment, and the stack says of what in it that it is no secret.
func TestWhatInAReleaseIsNoSecretIsDeclaredBesideIt(t *testing.T) {
	t.Parallel()
	container := releasedModel()
	container.Environment = release.Environment{"SORT_TOKEN": "by-name"}
	dir, _, id := released(t, container)
	source := configured(t, ofRelease(id, ", notSecret: [SORT_TOKEN]"))
	source.Dir = dir
	_, err := Parse(source)
	require.NoError(t, err)
	source = configured(t, ofRelease(id, ""))
	source.Dir = dir
	_, err = Parse(source)
	assert.Equal(t, []string{"sagehost:models.flowers.environment.SORT_TOKEN: " + looksSecret +
		`its name ends in "TOKEN"` + whatToDo}, lines(t, err))
}

func TestReleasesThatCannotBeDeployedAreRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:models.flowers."
	dir, path, id := released(t, releasedModel())
	unknown := strings.Repeat("b", 64)
	for name, members := range map[string]string{
		"an image":      ", image: '" + repository + ":1'",
		"an archive":    ", artifact: s3://models/model.tar.gz",
		"a file":        ", artifactFile: model.tar.gz",
		"variables":     ", environment: {LOG_LEVEL: debug}",
		"containers":    ", containers: [{image: '" + repository + ":1'}]",
		"many models":   ", multiModel: {}",
		"a package":     ", packageArn: 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/flowers/1'",
		"image config":  ", imageConfig: {repositoryAccessMode: Platform}",
		"a prefix":      ", artifactPrefix: s3://models/flowers/",
		"package image": ", packageImages: ['" + repository + ":1']",
	} {
		refuse(t, []row{{
			name: "beside " + name, dir: dir, set: ofRelease(id, members),
			want: []string{at + "release: contradicts the keys that describe containers; give either"},
		}})
	}
	refuse(t, []row{
		{
			name: "that nobody made", dir: dir, set: ofRelease(unknown, ""),
			want: []string{at + "release: release " + unknown + ` of model "flowers": there is no ` +
				filepath.Join(filepath.Dir(path), unknown[:12]+".yaml")},
		},
		{
			name: "of another model", dir: dir,
			set: change{"models.other": "{release: '" + id + "'}"},
			want: []string{"sagehost:models.other.release: release " + id + ` of model "other": there is no ` +
				filepath.Join(dir, "releases", "other", id[:12]+".yaml")},
		},
		{
			name: "by a part of its id", dir: dir, set: ofRelease(id[:12], ""),
			want: []string{at + `release: release: "` + id[:12] + `" is not a hash of 64 lower-case hexadecimal digits`},
		},
		{
			name: "that wants a pipeline of one", dir: dir, set: ofRelease(id, ", direct: true"),
			want: []string{at + "direct: is for a pipeline; a model without containers has none"},
		},
	})
}

func TestWhatAReleaseHoldsIsCheckedLikeWhatIsWrittenHere(t *testing.T) {
	t.Parallel()
	container := releasedModel()
	container.Image = "nginx@" + digest
	container.Environment = release.Environment{"HF_TOKEN": plainSecret}
	dir, _, id := released(t, container)
	refuse(t, []row{{
		name: "of a foreign image", dir: dir, set: ofRelease(id, ""),
		want: []string{
			"sagehost:models.flowers.environment.HF_TOKEN: " + looksSecret + `its name ends in "TOKEN"` + whatToDo,
			`sagehost:models.flowers.image: "nginx@` + digest + `" is not an image in Amazon ECR; expected one like ` +
				`"123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:…"`,
		},
	}})
}

func TestAnEditedReleaseIsRefusedByTheFieldThatWasEdited(t *testing.T) {
	t.Parallel()
	const edited = " was edited after the release was written"
	for _, r := range []struct {
		name, from, to string
		want           []string
	}{
		{
			"a variable", "debug", "trace",
			[]string{"subject.containers[0].environment.LOG_LEVEL:" + edited},
		},
		{"the archive", "flowers/1/", "flowers/2/", []string{"subject.containers[0].artifact.uri:" + edited}},
		{"the builder", "a test", "another", []string{"source.builder:" + edited}},
		{
			"a field that is none", "subject:\n", "subject:\n  image: x\n",
			[]string{`subject.image: is an unknown key`},
		},
	} {
		dir, path, id := released(t, releasedModel())
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, 1, strings.Count(string(text), r.from), r.name)
		require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(text), r.from, r.to, 1)), 0o600))
		want := make([]string, len(r.want))
		for i := range want {
			want[i] = "sagehost:models.flowers.release: " + r.want[i]
		}
		refuse(t, []row{{name: r.name, dir: dir, set: ofRelease(id, ""), want: want}})
	}
}

func TestAReleaseIsDeployedAsItWasWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		var containers []release.Container
		var want []model.Stage
		named := rapid.Bool().Draw(t, "named")
		for i := range rapid.IntRange(1, 15).Draw(t, "containers") {
			image := fmt.Sprintf("%s-%d@%s", repository, i, digest)
			c, stage := release.Container{Image: image}, model.Stage{Container: model.Container{Image: image}}
			if rapid.Bool().Draw(t, "artifact") {
				uri := fmt.Sprintf("s3://models/%s/model.tar.gz", names.Draw(t, "folder"))
				c.Artifact = &release.Artifact{URI: uri, SHA256: strings.Repeat("0", 64), Size: 1}
				stage.Artifact = uri
			}
			if rapid.Bool().Draw(t, "environment") {
				value := rapid.StringMatching(`[ -~]{0,20}`).Draw(t, "value")
				c.Environment, stage.Environment = release.Environment{"GREETING": value}, map[string]string{"GREETING": value}
			}
			if named {
				c.Hostname, stage.Hostname = fmt.Sprintf("c%d", i), fmt.Sprintf("c%d", i)
			}
			containers, want = append(containers, c), append(want, stage)
		}
		if len(want) == 1 {
			want[0].Hostname = ""
		}
		r, err := release.New(release.Subject{Containers: containers})
		require.NoError(t, err)
		r.Source = release.Source{Commit: strings.Repeat("a", 40), Builder: "a test"}
		if _, err := r.Write(filepath.Join(dir, "releases"), "flowers"); !errors.Is(err, fs.ErrExist) {
			require.NoError(t, err)
		}
		source := configured(t, ofRelease(r.ID, ""))
		source.Dir = dir
		s, err := Parse(source)
		require.NoError(t, err)
		m := s.Models["flowers"]
		require.Equal(t, want, m.Stages())
	})
}
