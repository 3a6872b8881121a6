package promotion_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/promotion"
	"sagehost/internal/release"
)

func TestHistoryTellsWhatIsServedAndNotWhatWasMeant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.promoted(w.a, 0)
	w.promoted(w.b, time.Minute)
	for _, test := range []struct {
		name   string
		change func()
		want   string
	}{
		{"nothing deployed", func() {}, "in service: no, there is no endpoint flowers-prod"},
		{"deployed", func() { w.cloud.Serve("flowers-prod", w.b) }, "in service: yes, endpoint flowers-prod " +
			"(InService) serves " +
			"release " + w.b.ID[:12]},
		{"rolled back by its alarm", func() {
			w.cloud.Serve("flowers-prod", w.a).FailureReason = "alarm\nwent off"
		}, "in service: no, endpoint flowers-prod (InService) serves release " + w.a.ID[:12] + ": alarm went off"},
		{"something else deployed", func() {
			other := release.Subject{Containers: []release.Container{{Image: "x"}}}
			w.cloud.Serve("flowers-prod", &release.Release{Subject: other})
		}, "in service: no, endpoint flowers-prod (InService) serves none of the model's releases"},
	} {
		test.change()
		histories, err := promotion.Histories(w.dir, "flowers", "")
		require.NoError(t, err)
		require.Len(t, histories, 1)
		h := &histories[0]
		assert.Equal(t, "prod", h.Stack)
		assert.Equal(t, w.b.ID, h.Named)
		require.Len(t, h.Entries, 2)
		assert.Equal(t, w.a.ID, h.Entries[1].Previous)
		require.NoError(t, h.Ask(t.Context(), w.cloud.Deployed()))
		require.Len(t, h.Live, 1)
		assert.Equal(t, test.want, h.Live[0].String(), test.name)
	}
	histories, err := promotion.Histories(w.dir, "flowers", "dev")
	require.NoError(t, err)
	require.Len(t, histories, 1)
	assert.Empty(t, histories[0].Entries)
}

func TestOneBadFileDoesNotHideWhoPromotedWhat(t *testing.T) {
	t.Parallel()
	broken := func(w *world, name string) { w.write(name, "x: y") }
	for _, test := range []struct {
		name            string
		change          func(*world)
		entries         int
		named, problems string
	}{
		{"a manifest that is named nowhere", func(w *world) {
			broken(w, release.Path("releases", "flowers", w.b.ID))
		}, 1, "A.ID", "DIR/releases/flowers/B.SHORT.yaml: "},
		{"the manifest that the stack names", func(w *world) {
			broken(w, release.Path("releases", "flowers", w.a.ID))
		}, 1, "", "DIR/releases/flowers/A.SHORT.yaml: "},
		{"the stack's file", func(w *world) { w.write("Pulumi.prod.yaml", "config: [") }, 1, "", "Pulumi.prod.yaml: "},
		{"the model's settings are gone", func(w *world) {
			w.write("Pulumi.prod.yaml", "config: {aws:region: eu-west-1, sagehost:models: {}}")
		}, 1, "", `Pulumi.prod.yaml has no model "flowers"`},
		{"the record", func(w *world) { broken(w, record) }, 0, "A.ID", record + ": "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.promoted(w.a, 0)
			w.cloud.Serve("flowers-prod", w.a)
			test.change(w)
			histories, err := promotion.Histories(w.dir, "flowers", "")
			require.ErrorContains(t, err, w.ids(test.problems))
			require.Len(t, histories, 1)
			assert.Len(t, histories[0].Entries, test.entries)
			assert.Equal(t, w.ids(test.named), histories[0].Named)
			require.NoError(t, histories[0].Ask(t.Context(), w.cloud.Deployed()))
		})
	}
	w := newWorld(t)
	histories, err := promotion.Histories(w.dir, "flowers", "prd")
	require.EqualError(t, err, `there is no Pulumi.prd.yaml; the stacks are dev, prod; did you mean "prod"?`)
	assert.Empty(t, histories)
}
