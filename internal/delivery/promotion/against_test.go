package promotion_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/promotion"
	"sagehost/internal/release"
)

func TestEvidenceAndRecordsAreOnlyEverAddedTo(t *testing.T) {
	t.Parallel()
	manifest := func(r *release.Release) string { return release.Path("releases", "flowers", r.ID) }
	const edited = " was edited or removed; "
	for _, test := range []struct {
		name   string
		change func(*world)
		want   []string
	}{
		{name: "nothing", change: func(*world) {}},
		{name: "more evidence, an entry, a release", change: func(w *world) {
			w.promoted(w.c, time.Minute)
			w.release("d")
		}},
		{name: "a release that no record names is removed", change: func(w *world) { w.remove(manifest(w.b)) }},
		{name: "an edited number", change: func(w *world) {
			w.write(manifest(w.a), strings.Replace(w.read(manifest(w.a)), "accuracy: 0.97", "accuracy: 0.99", 1))
		}, want: []string{"AFILE: evidence[1]" + edited + "evidence is only ever added at the end"}},
		{name: "evidence that is gone", change: func(w *world) {
			text, _, found := strings.Cut(w.read(manifest(w.a)), "evidence:")
			require.True(w.t, found)
			w.write(manifest(w.a), text)
		}, want: []string{"AFILE: evidence[0]" + edited + "evidence is only ever added at the end"}},
		{name: "another source, with digests to match", change: func(w *world) {
			r := *w.b
			r.Source.Builder = "somebody else"
			w.remove(manifest(w.b))
			_, err := r.Write(filepath.Join(w.dir, "releases"), "flowers")
			require.NoError(w.t, err)
		}, want: []string{"BFILE: the manifest was edited; it is written once"}},
		{name: "a release that was promoted is removed", change: func(w *world) { w.remove(manifest(w.a)) }, want: []string{
			"AFILE: the manifest was removed, and " + record + " names it",
		}},
		{name: "an edited entry", change: func(w *world) {
			w.write(record, strings.Replace(w.read(record), "by: Jo Doe", "by: Ann", 1))
		}, want: []string{record + ": [0]" + edited + "entries are only ever added at the end"}},
		{name: "no record any more, and a manifest that cannot be read", change: func(w *world) {
			w.remove(record)
			w.write(manifest(w.b), "x: y")
		}, want: []string{record + ": the record was removed", "BFILE: "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.promoted(w.a, 0)
			w.commit()
			test.change(w)
			err := promotion.Against(t.Context(), w.dir, "HEAD")
			if test.want == nil {
				require.NoError(t, err)
				return
			}
			lines := strings.Split(err.Error(), "\n")
			for _, want := range test.want {
				want = strings.NewReplacer("AFILE", manifest(w.a), "BFILE", manifest(w.b)).Replace(want)
				require.ErrorContains(t, err, want)
			}
			if len(test.want) == 1 {
				require.Len(t, lines, 1)
				require.True(t, strings.HasSuffix(lines[0], ", compared with HEAD"), lines[0])
			}
		})
	}
}

func TestACommitThatIsNotThereCannotBeComparedWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.commit()
	require.ErrorContains(t, promotion.Against(t.Context(), w.dir, "HEAD^1"), "commit HEAD^1: git rev-parse: ")
	require.ErrorContains(t, promotion.Against(t.Context(), w.dir, "--all"), "commit --all: git rev-parse: ")
}

func (w *world) remove(name string) {
	w.t.Helper()
	require.NoError(w.t, os.Remove(filepath.Join(w.dir, name)))
}
