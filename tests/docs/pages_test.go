package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// root is the checkout.
const root = "../.."

// pages are all pages of the repository, as paths from its root, with their text.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range []string{"*.md", "*/*.md", "*/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		for _, path := range found {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			name, err := filepath.Rel(root, path)
			require.NoError(t, err)
			all[name] = string(text)
		}
	}
	require.Contains(t, all, "docs/local-aws.md")
	return all
}

// prose is a page without its fenced blocks.
func prose(text string) string {
	var kept strings.Builder
	inside := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			inside = !inside
		} else if !inside {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	title   = regexp.MustCompile(`(?m)^#+ (.+)$`)
	dropped = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors are what links to a page's headings are called, by GitHub's rule.
func anchors(text string) map[string]bool {
	all := map[string]bool{}
	for _, found := range title.FindAllStringSubmatch(prose(text), -1) {
		name := dropped.ReplaceAllString(strings.ToLower(found[1]), "")
		all[strings.ReplaceAll(name, " ", "-")] = true
	}
	return all
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	all, links := pages(t), 0
	for name, text := range all {
		for _, found := range link.FindAllStringSubmatch(prose(text), -1) {
			path, anchor, _ := strings.Cut(found[1], "#")
			if strings.Contains(path, "://") {
				continue
			}
			links++
			target := name
			if path != "" {
				target = filepath.Join(filepath.Dir(name), path)
			}
			_, err := os.Stat(filepath.Join(root, target))
			assert.NoError(t, err, "%s: %s", name, found[1])
			if anchor != "" {
				assert.True(t, anchors(all[target])[anchor], "%s: %s has no such heading", name, found[1])
			}
		}
	}
	assert.Greater(t, links, 50)
}

func TestNoRowOfATableIsThereTwice(t *testing.T) {
	t.Parallel()
	for name, text := range pages(t) {
		seen := map[string]bool{}
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "|") {
				seen = map[string]bool{} // the table has ended
				continue
			}
			cell := strings.TrimSpace(strings.Split(line, "|")[1])
			assert.False(t, seen[cell] && cell != "" && cell != "---", "%s: %s", name, cell)
			seen[cell] = true
		}
	}
}
