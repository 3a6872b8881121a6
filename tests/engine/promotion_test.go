package engine_test

import (
	"cmp"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/promotion"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
)

// releases are three of one model: one that is good, one that predicts worse, and one that fails only on what customers
// ask.
type releases struct {
	*journey

	good, worse, fragile *release.Release
	// changed is what was recorded of prod, as it was returned.
	changed []promotion.Entry
}

// TestReleasesGoFromDevToProdAndBack follows the releases of a model. The steps build on each other.
func TestReleasesGoFromDevToProdAndBack(t *testing.T) {
	t.Parallel()
	j := &releases{journey: newJourney(t)}
	j.good = j.release(t, "", "")
	j.use(t, j.good)
	j.up(t, "dev", "prod")
	// A step that fails is the last one.
	_ = t.Run("a release that passes takes the place of the inline description", j.goesToProd) &&
		t.Run("a release that is worse on the held-out set is stopped", j.isStopped) &&
		t.Run("a release that fails in prod is taken back by an alarm", j.isTakenBack) &&
		t.Run("history and evidence say that it is not in service", j.isKnown) &&
		t.Run("a rollback holds it, and prod converges on the release before", j.isRolledBack) &&
		t.Run("it is promoted again once the hold is released", j.isLetGo)
}

func (j *releases) goesToProd(t *testing.T) {
	j.measure(t)
	lines, good := j.evidence(t, j.good.ID)
	require.Equal(t, []string{"dev smoke pass", "dev evaluation pass", "dev bake pass"}, lines)
	require.Equal(t, 29.0/30, good.Latest(gates.GateEvaluation, "dev", false).Measurements["accuracy"])

	result, err := j.promote(t, false)
	require.NoError(t, err)
	j.changed = append(j.changed, result.Entry)
	require.Equal(t, []string{"image", "artifactFile"}, result.Replaced)
	require.Equal(t, prodNaming(j.good), j.prod(t))

	j.converge(t)
	require.Equal(t, release.Pass, j.verify(t, j.good).Result)
	j.requireHistory(t, "in service: yes, endpoint flowers-prod (InService) serves release GOOD",
		"GOOD after -, Ann: promoted from dev; converged pass, smoke pass, evaluation pass, bake pass")
}

func (j *releases) isStopped(t *testing.T) {
	j.worse = j.release(t, "", filepath.Join("models", "worse.tar.gz"))
	j.use(t, j.worse)
	j.up(t, "dev")
	j.measure(t)
	lines, worse := j.evidence(t, j.worse.ID)
	require.Equal(t, []string{"dev smoke pass", "dev evaluation fail", "dev bake pass"}, lines)
	require.Equal(t, 27.0/30, worse.Latest(gates.GateEvaluation, "dev", false).Measurements["accuracy"])

	_, err := j.promote(t, false)
	var refused *promotion.Refused
	require.ErrorAs(t, err, &refused)
	require.Equal(t, release.Fail, refused.Result())
	require.ErrorContains(t, err, "\n  evaluation: fail: accuracy is 0.9, wanted at least 0.9; "+
		"accuracy is 0.9, in production 0.966667, wanted below it by at most 0.02\n")
	require.Equal(t, prodNaming(j.good), j.prod(t))
	j.requireHistory(t, "in service: yes, endpoint flowers-prod (InService) serves release GOOD",
		"GOOD after -, Ann: promoted from dev; converged pass, smoke pass, evaluation pass, bake pass")
}

func (j *releases) isTakenBack(t *testing.T) {
	j.fragile = j.release(t, fragileImage, filepath.Join("models", "sound.tar.gz"))
	j.use(t, j.fragile)
	j.up(t, "dev")
	j.measure(t)
	result, err := j.promote(t, false)
	require.NoError(t, err)
	j.changed = append(j.changed, result.Entry)
	require.Equal(t, prodNaming(j.fragile), j.prod(t))

	before := j.clients.endpoint(t, "flowers-prod")
	stop := j.busy(t, "flowers-prod", hugeFlower)
	said, failed := j.deploy(t, "prod")
	stop()
	require.EqualError(t, failed["prod"], `up of stack "prod" failed; the reason is above`)
	require.Contains(t, said["prod"].String(), `endpoint "flowers-prod" was rolled back: it serves the configuration "`+
		*before.EndpointConfigName+`", not "flowers-`)
	after := j.clients.endpoint(t, "flowers-prod")
	require.Equal(t, *before.EndpointConfigName, *after.EndpointConfigName)
	require.Equal(t, "The following CloudWatch alarms went into the ALARM state during the deployment: "+
		"flowers-prod.main.rollback-5xx.", aws.ToString(after.FailureReason))
	answer, err := j.ask(t.Context(), "flowers-prod", hugeFlower)
	require.NoError(t, err)
	require.Equal(t, "virginica,1\n", answer)
}

