package serving

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheEndOfTheRepositoryDecidesWhatRuns(t *testing.T) {
	t.Parallel()
	entries, err := decodeImages([]byte(`
images:
  - {repository: team/scoring, go: ./a}
  - {repository: scoring, go: ./b}
  - {repository: "pre-*", go: ./c}
  - {repository: "*", go: ./d}
`))
	require.NoError(t, err)
	for uri, want := range map[string]string{
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/scoring:1.0": "./a",
		"team/scoring": "./a",
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1.0":          "./b",
		"other/scoring@sha256:0123":                                         "./b",
		"localhost:5000/deep/er/scoring:v1@sha256:0123":                     "./b",
		"pre-process:latest":                                                "./c",
		"scoring-2":                                                         "./d",
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring/trainer:team": "./d",
	} {
		i := &Images{path: filepath.Join(t.TempDir(), "none"), entries: entries}
		found, err := i.find(uri)
		require.NoError(t, err)
		assert.Equal(t, want, found.source, uri)
	}
}

func TestTheDefaultsHaveTheExamplesAndCountWithoutAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "images.yaml")
	images, err := LoadImages(path, "/checkout")
	require.NoError(t, err)
	found, err := images.find("123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1")
	require.NoError(t, err)
	assert.Equal(t, image{repository: "scoring", source: "./examples/scoring"}, found)
	_, err = images.find("registry.example/team/unknown:1")
	assert.EqualError(t, err, "no local program stands for the image registry.example/team/unknown:1: add an entry with "+
		`"repository: unknown" and "go" or "command" to `+path)
}

func TestAllProblemsOfTheFileAreTold(t *testing.T) {
	t.Parallel()
	_, err := decodeImages([]byte(`
version: 1
images:
  - repository: a
    go: ./x
    comand: [run]
  - go: ./x
  - repository: a
  - {repository: a, go: ./x, command: [run]}
  - {repository: a, go: ./x, directory: ./y}
  - {repository: "registry:80/a", go: ../x}
  - {repository: a, command: run, environment: {"A-B": 1, C: [1]}}
  - {repository: a, command: [[x]], directory: ""}
  - run
  - {repository: a, repository: b, go: [x]}
`))
	assert.EqualError(t, err, strings.TrimSpace(`
line 2: version: unknown key; allowed are: images
line 6: images[0].comand: unknown key; allowed are: command, directory, environment, go, repository
line 7: images[1]: want a repository
line 8: images[2]: want either go or command
line 9: images[3]: want either go or command
line 10: images[4]: directory goes only with command
line 11: images[5].repository: "registry:80/a" is not the end of a repository, such as scoring, team/scoring or `+
		`scoring-*; leave registry, tag and digest out
line 11: images[5].go: "../x" is not a folder below the root of the checkout
line 12: images[6].command: want a list of a program and its arguments, such as [python3, server.py]
line 12: images[6].environment.A-B: want a name of letters, digits and _
line 12: images[6].environment.C: want a text
line 13: images[7].command[0]: want a text
line 13: images[7].directory: want a text
line 14: images[8]: want keys with values
line 15: images[9].repository: the key is there twice
line 15: images[9].go: want a text`))
	for text, want := range map[string]string{
		"":            "the file is empty; want a list called images",
		"[]":          "line 1: the file: want keys with values",
		"images: {}":  "line 1: images: want a list",
		"images: [}":  "yaml: did not find expected node content",
		"images: [a]": "line 1: images[0]: want keys with values",
	} {
		_, err := decodeImages([]byte(text))
		assert.ErrorContains(t, err, want)
	}
}

func TestAnEditCountsAtTheNextStart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "images.yaml")
	// The file's time is set, because two edits may fall into one tick of the file system.
	write := func(text string, age time.Duration) {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		at := time.Now().Add(-age)
		require.NoError(t, os.Chtimes(path, at, at))
	}
	write("images: [{repository: a, go: ./x}]", time.Hour)
	images, err := LoadImages(path, "/checkout")
	require.NoError(t, err)
	write("images: [{repository: a, go: ./y}]", time.Minute)
	found, err := images.find("a")
	require.NoError(t, err)
	assert.Equal(t, "./y", found.source)
	write("images: [{repository: a}]", time.Second)
	_, err = images.find("a")
	assert.EqualError(t, err, path+": line 1: images[0]: want either go or command")
	_, err = LoadImages(path, "/checkout")
	assert.EqualError(t, err, path+": line 1: images[0]: want either go or command")
	require.NoError(t, os.Remove(path))
	found, err = images.find("scoring")
	require.NoError(t, err)
	assert.Equal(t, "./examples/scoring", found.source)
}

func FuzzDecodeImages(f *testing.F) {
	f.Add([]byte(DefaultImages()))
	f.Add([]byte("images: [{repository: a, command: [x, y], directory: ., environment: {A: b}}]"))
	f.Add([]byte("images: [{repository: '[', go: /x}]"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		entries, err := decodeImages(text)
		if err != nil {
			return
		}
		for _, entry := range entries {
			assert.NotEmpty(t, entry.repository)
			assert.NotEqual(t, entry.source == "", len(entry.command) == 0)
			assert.True(t, entry.source == "" || filepath.IsLocal(entry.source))
		}
	})
}

func TestTheFileIsMadeOnceAndSeenToBeEdited(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "images.yaml")
	assert.False(t, EditedImages(path))
	require.NoError(t, WriteDefaultImages(path))
	assert.False(t, EditedImages(path))
	require.NoError(t, os.WriteFile(path, []byte("images: []\n"), 0o600))
	require.NoError(t, WriteDefaultImages(path))
	assert.True(t, EditedImages(path), "what a user has written stays")
	assert.Error(t, WriteDefaultImages(filepath.Join(path, "x")))
}
