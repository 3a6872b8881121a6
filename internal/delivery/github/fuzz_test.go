package github

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func FuzzPullRequest(f *testing.F) {
	f.Add([]byte(`{"pull_request":{"number":7}}`))
	f.Add([]byte(`{"pull_request":{"number":-1}}`))
	f.Add([]byte(`{"pull_request":null}`))
	f.Fuzz(func(t *testing.T, event []byte) {
		number, err := pullRequest(event)
		require.Equal(t, err == nil, number > 0)
	})
}
