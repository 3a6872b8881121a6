package promotion_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/promotion"
	"sagehost/internal/release"
	"sagehost/kit/files"
)

func TestAPromotionChangesOneIDAndRecordsWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.prod("release: '" + w.b.ID + "'  # of March")
	w.measured(w.b, evidence(w.b, 0.98)...)
	before := w.read("Pulumi.prod.yaml")
	result := w.promoted(w.a, 0)
	assert.Equal(t, strings.Replace(before, w.b.ID, w.a.ID, 1), w.read("Pulumi.prod.yaml"))
	assert.Equal(t, []string{"Pulumi.prod.yaml", "releases/flowers/promotions/prod.yaml"}, result.Files)
	assert.Contains(t, result.Diff, "-      release: '"+w.b.ID+"'  # of March\n+      release: '"+w.a.ID+"'  # of March\n")
	eleven := noon.Add(-time.Hour)
	want := promotion.Entry{
		Release: w.a.ID, Previous: w.b.ID, At: noon, By: "Jo Doe <jo@example.com>", From: "dev",
		Gates: []promotion.Verdict{
			{
				Gate: "converged", Result: release.Pass, At: noon,
				Detail: "endpoint flowers-dev serves it with configuration flowers-dev-config",
			},
			{Gate: "smoke", Result: release.Pass, At: eleven},
			{
				Gate: "evaluation", Result: release.Pass, At: eleven, Detail: "accuracy is 0.97, wanted at least 0.9; " +
					"accuracy is 0.97, in production 0.98, wanted below it by at most 0.01",
			},
			{Gate: "bake", Result: release.Pass, At: eleven},
		},
	}
	assert.Equal(t, want, result.Entry)
	record, err := promotion.Record(w.dir, "flowers", "prod")
	require.NoError(t, err)
	assert.Equal(t, []promotion.Entry{want}, record)
	assert.Empty(t, result.BranchName)
}

func TestAReleaseTakesThePlaceOfAnInlineDescription(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.read("Pulumi.prod.yaml")
	result := w.promoted(w.a, 0)
	assert.Equal(t, strings.Replace(before, inline, "release: "+w.a.ID, 1), w.read("Pulumi.prod.yaml"))
	assert.Equal(t, []string{"image"}, result.Replaced)
	assert.Empty(t, result.Entry.Previous)
	assert.Equal(t, "accuracy is 0.97, wanted at least 0.9", result.Entry.Gates[2].Detail, "there is nothing to "+
		"compare with")
}

func TestWhatTheStackNamesAlreadyIsNotPromotedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.promoted(w.a, 0)
	record := w.read("releases/flowers/promotions/prod.yaml")
	result, err := w.promote().Run(t.Context())
	require.NoError(t, err)
	assert.True(t, result.Unchanged)
	assert.Equal(t, record, w.read("releases/flowers/promotions/prod.yaml"))
}

func TestChangesOfTheUsersArePreserved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.commit()
	edited := strings.Replace(w.read("Pulumi.prod.yaml"), "  # ours", "  # mine\r\n\r\n    # and yours", 1) +
		"# not committed"
	w.write("Pulumi.prod.yaml", edited)
	w.promoted(w.a, 0)
	assert.Equal(t, strings.Replace(edited, inline, "release: "+w.a.ID, 1), w.read("Pulumi.prod.yaml"))
}

// refusal is a promotion with one thing wrong.
type refusal struct {
	name   string
	change func(*world, *promotion.Promote)
	want   string
}

// IDs in what is wanted stand for those of the world's releases.
func (w *world) ids(text string) string {
	return strings.NewReplacer("A.ID", w.a.ID, "B.ID", w.b.ID, "A.SHORT", w.a.ID[:12], "B.SHORT", w.b.ID[:12], "DIR",
		w.dir).Replace(text)
}

func refuse(t *testing.T, rows []refusal) {
	t.Helper()
	for _, test := range rows {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.promote()
			w.measured(w.a, evidence(w.a, 0.97)...)
			test.change(w, p)
			before := w.read("Pulumi.prod.yaml")
			_, err := p.Run(t.Context())
			require.EqualError(t, err, w.ids("model "+p.Model+", stack "+p.Stack+": "+test.want))
			assert.Equal(t, before, w.read("Pulumi.prod.yaml"))
			assert.NoDirExists(t, filepath.Join(w.dir, "releases", "flowers", "promotions"))
		})
	}
}

func TestAPromotionThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:models.flowers.release: "
	tamper := func(w *world, old, text string) {
		path := filepath.Join("releases", "flowers", w.a.ID[:12]+".yaml")
		w.write(path, strings.Replace(w.read(path), old, text, 1))
	}
	refuse(t, []refusal{
		{
			"an unknown model", func(_ *world, p *promotion.Promote) { p.Model = "flower" },
			`Pulumi.dev.yaml has no model "flower"; did you mean "flowers"?`,
		},
		{
			"another stack than the settings say", func(_ *world, p *promotion.Promote) { p.From = "staging" },
			"Pulumi.prod.yaml takes releases from stack dev, not from staging",
		},
		{
			"a stack that does not say", func(_ *world, p *promotion.Promote) { p.Stack = "dev" },
			"Pulumi.dev.yaml does not say which stack releases come from: set sagehost:promotion.from",
		},
		{
			"the stack itself", func(_ *world, p *promotion.Promote) { p.Stack, p.From = "dev", "dev" },
			"a release cannot be promoted to the stack that it comes from",
		},
		{
			"a stack without a file", func(_ *world, p *promotion.Promote) { p.Stack = "prd" },
			`there is no Pulumi.prd.yaml; the stacks are dev, prod; did you mean "prod"?`,
		},
		{"an inline description", func(w *world, _ *promotion.Promote) {
			w.write("Pulumi.dev.yaml", strings.Replace(devFile, "release: RELEASE", inline, 1))
		}, "Pulumi.dev.yaml describes the model inline; make a release of it " +
			"(`sagehost release create flowers --stack dev`), " +
			"name that there, deploy and measure it"},
		{
			"a tampered manifest", func(w *world, _ *promotion.Promote) {
				tamper(w, "weights", "x")
				tamper(w, "size: 9",
					"size: 10")
			},
			"Pulumi.dev.yaml: 1 problem\n  " + at + "subject.containers[0].artifact.size: was edited after the release " +
				"was written",
		},
		{
			"evidence of another release", func(w *world, _ *promotion.Promote) {
				tamper(w, "subject: "+w.a.ID,
					"subject: "+w.b.ID)
			},
			"Pulumi.dev.yaml: 1 problem\n  " + at + `evidence[0].subject: "B.ID" is another release`,
		},
		{
			"another account", func(w *world, p *promotion.Promote) { p.Cloud = w.in("111111111111") },
			"endpoint flowers-dev: is in account 123456789012; aws:allowedAccountIds of the stack allows 111111111111",
		},
		{"anchors in the file", func(w *world, _ *promotion.Promote) {
			w.write("Pulumi.prod.yaml", strings.Replace(w.read("Pulumi.prod.yaml"), "flowers: # the", "flowers: &f # the", 1))
		}, "Pulumi.prod.yaml: flowers uses an anchor, whose value stands for several things; write the value itself"},
		{"a branch of a checkout with changes", func(w *world, p *promotion.Promote) {
			w.commit()
			w.write("Pulumi.prod.yaml", w.read("Pulumi.prod.yaml")+"# more\n")
			w.write("notes", "")
			p.Branch = true
		}, "a branch needs a checkout without changes, and these are not committed: Pulumi.prod.yaml, notes"},
		{
			"an inline description to which nothing leads back", func(_ *world, p *promotion.Promote) { p.First = false },
			"Pulumi.prod.yaml describes the model inline, and no rollback would lead back to that: make a release of it " +
				"first (`sagehost release create flowers --stack prod`) and name that there; or give --first",
		},
		{"settings that are wrong already", func(w *world, _ *promotion.Promote) {
			w.write("Pulumi.prod.yaml", strings.Replace(w.read("Pulumi.prod.yaml"), "  # ours",
				"  # ours\n    petals: {release: '"+w.a.ID+"'}", 1))
		}, "Pulumi.prod.yaml: 1 problem\n  sagehost:models.petals.release: release A.ID of model \"petals\": there is no " +
			"DIR/releases/petals/A.SHORT.yaml"},
		{"settings that the release contradicts", func(w *world, _ *promotion.Promote) {
			w.prod("direct: true\n      containers:\n        - {hostname: a, " + inline + "}\n        - {hostname: b, " +
				inline + "}")
		}, "with release A.SHORT: Pulumi.prod.yaml: 1 problem\n  sagehost:models.flowers.direct: is for a pipeline; a " +
			"model " +
			"without containers has none"},
	})
}

func TestOfConcurrentPromotionsTheSecondIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, os.Mkdir(filepath.Join(w.dir, ".sagehost"), 0o700))
	unlock, err := files.TryLock(filepath.Join(w.dir, ".sagehost", "promotion.lock"))
	require.NoError(t, err)
	w.measured(w.a, evidence(w.a, 0.97)...)
	_, err = w.promote().Run(t.Context())
	require.EqualError(t, err, "model flowers, stack prod: another promotion or rollback is under way in this checkout; "+
		"try again when it has ended")
	unlock()
	_, err = w.promote().Run(t.Context())
	assert.NoError(t, err)
}
