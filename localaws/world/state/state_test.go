package state

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatWasSavedLastIsLoaded(t *testing.T) {
	t.Parallel()
	dir := Dir(filepath.Join(t.TempDir(), "new"))
	require.NoError(t, dir.Save("a", 1))
	require.NoError(t, dir.Save("a", 2))
	var got int
	found, err := dir.Load("a", &got)
	require.NoError(t, err)
	assert.True(t, found)
	assert.Equal(t, 2, got)
	found, err = dir.Load("b", &got)
	require.NoError(t, err)
	assert.False(t, found)
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	dir := Dir(t.TempDir())
	require.NoError(t, dir.Save("a", map[string]any{"weight": json.Number("1.0")}))
	got := map[string]any{}
	_, err := dir.Load("a", &got)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"weight": json.Number("1.0")}, got)
}

func TestAFileThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.json"), []byte("{"), 0o600))
	var got map[string]any
	_, err := Dir(dir).Load("a", &got)
	assert.ErrorContains(t, err, "state of a: unexpected EOF")
}

func TestWithoutAFolderNothingIsKept(t *testing.T) {
	t.Parallel()
	require.NoError(t, Dir("").Save("a", 1))
	var got int
	found, err := Dir("").Load("a", &got)
	require.NoError(t, err)
	assert.False(t, found)
}
