package engine_test

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/evidence"
	"sagehost/internal/live/cloudclock"
	"sagehost/internal/live/deployed"
	"sagehost/internal/live/inservice"
	"sagehost/internal/measure/bake"
	"sagehost/internal/measure/batchrun"
	"sagehost/internal/measure/evaluation"
	"sagehost/internal/measure/smoke"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
)

// measure gathers the evidence of what dev serves that prod demands.
func (j *journey) measure(t *testing.T) {
	t.Helper()
	stop := j.busy(t, "flowers-dev", testFlower)
	j.smoke(t)
	j.evaluate(t)
	j.bake(t)
	stop()
}

// recorder writes evidence of dev's endpoint.
func (j *journey) recorder(t *testing.T) *evidence.Recorder {
	t.Helper()
	recorder, err := evidence.Find(t.Context(), j.serving, j.checkout, "dev", j.settings(t, "dev"), "flowers")
	require.NoError(t, err)
	return recorder
}

func record(t *testing.T, recorder *evidence.Recorder, m *evidence.Measured) {
	t.Helper()
	m.At = time.Now()
	written, err := recorder.Record(t.Context(), m)
	require.NoError(t, err)
	require.Len(t, written, 1)
}

func (j *journey) smoke(t *testing.T) {
	t.Helper()
	file, err := smoke.Load(j.checkout, "flowers")
	require.NoError(t, err)
	endpoint, err := inservice.Describe(t.Context(), j.clients.sagemaker, "flowers-dev")
	require.NoError(t, err)
	recorder := j.recorder(t)
	test := smoke.Test{File: file, Endpoint: endpoint, Runtime: j.runtime}
	report, err := test.Run(t.Context())
	require.NoError(t, err)
	verdict := j.settings(t, "prod").Promotion.Gates["flowers"].Smoke.Judge(report.Measurements())
	record(t, recorder, &evidence.Measured{
		Gate: gates.GateSmoke, Result: verdict.Result, Reasons: verdict.Reasons, Measurements: report.Measurements(),
		Data: file.Digest, Config: endpoint.Config,
	})
}

// evaluate has dev's batch predict the held-out set, and holds it against what prod demands.
func (j *journey) evaluate(t *testing.T) {
	t.Helper()
	dev := j.settings(t, "dev")
	batch, err := batchrun.Find(t.Context(), batchrun.NewClients(j.config), "dev", "flowers")
	require.NoError(t, err)
	name := func(ctx context.Context) (string, error) {
		job, err := batch.Job(ctx)
		if err != nil {
			return "", err
		}
		return job.ModelName, nil
	}
	running, err := name(t.Context())
	require.NoError(t, err)
	recorder, err := evidence.OfBatch(t.Context(), j.serving, j.checkout, "dev", dev, "flowers", name)
	require.NoError(t, err)
	result, err := evaluation.Run(t.Context(), evaluation.Request{
		Batch: batch, Objects: j.clients.s3, Label: "species",
		Data: filepath.Join(root, "examples", "flowers", "data", "held-out.csv"),
	})
	require.NoError(t, err)
	limits, production := j.limits(t)
	judged := limits.Judge(result.Measured(), gates.Baseline(production, result.Data, false, "dev", "prod"))
	record(t, recorder, &evidence.Measured{
		Gate: gates.GateEvaluation, Result: judged.Result, Measurements: result.Measured().Values, Data: result.Data,
		Config: running,
	})
}

// limits are what prod demands of an evaluation, and the release that it names.
func (j *journey) limits(t *testing.T) (gates.Evaluation, *release.Release) {
	t.Helper()
	prod := j.settings(t, "prod")
	limits, id := prod.Promotion.Gates["flowers"].Evaluation, prod.Models["flowers"].Release
	if id == "" {
		return limits.Absolute(), nil
	}
	production, err := release.Load(filepath.Join(j.checkout, "releases"), "flowers", id)
	require.NoError(t, err)
	return limits, production
}

func (j *journey) bake(t *testing.T) {
	t.Helper()
	demanded := j.settings(t, "prod").Promotion.Gates["flowers"].Bake
	recorder := j.recorder(t)
	watch := bake.Watch{
		Endpoint: "flowers-dev", For: demanded.Span(), SageMaker: j.clients.sagemaker, Out: io.Discard,
		CloudWatch: cloudwatch.NewFromConfig(j.config), Clock: cloudclock.Local(j.aws.URL()),
	}
	report, err := watch.Run(t.Context())
	require.NoError(t, err)
	verdict := demanded.Judge(report.Measurements())
	record(t, recorder, &evidence.Measured{
		Gate: gates.GateBake, Result: verdict.Result, Reasons: verdict.Reasons, Measurements: report.Measurements(),
		Config: report.Config,
	})
}

// verify records whether prod serves a release.
func (j *journey) verify(t *testing.T, r *release.Release) release.Evidence {
	t.Helper()
	places := deployed.Places(j.settings(t, "prod"), "prod", "flowers")
	found, err := j.serving.Converged(t.Context(), "prod", places, r, time.Now().Truncate(time.Second))
	require.NoError(t, err)
	require.NoError(t, evidence.Append(t.Context(), filepath.Join(j.checkout, "releases"), "flowers", found))
	return found
}

// evidence is what was recorded of a release, a line for each measurement, and the release.
func (j *journey) evidence(t *testing.T, id string) (lines []string, r *release.Release) {
	t.Helper()
	r, err := release.Load(filepath.Join(j.checkout, "releases"), "flowers", id)
	require.NoError(t, err)
	for i := range r.Evidence {
		e := &r.Evidence[i]
		lines = append(lines, strings.Join([]string{e.Stack, e.Gate, string(e.Result)}, " "))
	}
	return lines, r
}
