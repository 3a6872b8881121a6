package filelock

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWaitForAnotherHolderEndsWithTheContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := Hold(t.Context(), path)
	require.NoError(t, err)
	defer unlock()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	_, err = Hold(ctx, path)
	require.ErrorIs(t, err, context.Canceled)
}

func TestWhoeverDoesNotWaitIsToldThatItIsHeld(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := Try(path)
	require.NoError(t, err)
	_, err = Try(path)
	require.ErrorIs(t, err, ErrHeld)
	unlock()
	unlock, err = Try(path)
	require.NoError(t, err)
	unlock()
	_, err = Try(filepath.Join(path, "below"))
	require.Error(t, err)
	require.NotErrorIs(t, err, ErrHeld)
}
