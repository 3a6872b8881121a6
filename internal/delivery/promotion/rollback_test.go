package promotion_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/promotion"
)

func (w *world) rollback(after time.Duration) (*promotion.Result, error) {
	w.t.Helper()
	b := promotion.Rollback{Change: w.change(after), Objects: w.cloud}
	return b.Run(w.t.Context())
}

func TestARollbackLeadsToTheReleaseBeforeAndHoldsTheOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.promoted(w.a, 0)
	promoted := w.read("Pulumi.prod.yaml")
	w.promoted(w.b, time.Minute)
	result, err := w.rollback(2 * time.Minute)
	require.NoError(t, err)
	assert.Equal(t, promotion.Entry{
		Release: w.a.ID, Previous: w.b.ID, At: noon.Add(2 * time.Minute), By: "Jo Doe <jo@example.com>", Hold: w.b.ID,
	}, result.Entry)
	assert.Equal(t, promoted, w.read("Pulumi.prod.yaml"))

	p := w.promote()
	p.Change = w.change(3 * time.Minute)
	_, err = p.Run(t.Context())
	require.EqualError(t, err, "model flowers, stack prod: release "+w.b.ID[:12]+" is held: Jo Doe "+
		"<jo@example.com> rolled it "+
		"back at 2026-11-23T12:02:00Z; --release-hold promotes it all the same")
	p.ReleaseHold = true
	again, err := p.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, w.b.ID, again.Entry.HoldReleased)
	_, err = w.rollback(4 * time.Minute)
	require.NoError(t, err)
	_, err = w.rollback(5 * time.Minute)
	assert.EqualError(t, err, "model flowers, stack prod: Pulumi.prod.yaml: there was no release before "+w.a.ID[:12]+
		" that is not held")
}

func TestAReleaseThatIsPromotedAfterARollbackIsNotHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.promoted(w.a, 0)
	w.promoted(w.b, time.Minute)
	_, err := w.rollback(2 * time.Minute)
	require.NoError(t, err)
	w.promoted(w.c, 3*time.Minute)
	result, err := w.rollback(4 * time.Minute)
	require.NoError(t, err)
	assert.Equal(t, w.a.ID, result.Entry.Release, "what was rolled back is not gone back to")
}

func TestARollbackThatLeadsNowhereIsRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*world)
		want   string
	}{
		{"an inline description", func(*world) {}, "Pulumi.prod.yaml names no release of it to go back from"},
		{"no record", func(w *world) { w.prod("release: " + w.a.ID) }, "Pulumi.prod.yaml: nothing was ever promoted to it"},
		{"the first release", func(w *world) { w.promoted(w.a, 0) }, "Pulumi.prod.yaml: there was no release before " +
			"A.SHORT that is not held"},
		{
			"an edit by hand", func(w *world) {
				w.promoted(w.a, 0)
				w.prod("release: " + w.b.ID)
			}, "Pulumi.prod.yaml: it names release B.SHORT, the last one promoted to it is A.SHORT; somebody has edited " +
				"one of them: write \"release: A.ID\" there again, and then promote or roll back",
		},
		{
			"an archive that is gone", func(w *world) {
				w.promoted(w.a, 0)
				w.promoted(w.b, time.Minute)
				delete(w.cloud.Objects, "s3://models/releases/flowers/a/model.tar.gz")
			}, "release A.SHORT cannot be deployed any more: s3://models/releases/flowers/a/model.tar.gz is not there, " +
				"release A.SHORT names it",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			test.change(w)
			before := w.read("Pulumi.prod.yaml")
			_, err := w.rollback(time.Hour)
			require.EqualError(t, err, w.ids("model flowers, stack prod: "+test.want))
			assert.Equal(t, before, w.read("Pulumi.prod.yaml"))
		})
	}
}

// silent is a cloud that does not answer.
type silent struct{}

func (silent) HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	return nil, errors.New("no route to host")
}

func (silent) GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	return nil, errors.New("no route to host")
}

