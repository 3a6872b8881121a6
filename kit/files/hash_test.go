package files_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/kit/files"
)

// The last two are the examples B.1 and B.3 of FIPS 180-2.
func TestAFileIsNamedByTheSHA256OfItsContent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, content, want string }{
		{"nothing", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"a line", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{
			"more than one read takes", strings.Repeat("a", 1_000_000),
			"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "content")
			require.NoError(t, os.WriteFile(path, []byte(test.content), 0o600))
			have, err := files.SHA256(path)
			require.NoError(t, err)
			assert.Equal(t, test.want, have)
		})
	}
}

func TestWhatCannotBeReadIsAnErrorThatNamesItOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	absent := filepath.Join(dir, "absent")
	for _, test := range []struct {
		name, path, want string
		is               error
	}{
		{"a file that is not there", absent, "open " + absent + ": no such file or directory", fs.ErrNotExist},
		{"a folder", dir, "read " + dir + ": is a directory", syscall.EISDIR},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			hash, err := files.SHA256(test.path)
			assert.Empty(t, hash)
			require.EqualError(t, err, test.want)
			assert.ErrorIs(t, err, test.is)
		})
	}
}
