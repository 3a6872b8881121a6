package archive_test

import (
	"archive/tar"
	"bytes"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving/archive"
)

// room is the size of the disk in these tests, in bytes.
const room = 1 << 20

// sizeOf is what the files in a folder take.
func sizeOf(t *testing.T, dir string) int64 {
	t.Helper()
	var size int64
	require.NoError(t, filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			info, err := entry.Info()
			size += info.Size()
			return err
		}
		return err
	}))
	return size
}

func TestABombStopsAtWhatTheDiskHolds(t *testing.T) {
	t.Parallel()
	zeros := strings.Repeat("\x00", 64<<20)
	half := strings.Repeat("\x00", room/2)
	bombs := map[string][]byte{
		"one file":   pack(t, zeros, file("a")),
		"many files": pack(t, half, file("a"), file("b"), file("c")),
		"same name":  pack(t, half, file("a"), file("a"), file("a")),
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "hole"), nil, 0o600))
	require.NoError(t, os.Truncate(filepath.Join(dir, "hole"), 64<<20))
	sparse, err := exec.Command("tar", "-C", dir, "-czSf", "-", "hole").Output()
	if err != nil {
		t.Logf("left out, because tar writes no sparse files here: %v", err)
	} else {
		bombs["sparse file"] = sparse
	}
	for name, bomb := range bombs {
		assert.Less(t, len(bomb), room/2, name)
		dir, space := t.TempDir(), archive.NewSpace(room)
		taken, err := archive.Unpack(bytes.NewReader(bomb), dir, archive.Within(space))
		require.ErrorIs(t, err, archive.ErrNoSpace, name)
		assert.LessOrEqual(t, taken, int64(room), name)
		assert.LessOrEqual(t, sizeOf(t, dir), taken, name)
		// What is removed makes room again.
		space.Give(taken)
		_, err = archive.Unpack(bytes.NewReader(pack(t, half, file("a"))), t.TempDir(), archive.Within(space))
		assert.NoError(t, err, name)
	}
}

func TestWhatFollowsTheLastEntryIsBounded(t *testing.T) {
	t.Parallel()
	ends := pack(t, "weights", tar.Header{Typeflag: tar.TypeReg, Name: "a"})
	bomb := slices.Concat(ends, packRaw(t, 64<<20))
	_, err := archive.Unpack(bytes.NewReader(bomb), t.TempDir(), archive.Within(archive.NewSpace(room)))
	assert.ErrorIs(t, err, archive.ErrNoSpace)
}

func TestArchivesShareADisk(t *testing.T) {
	t.Parallel()
	space, packed := archive.NewSpace(15), pack(t, "weights", file("a"))
	for range 2 {
		taken, err := archive.Unpack(bytes.NewReader(packed), t.TempDir(), archive.Within(space))
		require.NoError(t, err)
		assert.EqualValues(t, 7, taken)
	}
	_, err := archive.Unpack(bytes.NewReader(packed), t.TempDir(), archive.Within(space))
	require.ErrorIs(t, err, archive.ErrNoSpace)
	var plain bytes.Buffer
	taken, err := space.Copy(&plain, io.LimitReader(strings.NewReader("xyz"), 1))
	require.NoError(t, err)
	assert.EqualValues(t, 1, taken)
	assert.Equal(t, "x", plain.String())
}
