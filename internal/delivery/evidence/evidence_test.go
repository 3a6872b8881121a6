package evidence_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/endpoint"
	"sagehost/internal/delivery/evidence"
	"sagehost/internal/live/deployed"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
	"sagehost/stacks/settings"
)

const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring@sha256:" +
	"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

// cloud serves what it is told to.
type cloud struct {
	config        string
	disagreements []string
	asked         []deployed.Place
}

func (c *cloud) Check(_ context.Context, place deployed.Place, _ *release.Release) (*deployed.Report, error) {
	c.asked = append(c.asked, place)
	return &deployed.Report{Config: c.config, Disagreements: c.disagreements}, nil
}

func (c *cloud) CheckModel(context.Context, string, *release.Release) ([]string, error) {
	return c.disagreements, nil
}

// checkout has a release of each of these models; the settings have it served by an endpoint "both".
func checkout(t *testing.T, models ...string) (string, *settings.Settings, []string) {
	t.Helper()
	root := t.TempDir()
	s := &settings.Settings{Models: map[string]settings.Model{"inline": {}}}
	both := settings.Endpoint{Variants: []settings.Variant{variant("shared", "inline")}}
	var ids []string
	for _, model := range models {
		r, err := release.New(release.Subject{Containers: []release.Container{
			{Image: image, Environment: release.Environment{"MODEL": model}},
		}})
		require.NoError(t, err)
		r.Source = release.Source{Commit: strings.Repeat("c", 40), Builder: "a test"}
		_, err = r.Write(filepath.Join(root, "releases"), model)
		require.NoError(t, err)
		ids = append(ids, r.ID)
		s.Models[model] = settings.Model{Release: r.ID}
		both.Variants = append(both.Variants, variant(model+"-1", model), variant(model+"-2", model))
	}
	s.Endpoints = map[string]settings.Endpoint{"both": both}
	return root, s, ids
}

func variant(name, model string) settings.Variant {
	return settings.Variant{VariantSpec: endpoint.VariantSpec{Name: name}, Model: model}
}

func measured() *evidence.Measured {
	return &evidence.Measured{
		Gate: gates.GateSmoke, Result: release.Fail, Reasons: []string{"1 of 2 cases failed", "a\nb"},
		Measurements: map[string]float64{"cases": 2, "failedCases": 1}, Data: strings.Repeat("d", 64), Config: "both-1",
		Local: true,
		At:    time.Date(2026, 1, 1, 12, 0, 0, 5, time.UTC),
	}
}

func TestEvidenceIsWrittenOfEveryReleaseThatTheEndpointServes(t *testing.T) {
	t.Parallel()
	root, s, ids := checkout(t, "flowers", "petals")
	c := &cloud{config: "both-1"}
	recorder, err := evidence.Find(t.Context(), c, root, "dev", s, "both")
	require.NoError(t, err)
	assert.Equal(t, []string{`nothing is recorded of model "inline": stack "dev" does not name a release of it`},
		recorder.Unrecorded)
	written, err := recorder.Record(t.Context(), measured())
	require.NoError(t, err)
	assert.Equal(t, []string{
		release.Path(filepath.Join(root, "releases"), "flowers", ids[0]),
		release.Path(filepath.Join(root, "releases"), "petals", ids[1]),
	}, written)
	for i, model := range []string{"flowers", "petals"} {
		r, err := release.Load(filepath.Join(root, "releases"), model, ids[i])
		require.NoError(t, err)
		assert.Equal(t, []release.Evidence{{
			Gate: "smoke", Result: release.Fail, Subject: ids[i], Stack: "dev", Local: true,
			At:           time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC),
			Measurements: map[string]float64{"cases": 2, "failedCases": 1}, Data: strings.Repeat("d", 64),
			Detail: "endpoint both-dev; 1 of 2 cases failed; a b",
		}}, r.Evidence)
	}
	assert.Equal(t, deployed.Place{Endpoint: "both-dev", Variants: []string{"flowers-1", "flowers-2"}}, c.asked[0])
}