func TestTheWayBackIsOpenAlsoWhereTheCloudDoesNotAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.promoted(w.a, 0)
	w.promoted(w.b, time.Minute)
	b := promotion.Rollback{Change: w.change(time.Hour), Objects: silent{}}
	ended, end := context.WithCancel(t.Context())
	end()
	_, err := b.Run(ended)
	require.ErrorContains(t, err, "no route to host", "whoever ends it wants nothing changed")

	result, err := b.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, w.a.ID, result.Entry.Release)
	assert.Contains(t, result.Unknown, w.ids("Whether the archives of release A.SHORT are still there is not known: "))
	assert.Contains(t, result.Unknown, "no route to host")
	assert.Contains(t, result.Body, w.ids("\n**Whether the archives of release A.SHORT are still there is not known: "))

	w = newWorld(t)
	w.promoted(w.a, 0)
	w.promoted(w.b, time.Minute)
	result, err = w.rollback(time.Hour)
	require.NoError(t, err)
	assert.Empty(t, result.Unknown)
}

func TestAReleaseOfBeforeTheRecordIsGoneBackTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.prod("release: " + w.b.ID)
	w.measured(w.b, evidence(w.b, 0.97)...)
	w.promoted(w.a, 0)
	result, err := w.rollback(time.Minute)
	require.NoError(t, err)
	assert.Equal(t, w.b.ID, result.Entry.Release)
}

func TestARecordIsOnlyEverAddedTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.promoted(w.a, 0)

	first := "# who touched prod\n" + w.read(record)
	w.write(record, strings.TrimSuffix(first, "\n"))
	w.promoted(w.b, time.Minute)
	assert.Equal(t, first, w.read(record)[:len(first)])

	entries := w.read(record)
	for name, test := range map[string]struct{ old, text, want string }{
		"an unknown key": {"  by:", "  buy:", `[0].buy: is an unknown key; did you mean "by"?`},
		"no author":      {"  by: Jo Doe <jo@example.com>\n", "", "[0].by: is required"},
		"no release": {
			"- release: " + w.a.ID, "- release: x",
			`[0].release: "x" is not a hash of 64 lower-case hexadecimal digits`,
		},
		"another order": {
			"at: 2026-11-23T12:00:00Z\n  by", "at: 2026-11-23T12:02:00Z\n  by",
			"[1].at: is before the entry above; entries are only ever added at the end",
		},
		"another result": {
			"result: pass", "result: passed",
			`[0].gates[0].result: "passed" is not one of pass, measured, inconclusive, fail; did you mean "pass"?`,
		},
		"no list": {entries, "x: y", "is not a list"},
	} {
		w.write(record, strings.Replace(entries, test.old, test.text, 1))
		_, err := promotion.Record(w.dir, "flowers", "prod")
		require.ErrorContains(t, err, record+": "+test.want, name)
		_, err = w.rollback(time.Hour)
		require.ErrorContains(t, err, test.want, name)
	}
}

func TestTheFirstStackUsesAnyRelease(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.change(0)
	c.Stack = "dev"
	result, err := promotion.Use(t.Context(), c, w.b.ID[:12])
	require.NoError(t, err)
	assert.Equal(t, strings.Replace(devFile, "RELEASE", w.b.ID, 1), w.read("Pulumi.dev.yaml"))
	assert.Equal(t, w.a.ID, result.Entry.Previous)
	assert.Contains(t, result.Diff, "+      release: "+w.b.ID+"\n")
	result, err = promotion.Use(t.Context(), c, w.b.ID)
	require.NoError(t, err)
	assert.True(t, result.Unchanged)
	_, err = promotion.Use(t.Context(), c, "123456789abc")
	require.ErrorContains(t, err, `release 123456789abc of model "flowers": `)
	c.Model = "flower"
	_, err = promotion.Use(t.Context(), c, w.b.ID)
	assert.EqualError(t, err, `model flower, stack dev: Pulumi.dev.yaml has no model "flower"; did you mean "flowers"?`)
}
