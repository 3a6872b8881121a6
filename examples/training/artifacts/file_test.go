package artifacts_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/training/artifacts"
)

func TestModelIsAFileAndAnArchiveOfIt(t *testing.T) {
	t.Parallel()
	files, err := artifacts.Model(map[string]int{"x": 1}, "small/model.json", "small.tar.gz")
	require.NoError(t, err)
	const text = "{\n  \"x\": 1\n}\n"
	packed, err := artifacts.Pack("model.json", []byte(text))
	require.NoError(t, err)
	assert.Equal(t, []artifacts.File{
		{Path: "small/model.json", Content: []byte(text)}, {Path: "small.tar.gz", Content: packed},
	}, files)
}

func TestWriteMakesTheFoldersThatFilesNeed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.NoError(t, artifacts.Write(folder, []artifacts.File{
		{Path: "a/b.txt", Content: []byte("first")}, {Path: "a/b.txt", Content: []byte("second")},
	}))
	text, err := os.ReadFile(filepath.Join(folder, "a", "b.txt"))
	require.NoError(t, err)
	assert.Equal(t, "second", string(text))
	assert.ErrorContains(t, artifacts.Write(folder, []artifacts.File{{Path: "a/b.txt/c"}}), "write: ")
}
