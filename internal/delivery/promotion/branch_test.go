package promotion_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/promotion"
)

func TestABranchHoldsTheChangeAndTheCheckoutStaysAsItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.measured(w.a, evidence(w.a, 0.97)...)
	w.commit()
	before := w.read("Pulumi.prod.yaml")
	p := w.promote()
	p.Branch = true
	result, err := p.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "promote/flowers-"+w.a.ID[:12]+"-prod", result.BranchName)
	assert.Equal(t, before, w.read("Pulumi.prod.yaml"))
	assert.Empty(t, w.git("status", "--porcelain"))
	assert.Equal(t, "M\tPulumi.prod.yaml\nA\treleases/flowers/promotions/prod.yaml",
		w.git("diff", "--name-status", "main", result.BranchName))
	assert.Equal(t, "Promote release "+w.a.ID[:12]+" of flowers from dev to prod",
		w.git("log", "-1", "--format=%B", result.Commit))
	w.git("switch", "--quiet", result.BranchName)
	assert.Equal(t, strings.Replace(before, inline, "release: "+w.a.ID, 1), w.read("Pulumi.prod.yaml"))
	record, err := promotion.Record(w.dir, "flowers", "prod")
	require.NoError(t, err)
	assert.Equal(t, []promotion.Entry{result.Entry}, record)
}

func TestTheTextOfAPullRequestSaysWhatAReviewerWants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.prod("release: " + w.b.ID)
	w.measured(w.a, evidence(w.a, 0.97)[:1]...)
	p := w.promote()
	p.Override, p.By = "@team says <b>go</b> | now", "octocat (https://github.com/o/r/actions/runs/7)"
	result, err := p.Run(t.Context())
	require.NoError(t, err)
	const missing = "there is no evidence from stack dev of release "
	want := `# Promote release A.SHORT of flowers from dev to prod

| | |
|---|---|
| release | ~A.ID~ |
| before | ~B.ID~ |
| by | octocat (https://github.com/o/r/actions/runs/7) |
| at | 2026-11-23T12:00:00Z |

**Gates were overridden:** @` + "\u200b" + `team says &lt;b&gt;go&lt;/b&gt; \| now

## Gates

| gate | result | measured | evidence |
|---|---|---|---|
| converged | pass | 2026-11-23T12:00:00Z | endpoint flowers-dev serves it with configuration flowers-dev-config |
| smoke | pass | 2026-11-23T11:00:00Z |  |
| evaluation | inconclusive | never | ` + missing + `A.SHORT |
| bake | inconclusive | never | ` + missing + `A.SHORT |

The evidence was gathered in stack dev and is in ~releases/flowers/A.SHORT.yaml~.

## Change

~~~diff
DIFF~~~

## Rolling back

After it is deployed: ~sagehost rollback flowers --stack prod~ goes back to release ~B.ID~.
`
	want = strings.ReplaceAll(w.ids(want), "~", "`")
	assert.Equal(t, strings.Replace(want, "DIFF", result.Diff, 1), result.Body)
}

func TestARollbackCanBeABranchToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.promoted(w.a, 0)
	w.promoted(w.b, time.Minute)
	w.commit()
	b := promotion.Rollback{Change: w.change(2 * time.Minute)}
	b.Branch = true
	result, err := b.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "rollback/flowers-"+w.a.ID[:12]+"-prod", result.BranchName)
	assert.Contains(t, result.Body, "# Roll flowers in prod back to release "+w.a.ID[:12]+"\n")
	assert.Contains(t, result.Body, "Release `"+w.b.ID+"` is held: promoting it again takes `--release-hold`.\n")
	assert.NotContains(t, result.Body, "## Gates")
	_, err = b.Run(t.Context())
	assert.EqualError(t, err, "model flowers, stack prod: there is a branch "+result.BranchName+" already; delete "+
		"it, or use it")
}

func TestNothingLeadsBackFromTheFirstRelease(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	result := w.promoted(w.a, 0)
	assert.Contains(t, result.Body, "| before | none |\n")
	assert.Contains(t, result.Body, "The release takes the place of the model's inline description: `image`.\n")
	assert.Contains(t, result.Body, "There was no release before this one, and "+
		"nothing to roll back to: promote another one.\n")
}
