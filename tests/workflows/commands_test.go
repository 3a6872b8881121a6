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

// blocks are the commands in the fenced blocks of a page, one a line.
func blocks(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../docs", page))
	require.NoError(t, err)
	var commands []string
	inside := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "```sh":
			inside = true
		case line == "```":
			inside = false
		case inside && line != "":
			commands = append(commands, line)
		}
	}
	return commands
}

// others are programs of others, whose commands are not looked into.
var others = map[string]bool{"aws": true, "cd": true, "cp": true, "export": true, "git": true}

var (
	flag = regexp.MustCompile(`^--[a-z-]+`)
	word = regexp.MustCompile(`^[a-z-]+$`)
)

func TestEveryCommandOfDeliveryAndRunbooksExists(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../Makefile")
	require.NoError(t, err)
	checked := map[string]int{}
	for _, page := range []string{"delivery.md", "runbooks.md"} {
		for _, command := range blocks(t, page) {
			words := strings.Fields(command)
			checked[words[0]]++
			switch words[0] {
			case "make":
				assert.Contains(t, string(makefile), "\n"+words[1]+":", command)
			case "bin/sagehost":
				understood(t, binary, words)
			case "pulumi":
				understood(t, tools.Pulumi, words)
			default:
				assert.True(t, others[words[0]], "what is %q?", command)
			}
		}
	}
	assert.Greater(t, checked["bin/sagehost"], 8)
	assert.Greater(t, checked["pulumi"], 8)
}

// understood expects that a program knows a command and its flags.
func understood(t *testing.T, program string, words []string) {
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
	require.NotEmpty(t, path, "%v", words)
	help := exec.CommandContext(t.Context(), program, append(path, "--help")...)
	help.Env = append(os.Environ(), "PULUMI_SKIP_UPDATE_CHECK=true")
	out, err := help.CombinedOutput()
	require.NoError(t, err, "%v: %s", words, out)
	assert.NotContains(t, string(out), "Available Commands:", "%v is no command", words)
	for _, name := range flags {
		assert.Contains(t, string(out), name+" ", "%v", words)
	}
}
