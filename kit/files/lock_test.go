package files

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWaitForAnotherHolderEndsWithTheContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := Lock(t.Context(), path)
	require.NoError(t, err)
	defer unlock()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	_, err = Lock(ctx, path)
	require.ErrorIs(t, err, context.Canceled)
}

func TestWhoeverDoesNotWaitIsToldThatItIsHeld(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := TryLock(path)
	require.NoError(t, err)
	_, err = TryLock(path)
	require.ErrorIs(t, err, ErrLocked)
	unlock()
	unlock, err = TryLock(path)
	require.NoError(t, err)
	unlock()
	_, err = TryLock(filepath.Join(path, "below"))
	require.Error(t, err)
	require.NotErrorIs(t, err, ErrLocked)
}
