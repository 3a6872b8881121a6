package release

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAReleaseIsFoundByTheBeginningOfItsID(t *testing.T) {
	t.Parallel()
	dir, path, r := written(t)
	for _, digits := range []string{sampleID[:12], sampleID[:40], sampleID} {
		have, err := Find(dir, "flowers", digits)
		require.NoError(t, err, digits)
		assert.Equal(t, r, have, digits)
	}
	_, err := Find(dir, "flowers", sampleID[:11])
	require.EqualError(t, err, `release: "`+sampleID[:11]+
		`" is not a release's id: 12 to 64 lower-case hexadecimal digits`)
	_, err = Find(dir, "flowers", sampleID[:12]+"0000")
	require.EqualError(t, err, path+": holds the release "+sampleID+" and not "+sampleID[:12]+"0000")
	_, err = Find(dir, "flowers", "0123456789ab")
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

func TestTheReleasesOfAModelAreItsManifests(t *testing.T) {
	t.Parallel()
	dir, path, r := written(t)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "flowers", "promotions"), 0o700))
	have, err := List(dir, "flowers")
	require.NoError(t, err)
	assert.Equal(t, []*Release{r}, have)
	have, err = List(dir, "petals")
	require.NoError(t, err)
	assert.Empty(t, have)
	require.NoError(t, os.WriteFile(path, []byte("id: x\n"), 0o600))
	other, err := New(Subject{Containers: []Container{{Image: r.Subject.Containers[0].Image}}})
	require.NoError(t, err)
	other.Source = r.Source
	_, err = other.Write(dir, "flowers")
	require.NoError(t, err)
	have, err = List(dir, "flowers")
	require.ErrorContains(t, err, path+": ")
	assert.Equal(t, []*Release{other}, have, "what can be read is there")
}

func TestTheWorseResultCounts(t *testing.T) {
	t.Parallel()
	assert.Equal(t, Pass, Worse())
	assert.Equal(t, Pass, Worse(Pass, Pass))
	assert.Equal(t, Inconclusive, Worse(Pass, Inconclusive, Pass))
	assert.Equal(t, Fail, Worse(Inconclusive, Fail, Inconclusive))
	assert.Equal(t, Fail, Worse(Fail, Inconclusive))
}
