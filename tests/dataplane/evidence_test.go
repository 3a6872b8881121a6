package dataplane_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/endpoint"
	"sagehost/internal/delivery/evidence"
	"sagehost/internal/live/deployed"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
	"sagehost/stacks/settings"
)

func TestEvidenceIsAboutTheReleaseThatIsServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pinned := "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring@sha256:" + strings.Repeat("a", 64)
	uri := w.uploadExample("flowers/model.tar.gz")
	container := scoring(uri)
	container.Image = &pinned
	w.serve("flowers-dev", container)
	releases := filepath.Join(w.dir, "releases")
	stack := func(image string) *settings.Settings {
		r, err := release.New(release.Subject{Containers: []release.Container{{
			Image: image, Artifact: &release.Artifact{URI: uri, SHA256: strings.Repeat("b", 64), Size: 1},
		}}})
		require.NoError(t, err)
		r.Source = release.Source{Commit: strings.Repeat("c", 40), Builder: "a test"}
		_, err = r.Write(releases, "flowers")
		require.NoError(t, err)
		return &settings.Settings{
			Models: map[string]settings.Model{"flowers": {Release: r.ID}},
			Endpoints: map[string]settings.Endpoint{"flowers": {Variants: []settings.Variant{
				{VariantSpec: endpoint.VariantSpec{Name: "main"}, Model: "flowers"},
			}}},
		}
	}
	cloud := &deployed.Cloud{SageMaker: w.sagemaker, S3: w.s3}
	served := stack(pinned)
	recorder, err := evidence.Find(t.Context(), cloud, w.dir, "dev", served, "flowers")
	require.NoError(t, err)
	report := w.smoked("flowers-dev", "flowers")
	verdict := (&gates.Smoke{}).Judge(report.Measurements())
	_, err = recorder.Record(t.Context(), &evidence.Measured{
		Gate: gates.GateSmoke, Result: verdict.Result, Measurements: report.Measurements(), At: time.Now(),
		Config: aws.ToString(w.describe("flowers-dev").EndpointConfigName),
	})
	require.NoError(t, err)
	written, err := release.Load(releases, "flowers", served.Models["flowers"].Release)
	require.NoError(t, err)
	require.Len(t, written.Evidence, 1)
	assert.Equal(t, release.Pass, written.Evidence[0].Result)
	assert.Equal(t, 52.0, written.Evidence[0].Measurements["requests"])

	other := strings.Repeat("d", 64)
	unserved := stack(strings.Replace(pinned, strings.Repeat("a", 64), other, 1))
	_, err = evidence.Find(t.Context(), cloud, w.dir, "dev", unserved, "flowers")
	require.ErrorContains(t, err, pinned)
	assert.ErrorContains(t, err, other)
}
