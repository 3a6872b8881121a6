package examples_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// copied lists what a Dockerfile copies of the repository, apart from go.mod.
func copied(t *testing.T, dockerfile string) []string {
	t.Helper()
	text, err := os.ReadFile(dockerfile)
	require.NoError(t, err)
	var folders []string
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) == 3 && words[0] == "COPY" && words[1] != "go.mod" {
			assert.Equal(t, words[1], words[2], "a package is found in the folder that it is named after")
			folders = append(folders, words[1])
		}
	}
	return folders
}

func TestImagesAreBuiltFromWhatTheirDockerfilesCopy(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"scoring", "preprocess"} {
		folders := copied(t, name+"/Dockerfile")
		list := exec.CommandContext(t.Context(), "go", "list", "-deps",
			"-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./"+name)
		packages, err := list.Output()
		require.NoError(t, err)
		require.NotEmpty(t, strings.Fields(string(packages)))
		for needed := range strings.FieldsSeq(string(packages)) {
			assert.True(t, slices.ContainsFunc(folders, func(folder string) bool {
				return strings.HasPrefix(needed+"/", "sagehost/"+folder+"/")
			}), "the image %s needs %s", name, needed)
		}
	}
}

func TestImagesTellSageMakerWhatTheyCanDo(t *testing.T) {
	t.Parallel()
	const label = "LABEL com.amazonaws.sagemaker.capabilities."
	for name, want := range map[string][]string{
		"scoring":    {"multi-models=true", "accept-bind-to-port=true"},
		"preprocess": {"accept-bind-to-port=true"},
	} {
		text, err := os.ReadFile(name + "/Dockerfile")
		require.NoError(t, err)
		var labels []string
		for line := range strings.Lines(string(text)) {
			if capability, found := strings.CutPrefix(strings.TrimSpace(line), label); found {
				labels = append(labels, capability)
			}
		}
		assert.Equal(t, want, labels, name)
	}
}
