package archive_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving/archive"
)

// pack makes an archive of entries. Regular files contain what is in content.
func pack(tb testing.TB, content string, headers ...tar.Header) []byte {
	tb.Helper()
	var buffer bytes.Buffer
	compressed := gzip.NewWriter(&buffer)
	writer := tar.NewWriter(compressed)
	for _, header := range headers {
		if header.Mode == 0 {
			header.Mode = 0o644
		}
		if header.Typeflag == tar.TypeReg {
			header.Size = int64(len(content))
		}
		require.NoError(tb, writer.WriteHeader(&header))
		if header.Typeflag == tar.TypeReg {
			_, err := writer.Write([]byte(content))
			require.NoError(tb, err)
		}
	}
	require.NoError(tb, writer.Close())
	require.NoError(tb, compressed.Close())
	return buffer.Bytes()
}

// packRaw compresses zeros that are no archive.
func packRaw(tb testing.TB, size int) []byte {
	tb.Helper()
	var buffer bytes.Buffer
	compressed := gzip.NewWriter(&buffer)
	_, err := compressed.Write(make([]byte, size))
	require.NoError(tb, err)
	require.NoError(tb, compressed.Close())
	return buffer.Bytes()
}

func roomy() archive.Limits { return archive.Within(archive.NewSpace(1 << 30)) }

func file(name string) tar.Header { return tar.Header{Typeflag: tar.TypeReg, Name: name} }

func hard(name, target string) tar.Header {
	return tar.Header{Typeflag: tar.TypeLink, Name: name, Linkname: target}
}

func link(name, target string) tar.Header {
	return tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target}
}

func TestFilesFoldersAndInnerLinksAreUnpacked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	packed := pack(
		t, "weights",
		tar.Header{Typeflag: tar.TypeDir, Name: "./", Mode: 0o555},
		tar.Header{Typeflag: tar.TypeDir, Name: "code/", Mode: 0o500},
		tar.Header{Typeflag: tar.TypeReg, Name: "./code/run.sh", Mode: 0o6755},
		file("deep/er/model.bin"),
		file("deep/er/model.bin"),
		link("deep/current", "er/model.bin"),
		link("code/model", "../deep/er"),
		hard("same.bin", "deep/er/model.bin"),
	)
	taken, err := archive.Unpack(bytes.NewReader(packed), dir, roomy())
	require.NoError(t, err)
	assert.EqualValues(t, 3*len("weights"), taken)
	for _, name := range []string{"code/run.sh", "deep/er/model.bin", "deep/current", "code/model/model.bin", "same.bin"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Equal(t, "weights", string(text), name)
	}
	info, err := os.Stat(filepath.Join(dir, "code/run.sh"))
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o755), info.Mode())
}

func TestWhatLeadsOutOfTheFolderIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string][]tar.Header{
		`unpack "../x": the name leads out of the folder`:             {file("../x")},
		`unpack "/x": the name leads out of the folder`:               {file("/x")},
		`unpack "a/../../x": the name leads out of the folder`:        {file("a/../../x")},
		`unpack "l": the link to "/etc" is not relative`:              {link("l", "/etc")},
		`unpack "l": the link to "" is not relative`:                  {link("l", "")},
		`unpack "a/l": the link to "../../x" leads out of the folder`: {link("a/l", "../../x")},
		`unpack "l": the link to "a/../.." takes a detour`:            {link("l", "a/../..")},
		`unpack "l/x": the name leads through the link "l"`:           {link("l", "a"), file("l/x")},
		`unpack "h": the name leads through the link "l"`:             {link("l", "a"), hard("h", "l/x")},
		`unpack "h": the name leads out of the folder`:                {hard("h", "../x")},
		`unpack "d": entries of type '3' are not supported`:           {{Typeflag: tar.TypeChar, Name: "d"}},
		`unpack "p": entries of type '6' are not supported`:           {{Typeflag: tar.TypeFifo, Name: "p"}},
		`unpack "a": the files do not fit on the volume`:              {file("b"), file("a")},
		`unpack: there are more than 3 entries`:                       {link("1", "x"), link("2", "x"), file("3"), file("4")},
		`unpack "a": `:                                                {link("a/b", "c"), file("a")},
		`unpack "a/b": `:                                              {file("a"), file("a/b")},
		`no such file or directory`:                                   {hard("h", "x")},
	}
	for want, headers := range tests {
		outside := t.TempDir()
		dir := filepath.Join(outside, "model")
		require.NoError(t, os.Mkdir(dir, 0o700))
		packed := pack(t, "weights", headers...)
		_, err := archive.Unpack(bytes.NewReader(packed), dir, archive.Limits{Space: archive.NewSpace(13), Entries: 3})
		assert.ErrorContains(t, err, want)
		names, err := os.ReadDir(outside)
		require.NoError(t, err)
		assert.Len(t, names, 1, want)
	}
}

func TestWhatIsNoWholeArchiveIsRefused(t *testing.T) {
	t.Parallel()
	packed := pack(t, "weights", file("model.bin"))
	broken := bytes.Clone(packed)
	broken[len(broken)-5] ^= 1
	for want, text := range map[string][]byte{
		"unpack: EOF":                    nil,
		"unpack: gzip: invalid header":   []byte("not an archive"),
		"unpack: gzip: invalid checksum": broken,
		"unpack: unexpected EOF":         packed[:len(packed)-9],
	} {
		_, err := archive.Unpack(bytes.NewReader(text), t.TempDir(), roomy())
		assert.EqualError(t, err, want)
	}
	missing := filepath.Join(t.TempDir(), "missing")
	_, err := archive.Unpack(bytes.NewReader(packed), missing, roomy())
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

func FuzzUnpack(f *testing.F) {
	f.Add(pack(f, "weights", file("a/b"), link("a/c", "b"), hard("d", "a/b")))
	f.Add(pack(f, "w", link("a", "."), link("b", "a/.."), file("b/../../x")))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, packed []byte) {
		outside := t.TempDir()
		dir := filepath.Join(outside, "model")
		require.NoError(t, os.Mkdir(dir, 0o700))
		// An error is fine. What counts is where things are afterwards.
		_, _ = archive.Unpack(bytes.NewReader(packed), dir, archive.Limits{Space: archive.NewSpace(1 << 16), Entries: 20})
		names, err := os.ReadDir(outside)
		require.NoError(t, err)
		require.Len(t, names, 1)
		require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type()&fs.ModeSymlink != 0 {
				// A link that dangles, or that goes round in circles, leads nowhere.
				if end, err := filepath.EvalSymlinks(path); err == nil {
					base, err := filepath.EvalSymlinks(dir)
					require.NoError(t, err)
					assert.True(t, end == base || strings.HasPrefix(end, base+"/"), end)
				}
			}
			return err
		}))
	})
}
