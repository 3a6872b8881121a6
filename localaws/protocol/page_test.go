package protocol_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol"
)

func TestEveryItemIsOnExactlyOnePage(t *testing.T) {
	t.Parallel()
	items := []int{1, 2, 3, 4, 5}
	first, token, err := protocol.Page(items, "", 2)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2}, first)
	second, token, err := protocol.Page(items, token, 2)
	require.NoError(t, err)
	assert.Equal(t, []int{3, 4}, second)
	third, token, err := protocol.Page(items, token, 2)
	require.NoError(t, err)
	assert.Equal(t, []int{5}, third)
	assert.Empty(t, token)
}

func TestAPageThatEndsTheListHasNoToken(t *testing.T) {
	t.Parallel()
	_, token, err := protocol.Page([]int{1, 2}, "", 2)
	require.NoError(t, err)
	assert.Empty(t, token)
}

func TestATokenOutlivesDeletedItems(t *testing.T) {
	t.Parallel()
	_, token, err := protocol.Page([]int{1, 2, 3}, "", 2)
	require.NoError(t, err)
	part, next, err := protocol.Page([]int{1}, token, 2)
	require.NoError(t, err)
	assert.Empty(t, part)
	assert.Empty(t, next)
}

func TestForeignTokensAreRefused(t *testing.T) {
	t.Parallel()
	// The last one is "page--5".
	for _, token := range []string{"!", "abc", "cGFnZS0", "cGFnZS0tNQ"} {
		_, _, err := protocol.Page([]int{1, 2, 3}, token, 2)
		assert.ErrorIs(t, err, protocol.ErrPageToken, token)
	}
}
