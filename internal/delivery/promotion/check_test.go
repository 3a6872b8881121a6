package promotion_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/promotion"
	"sagehost/internal/live/commandline"
)

const record = "releases/flowers/promotions/prod.yaml"

func TestAStackNamesWhatWasPromotedToItLast(t *testing.T) {
	t.Parallel()
	const never = "it names release A.SHORT, which was never promoted: promote it " +
		"(`sagehost promote flowers --to prod`), or if it was there before the record began, say " +
		"so (`sagehost release use flowers A.SHORT --stack prod`)"
	const again = "; somebody has edited one of them: write \"release: A.ID\" there again, and then promote or roll back"
	for _, test := range []struct {
		name   string
		change func(*world)
		// named is the release that it names rightly, or want what is wrong.
		named, want string
	}{
		{name: "an inline description and no record", change: func(*world) {}},
		{name: "what was promoted", change: func(w *world) { w.promoted(w.a, 0) }, named: "A.ID"},
		{name: "what was rolled back to", change: func(w *world) {
			w.promoted(w.a, 0)
			w.promoted(w.b, time.Minute)
			_, err := w.rollback(time.Hour)
			require.NoError(w.t, err)
		}, named: "A.ID"},
		{name: "a release without a record", change: func(w *world) { w.prod("release: " + w.a.ID) }, want: never},
		{name: "another release", change: func(w *world) {
			w.promoted(w.a, 0)
			w.prod("release: " + w.b.ID)
		}, want: "it names release B.SHORT, the last one promoted to it is A.SHORT" + again},
		{name: "an inline description again", change: func(w *world) {
			w.promoted(w.a, 0)
			w.prod(inline)
		}, want: "it describes the model inline, the last one promoted to it is A.SHORT" + again},
		{name: "what is held", change: func(w *world) {
			w.promoted(w.a, 0)
			w.write(record, w.read(record)+"- {release: "+w.a.ID+", at: 2026-11-23T13:00:00Z, by: Jo, hold: "+w.a.ID+"}\n")
		}, want: "release A.SHORT is held: Jo rolled it back at 2026-11-23T13:00:00Z"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			test.change(w)
			list, err := promotion.Check(w.dir, "prod", commandline.Context{})
			if test.want != "" {
				require.EqualError(t, err, w.ids("Pulumi.prod.yaml: model flowers: "+test.want))
				return
			}
			require.NoError(t, err)
			if test.named == "" {
				require.Empty(t, list)
				return
			}
			require.Len(t, list, 1)
			assert.Equal(t, "flowers", list[0].Model)
			assert.Equal(t, w.ids(test.named), list[0].Entry.Release)
		})
	}
}

func TestAStackThatTakesAnyReleaseIsNotHeldAgainstARecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list, err := promotion.Check(w.dir, "dev", commandline.Context{})
	require.NoError(t, err)
	assert.Empty(t, list)
}
