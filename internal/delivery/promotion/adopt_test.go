package promotion_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/promotion"
)

func TestAStackThatPromotesBeginsItsRecordWithWhatItServes(t *testing.T) {
	t.Parallel()
	archive := "\n      artifact: s3://models/releases/flowers/a/model.tar.gz"
	url := "\n      artifact: https://models.s3.eu-west-1.amazonaws.com/releases/flowers/a/model.tar.gz"
	digest := host + strings.Repeat("a", 64)
	for name, model := range map[string]string{
		"a description by URI":  "image: " + digest + archive,
		"a description by URL":  "image: " + digest + url,
		"a description by file": "image: " + digest + "\n      artifactFile: model.tar.gz",
		"the release itself":    "release: RELEASE",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.write("model.tar.gz", "weights a")
			w.prod(strings.Replace(model, "RELEASE", w.a.ID, 1))
			// A stack that demands pinned archives takes none by URI.
			w.write("Pulumi.prod.yaml", strings.Replace(w.read("Pulumi.prod.yaml"), "pinned: true", "pinned: false", 1))
			result, err := promotion.Use(t.Context(), w.change(0), w.a.ID[:12])
			require.NoError(t, err)
			assert.Equal(t, promotion.Entry{Release: w.a.ID, At: noon, By: "Jo Doe <jo@example.com>"}, result.Entry)
			assert.Equal(t, "was there before", result.Entry.What())
			w.measured(w.a, evidence(w.a, 0.97)...)
			w.promoted(w.b, time.Minute)
			back, err := w.rollback(time.Hour)
			require.NoError(t, err)
			assert.Equal(t, w.a.ID, back.Entry.Release, "a rollback leads back to it")
		})
	}
}

func TestWhatAStackThatPromotesDoesNotServeIsPromotedToIt(t *testing.T) {
	t.Parallel()
	const archive = "\n      artifact: s3://models/releases/flowers/a/model.tar.gz"
	const differs = "Pulumi.prod.yaml takes releases from stack dev, and release A.SHORT is not what it describes: "
	digest := host + strings.Repeat("a", 64)
	tag := strings.Replace(host, "@sha256:", ":1", 1)
	for _, test := range []struct{ name, model, want string }{
		{"another image", inline + archive, differs + "container 1: its image is " + host + heldOut +
			", in the release " + digest},
		{"no archive", "image: " + digest, differs +
			`container 1: its archive is "", in the release "s3://models/releases/flowers/a/model.tar.gz"`},
		{"another archive", "image: " + digest + "\n      artifactFile: model.tar.gz", differs + "container 1: its archive " +
			"model.tar.gz has SHA-256 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881, that of the release " +
			`"SHA"`},
		{"another environment", "image: " + digest + archive + "\n      environment: {A: b}", differs +
			"container 1: its environment differs"},
		{"two containers", "containers:\n        - {hostname: a, image: '" + digest + "'}\n        - {hostname: b, image: '" +
			digest + "'}", differs + "that has 2 containers, the release 1"},
		{"another release", "release: B.ID", "Pulumi.prod.yaml takes releases from stack dev: promote it"},
		{"an image by tag", "image: " + tag + archive, differs + "container 1: its image " + tag +
			" has no digest, so it cannot be compared"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.write("model.tar.gz", "x")
			w.prod(w.ids(test.model))
			w.write("Pulumi.prod.yaml", strings.Replace(w.read("Pulumi.prod.yaml"), "pinned: true", "pinned: false", 1))
			_, err := promotion.Use(t.Context(), w.change(0), w.a.ID)
			want := strings.Replace(w.ids(test.want), "SHA\"", w.a.Subject.Containers[0].Artifact.SHA256+"\"", 1)
			require.EqualError(t, err, "model flowers, stack prod: "+want)
			assert.NoFileExists(t, filepath.Join(w.dir, record))
		})
	}
	w := newWorld(t)
	w.promoted(w.a, 0)
	_, err := promotion.Use(t.Context(), w.change(time.Hour), w.a.ID)
	assert.EqualError(t, err, "model flowers, stack prod: Pulumi.prod.yaml takes releases from stack dev: promote it")
}
