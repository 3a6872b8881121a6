package artifacts_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/training/artifacts"
)

func TestPackHoldsOneFileThatNamesNoTimeOrUser(t *testing.T) {
	t.Parallel()
	packed, err := artifacts.Pack("model.json", []byte("{}\n"))
	require.NoError(t, err)
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	require.NoError(t, err)
	assert.True(t, zip.ModTime.IsZero())
	files := tar.NewReader(zip)
	header, err := files.Next()
	require.NoError(t, err)
	assert.Equal(t, "model.json", header.Name)
	assert.Equal(t, int64(0o644), header.Mode)
	assert.Equal(t, int64(0), header.ModTime.Unix())
	assert.Empty(t, header.Uname)
	content, err := io.ReadAll(files)
	require.NoError(t, err)
	assert.Equal(t, "{}\n", string(content))
	_, err = files.Next()
	assert.ErrorIs(t, err, io.EOF)
}
