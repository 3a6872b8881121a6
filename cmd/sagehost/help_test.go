package main

import (
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheHelpNamesTheValueOfEachFlagInOneWord(t *testing.T) {
	t.Parallel()
	flags := 0
	var look func(*cobra.Command)
	look = func(command *cobra.Command) {
		command.LocalFlags().VisitAll(func(f *pflag.Flag) {
			flags++
			placeholder, _ := pflag.UnquoteUsage(f)
			assert.NotContains(t, placeholder, " ", "%s --%s", command.CommandPath(), f.Name)
		})
		for _, child := range command.Commands() {
			look(child)
		}
	}
	look(newRoot(&app{out: io.Discard}))
	assert.Greater(t, flags, 60)
}

func TestTheCommandSaysItsVersion(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	root := newRoot(&app{out: &out})
	root.SetOut(&out)
	root.SetArgs([]string{"--version"})
	require.NoError(t, root.Execute())
	assert.Regexp(t, `^sagehost version \S+\n$`, out.String())
}
