package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	namedTest = regexp.MustCompile("`(Test[A-Za-z0-9]+)`")
	testFunc  = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9]+)\(`)
)

func TestEveryTestThatTheControlsNameExists(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/controls.md")
	require.NoError(t, err)
	named := namedTest.FindAllStringSubmatch(string(text), -1)
	require.GreaterOrEqual(t, len(named), 12)
	exists := map[string]bool{}
	for _, folder := range []string{"components", "tests"} {
		err := filepath.WalkDir(filepath.Join("../..", folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, match := range testFunc.FindAllStringSubmatch(string(source), -1) {
				exists[match[1]] = true
			}
			return err
		})
		require.NoError(t, err)
	}
	for _, name := range named {
		assert.True(t, exists[name[1]], name[1])
	}
}
