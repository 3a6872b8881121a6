package evidence_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/evidence"
	"sagehost/internal/release"
)

// hours are the hours at which the evidence of a release was gathered.
func hours(t *testing.T, dir, model, id string) []int {
	t.Helper()
	r, err := release.Load(dir, model, id)
	require.NoError(t, err)
	var list []int
	for _, e := range r.Evidence {
		list = append(list, e.At.Hour())
	}
	return list
}

func add(t *testing.T, dir, model, id string, hours ...int) {
	t.Helper()
	for _, hour := range hours {
		require.NoError(t, evidence.Append(t.Context(), dir, model, release.Evidence{
			Gate: "smoke", Result: release.Pass, Subject: id, Stack: "dev",
			At: time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC), Measurements: map[string]float64{"cases": float64(hour)},
		}))
	}
}

func TestEvidenceOfTwoCopiesOfAManifestIsBroughtTogether(t *testing.T) {
	t.Parallel()
	root, _, ids := checkout(t, "flowers", "petals")
	there, _, _ := checkout(t, "flowers", "petals", "penguins")
	dir, other := filepath.Join(root, "releases"), filepath.Join(there, "releases")
	require.NoError(t, os.WriteFile(filepath.Join(other, "README.md"), []byte("what is here"), 0o600))
	add(t, dir, "flowers", ids[0], 1, 3)
	add(t, other, "flowers", ids[0], 1, 2, 4)
	add(t, dir, "petals", ids[1], 5)

	changed, err := evidence.Merge(t.Context(), dir, other)
	require.NoError(t, err)
	assert.Equal(t, []string{release.Path(dir, "flowers", ids[0])}, changed)
	assert.Equal(t, []int{1, 3, 2, 4}, hours(t, dir, "flowers", ids[0]), "what was there stays where it is")
	assert.Equal(t, []int{5}, hours(t, dir, "petals", ids[1]))
	assert.NoDirExists(t, filepath.Join(dir, "penguins"), "no release is taken over")

	changed, err = evidence.Merge(t.Context(), dir, other)
	require.NoError(t, err)
	assert.Empty(t, changed, "nothing is added twice")
}

func TestEvidenceIsNotTakenFromWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	root, _, ids := checkout(t, "flowers")
	dir := filepath.Join(root, "releases")
	_, err := evidence.Merge(t.Context(), dir, filepath.Join(root, "nowhere"))
	require.ErrorIs(t, err, fs.ErrNotExist)

	there, _, _ := checkout(t, "flowers")
	other := filepath.Join(there, "releases")
	path := release.Path(other, "flowers", ids[0])
	require.NoError(t, os.WriteFile(path, []byte("id: 1\n"), 0o600))
	_, err = evidence.Merge(t.Context(), dir, other)
	require.ErrorContains(t, err, path)
	assert.Empty(t, hours(t, dir, "flowers", ids[0]))
}