func (j *releases) isKnown(t *testing.T) {
	found := j.verify(t, j.fragile)
	require.Equal(t, release.Fail, found.Result)
	require.Equal(t, "endpoint flowers-prod, variant main: serves image "+soundImage+", release "+
		release.Short(j.fragile.ID)+" names "+fragileImage, found.Detail)
	lines, _ := j.evidence(t, j.fragile.ID)
	require.Equal(t, []string{
		"dev smoke pass", "dev evaluation pass", "dev bake pass", "prod converged fail",
	}, lines)
	j.requireHistory(t, "in service: no, endpoint flowers-prod (InService) serves release GOOD: The following CloudWatch "+
		"alarms went into the ALARM state during the deployment: flowers-prod.main.rollback-5xx.",
		"GOOD after -, Ann: promoted from dev; converged pass, smoke pass, evaluation pass, bake pass",
		"FRAGILE after GOOD, Ann: promoted from dev; converged pass, smoke pass, evaluation pass, bake pass")
}

func (j *releases) isRolledBack(t *testing.T) {
	back := promotion.Rollback{Change: j.change("prod", "Ben"), Objects: j.clients.s3}
	result, err := back.Run(t.Context())
	require.NoError(t, err)
	j.changed = append(j.changed, result.Entry)
	require.Equal(t, prodNaming(j.good), j.prod(t))

	_, err = j.promote(t, false)
	require.EqualError(t, err, "model flowers, stack prod: release "+release.Short(j.fragile.ID)+
		" is held: Ben rolled it back at "+result.Entry.At.Format("2006-01-02T15:04:05Z")+
		"; --release-hold promotes it all the same")

	j.converge(t)
	require.Equal(t, release.Pass, j.verify(t, j.good).Result)
	left := j.clients.count(t)
	require.Equal(t, 2, left["models"], "one for each stack: what failed is gone")
	require.Equal(t, 2, left["configurations"])
	j.requireHistory(t, "in service: yes, endpoint flowers-prod (InService) serves release GOOD",
		"GOOD after -, Ann: promoted from dev; converged pass, smoke pass, evaluation pass, bake pass",
		"FRAGILE after GOOD, Ann: promoted from dev; converged pass, smoke pass, evaluation pass, bake pass",
		"GOOD after FRAGILE, Ben: rolled back, holds FRAGILE; -")
}

func (j *releases) isLetGo(t *testing.T) {
	result, err := j.promote(t, true)
	require.NoError(t, err)
	j.changed = append(j.changed, result.Entry)
	require.Equal(t, prodNaming(j.fragile), j.prod(t))
	j.requireHistory(t, "in service: no, endpoint flowers-prod (InService) serves release GOOD",
		"GOOD after -, Ann: promoted from dev; converged pass, smoke pass, evaluation pass, bake pass",
		"FRAGILE after GOOD, Ann: promoted from dev; converged pass, smoke pass, evaluation pass, bake pass",
		"GOOD after FRAGILE, Ben: rolled back, holds FRAGILE; -",
		"FRAGILE after GOOD, Ann: promoted from dev, hold released; converged pass, smoke pass, evaluation pass, bake pass")
}

// prodNaming is the text of prod's file once it names a release.
func prodNaming(r *release.Release) string {
	inline := "image: " + soundImage + "\n      artifactFile: models/sound.tar.gz"
	return strings.Replace(journeyProd, inline, "release: "+r.ID, 1)
}

// converge deploys prod, in which nothing goes wrong.
func (j *releases) converge(t *testing.T) {
	t.Helper()
	j.speed(t, 10*journeySpeed)
	j.up(t, "prod")
	j.speed(t, journeySpeed)
}

// requireHistory expects what is in service in prod, and what was recorded of it, in words and as it was returned.
func (j *releases) requireHistory(t *testing.T, live string, entries ...string) {
	t.Helper()
	histories, err := promotion.Histories(j.checkout, "flowers", "")
	require.NoError(t, err)
	require.Len(t, histories, 1)
	h := &histories[0]
	require.Equal(t, "prod", h.Stack)
	require.Equal(t, j.changed, h.Entries)
	require.NoError(t, h.Ask(t.Context(), j.serving))
	require.Len(t, h.Live, 1)
	names := []string{release.Short(j.good.ID), "GOOD"}
	if j.fragile != nil {
		names = append(names, release.Short(j.fragile.ID), "FRAGILE")
	}
	named := strings.NewReplacer(names...)
	require.Equal(t, live, named.Replace(h.Live[0].String()))
	said := make([]string, len(h.Entries))
	for i := range h.Entries {
		e := &h.Entries[i]
		said[i] = named.Replace(release.Short(e.Release) + " after " + cmp.Or(release.Short(e.Previous), "-") + ", " + e.By +
			": " + e.What() + "; " + e.Evidence())
	}
	require.Equal(t, entries, said)
}
