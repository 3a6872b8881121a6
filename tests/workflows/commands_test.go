package workflows_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pages are all that tell a user what to type.
func pages(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.md", "docs/*.md", "*/README.md"} {
		found, err := filepath.Glob(filepath.Join("../..", pattern))
		require.NoError(t, err)
		all = append(all, found...)
	}
	return all
}

// span is a command in the text of a page.
var span = regexp.MustCompile("`((?:bin/sagehost|make|pulumi) [^`]+)`")

// commands are what a page tells a user to type: in fenced blocks, one a line, and in its text.
func commands(t *testing.T, page string) (list []string) {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	inside := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		program, _, _ := strings.Cut(line, " ")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = !inside
		case inside && ours[program]:
			list = append(list, line)
		case !inside:
			for _, match := range span.FindAllStringSubmatch(line, -1) {
				list = append(list, match[1])
			}
		}
	}
	return list
}

// ours are the programs whose commands are looked into.
var ours = map[string]bool{"bin/sagehost": true, "make": true, "pulumi": true}

var (
	flag = regexp.MustCompile(`^--[a-z0-9-]+`)
	word = regexp.MustCompile(`^[a-z-]+$`)
	// usage is the line of a command that runs: one that only groups others has [command] in its place.
	usage = regexp.MustCompile(`(?m)^  \S.* \[flags\]( \[--\] \[value\])?$`)
)

func TestEveryCommandThatAPageNamesExists(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../Makefile")
	require.NoError(t, err)
	checked := map[string]int{}
	for _, page := range pages(t) {
		for _, command := range commands(t, page) {
			typed, _, _ := strings.Cut(command, " #")
			words := strings.Fields(typed)
			checked[words[0]]++
			switch words[0] {
			case "make":
				assert.Contains(t, string(makefile), "\n"+words[1]+":", "%s: %s", page, command)
			case "bin/sagehost":
				understood(t, page, binary, words)
			case "pulumi":
				understood(t, page, tools.Pulumi, words)
			}
		}
	}
	for program, least := range map[string]int{"make": 20, "bin/sagehost": 30, "pulumi": 10} {
		assert.Greater(t, checked[program], least, program)
	}
}

// understood expects that a program knows a command and its flags.
func understood(t *testing.T, page, program string, words []string) {
	t.Helper()
	var path, flags []string
	for _, w := range words[1:] {
		switch {
		case flag.MatchString(w):
			flags = append(flags, flag.FindString(w))
		case len(flags) == 0 && word.MatchString(w):
			path = append(path, w)
		}
	}
	require.NotEmpty(t, path, "%s: %v", page, words)
	help := exec.CommandContext(t.Context(), program, append(path, "--help")...)
	help.Env = append(os.Environ(), "PULUMI_SKIP_UPDATE_CHECK=true")
	out, err := help.CombinedOutput()
	require.NoError(t, err, "%s: %v: %s", page, words, out)
	assert.Regexp(t, usage, string(out), "%s: %v is no command", page, words)
	for _, name := range flags {
		assert.Contains(t, string(out), name+" ", "%s: %v", page, words)
	}
}