func TestNothingIsMeasuredOfAnEndpointThatServesSomethingElse(t *testing.T) {
	t.Parallel()
	root, s, _ := checkout(t, "flowers")
	_, err := evidence.Find(t.Context(), &cloud{disagreements: []string{"image a", "image b"}}, root, "dev", s, "both")
	assert.EqualError(t, err, `model "flowers": image a; image b`)
}

func TestNothingIsRecordedOfWhatServesNoMore(t *testing.T) {
	t.Parallel()
	root, s, ids := checkout(t, "flowers")
	c := &cloud{config: "both-1"}
	recorder, err := evidence.Find(t.Context(), c, root, "dev", s, "both")
	require.NoError(t, err)
	c.config = "both-2"
	_, err = recorder.Record(t.Context(), measured())
	require.EqualError(t, err,
		`model "flowers": both-1 was measured, and both-2 is there now; nothing is recorded`)
	c.disagreements = []string{"image a"}
	_, err = recorder.Record(t.Context(), measured())
	require.EqualError(t, err, `model "flowers": image a`)
	r, err := release.Load(filepath.Join(root, "releases"), "flowers", ids[0])
	require.NoError(t, err)
	assert.Empty(t, r.Evidence)
}

func TestEvidenceOfABatchIsOfTheModelThatItRuns(t *testing.T) {
	t.Parallel()
	root, s, ids := checkout(t, "flowers")
	c, runs := &cloud{}, "flowers-1"
	name := func(context.Context) (string, error) { return runs, nil }
	recorder, err := evidence.OfBatch(t.Context(), c, root, "dev", s, "flowers", name)
	require.NoError(t, err)
	m := measured()
	m.Config = "flowers-1"
	written, err := recorder.Record(t.Context(), m)
	require.NoError(t, err)
	assert.Equal(t, []string{release.Path(filepath.Join(root, "releases"), "flowers", ids[0])}, written)
	r, err := release.Load(filepath.Join(root, "releases"), "flowers", ids[0])
	require.NoError(t, err)
	require.Len(t, r.Evidence, 1)
	assert.Equal(t, "batch transform; 1 of 2 cases failed; a b", r.Evidence[0].Detail)

	runs = "flowers-2"
	_, err = recorder.Record(t.Context(), m)
	require.EqualError(t, err, `model "flowers": flowers-1 was measured, and flowers-2 is there now; nothing is recorded`)
	c.disagreements = []string{"image a"}
	_, err = evidence.OfBatch(t.Context(), c, root, "dev", s, "flowers", name)
	require.EqualError(t, err, `model "flowers": image a`)
}

func TestAnEditedManifestGetsNoEvidence(t *testing.T) {
	t.Parallel()
	root, s, ids := checkout(t, "flowers")
	path := release.Path(filepath.Join(root, "releases"), "flowers", ids[0])
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	edited := strings.Replace(string(text), "MODEL: flowers", "MODEL: roses", 1)
	require.NoError(t, os.WriteFile(path, []byte(edited), 0o600))
	_, err = evidence.Find(t.Context(), &cloud{}, root, "dev", s, "both")
	assert.ErrorContains(t, err, "subject.containers[0].environment.MODEL: was edited after the release was written")
}

func TestCommandsThatRecordAtTheSameTimeLoseNothing(t *testing.T) {
	t.Parallel()
	root, _, ids := checkout(t, "flowers")
	dir := filepath.Join(root, "releases")
	var commands sync.WaitGroup
	for range 16 {
		commands.Go(func() {
			assert.NoError(t, evidence.Append(t.Context(), dir, "flowers", release.Evidence{
				Gate: "smoke", Result: release.Pass, Subject: ids[0], Stack: "dev", At: time.Now(),
			}))
		})
	}
	commands.Wait()
	r, err := release.Load(dir, "flowers", ids[0])
	require.NoError(t, err)
	assert.Len(t, r.Evidence, 16)
}
