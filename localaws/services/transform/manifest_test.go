package transform

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func FuzzManifest(f *testing.F) {
	for _, seed := range []string{
		`[{"prefix":"s3://in/data/"}, "a.csv", "b.csv"]`, `[{"prefix":"in"}]`, `[]`, `{}`, `[{"prefix":"s3://in"}, 1]`, `[[`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		prefix, names, err := parseManifest(strings.NewReader(content))
		if err != nil {
			assert.ErrorIs(t, err, errManifest)
			return
		}
		assert.True(t, strings.HasPrefix(prefix, "s3://"), prefix)
		assert.NotContains(t, names, "")
	})
}
