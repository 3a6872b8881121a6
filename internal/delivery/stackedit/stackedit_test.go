package stackedit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	oldID = strings.Repeat("a", 64)
	newID = strings.Repeat("b", 64)
)

func TestOnlyTheIDChanges(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"plain":                      "config:\n  sagehost:models:\n    flowers:\n      release: OLD\n",
		"in single quotes":           "config:\n  sagehost:models:\n    flowers:\n      release: 'OLD'  # of March\n",
		"in double quotes":           "config:\n  sagehost:models:\n    flowers: {release:   \"OLD\" , direct: true}\n",
		"without the project's name": "config:\n  models:\n    flowers:\n      release: OLD\n",
		"with line breaks of Windows": "config:\r\n  # ours\r\n  sagehost:models:\r\n    flowers:\r\n" +
			"      release: OLD # of March\r\n      networkIsolation: false\r\n",
		"among comments and other models of the same release": "# é ü\nconfig: # c\n\n  sagehost:models:\n" +
			"    petals: {release: OLD}\n    # the one\n    flowers: # x\n      # y\n      release: OLD\n\n\n" +
			"  sagehost:pinned: true\n...\n",
		"without an end of the last line": "config:\n  sagehost:models:\n    flowers:\n      release: OLD",
		"behind text of several bytes": "config: {sagehost:alerts: {x: 'é€'}, sagehost:models: {flowers: {release: " +
			"OLD}}}\n",
		"beside an anchor elsewhere": "config:\n  sagehost:storage: &s {protect: true}\n  x:y: *s\n" +
			"  sagehost:models:\n    flowers:\n      release: OLD\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			edit, err := SetRelease([]byte(strings.ReplaceAll(text, "OLD", oldID)), "flowers", newID)
			require.NoError(t, err)
			at := strings.LastIndex(text, "OLD")
			want := strings.ReplaceAll(text[:at], "OLD", oldID) + newID + text[at+len("OLD"):]
			assert.Equal(t, want, string(edit.After))
			assert.Equal(t, oldID, edit.Old)
			assert.Empty(t, edit.Replaced)
			assert.True(t, edit.Changed())
		})
	}
}

func TestAReleaseReplacesAnInlineDescription(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, before, after string
		replaced            []string
	}{
		{
			"all there is", "    flowers:\n      image: x:1 # why\n      artifactFile: a.tar.gz\n",
			"    flowers:\n      release: ID\n",
			[]string{"image", "artifactFile"},
		},
		{
			"around what stays", "    flowers: # f\n      # on top\n      networkIsolation: false # n\n" +
				"      image: x:1\n      # before joinNetwork\n      joinNetwork: true\n      environment:\n        A: b\n" +
				"        # inside\n        C: d\n\n    # the next\n    petals:\n      image: y\n",
			"    flowers: # f\n      # on top\n      networkIsolation: false # n\n" +
				"      release: ID\n      # before joinNetwork\n      joinNetwork: true\n\n    # the next\n    petals:\n" +
				"      image: y\n",
			[]string{"image", "environment"},
		},
		{
			"of a pipeline", "    flowers:\n      containers:\n        - hostname: a\n          image: x:1\n" +
				"        - hostname: b\n          image: x:2\n          environment: {A: |\n  b}\n      direct: true\n",
			"", nil,
		},
		{
			"of a pipeline, in blocks", "    flowers:\n      containers:\n        - hostname: a\n          image: x:1\n" +
				"        - hostname: b\n          environment:\n            A: |\n              one\n\n              two\n" +
				"      direct: true\n",
			"    flowers:\n      release: ID\n      direct: true\n",
			[]string{"containers"},
		},
		{
			"in the lines of Windows", "    flowers:\r\n      image: x:1\r\n      direct: false\r\n",
			"    flowers:\r\n      release: ID\r\n      direct: false\r\n",
			[]string{"image"},
		},
		{
			"at the end of the document", "    flowers:\n      image: x:1\n      artifact: s3://b/k\n...\n",
			"    flowers:\n      release: ID\n...\n",
			[]string{"image", "artifact"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			const head, tail = "config:\n  sagehost:models:\n", ""
			edit, err := SetRelease([]byte(head+test.before+tail), "flowers", newID)
			if test.after == "" {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, head+strings.ReplaceAll(test.after, "ID", newID), string(edit.After))
			assert.Equal(t, test.replaced, edit.Replaced)
			assert.Empty(t, edit.Old)
		})
	}
}

func TestAnIDOfDigitsAloneStaysText(t *testing.T) {
	t.Parallel()
	digits := strings.Repeat("7", 64)
	edit, err := SetRelease([]byte("config: {models: {flowers: {release: "+oldID+"}}}"), "flowers", digits)
	require.NoError(t, err)
	assert.Equal(t, `config: {models: {flowers: {release: "`+digits+`"}}}`, string(edit.After))
}

func TestTheSameReleaseIsNoChange(t *testing.T) {
	t.Parallel()
	text := "config: {models: {flowers: {release: " + oldID + "}}}"
	edit, err := SetRelease([]byte(text), "flowers", oldID)
	require.NoError(t, err)
	assert.False(t, edit.Changed())
}

func TestWhatCannotBeEditedIsRefused(t *testing.T) {
	t.Parallel()
	const written = "its release is written in a form that cannot be edited here; write it as plain text"
	for name, test := range map[string]struct{ models, want string }{
		"no such model":   {"{flower: {image: x}}", `sagehost:models has no flowers; did you mean "flower"?`},
		"no model at all": {"{}", "sagehost:models has no flowers"},
		"an anchor on the way": {
			"&all {flowers: {release: x}}",
			"sagehost:models uses an anchor, whose value stands for several things; write the value itself",
		},
		"an anchored model": {
			"{flowers: &f {release: x}, petals: *f}",
			"flowers uses an anchor, whose value stands for several things; write the value itself",
		},
		"an anchored id": {
			"{flowers: {release: &id x}, petals: {release: *id}}",
			"sagehost:models.flowers uses an anchor, whose value stands for several things; write the value itself",
		},
		"an alias for the model": {
			"{petals: &f {release: x}, flowers: *f}",
			"flowers uses an anchor, whose value stands for several things; write the value itself",
		},
		"a merged description": {
			"{petals: &f {image: x}, flowers: {<<: *f}}",
			"sagehost:models.flowers uses an anchor, whose value stands for several things; write the value itself",
		},
		"a model that is no object": {"{flowers: x}", "flowers is not an object"},
		"models that are no object": {"x", "sagehost:models is not an object"},
		"a release over lines":      {"{flowers: {release: \"a\\\n  b\"}}", `model "flowers": ` + written},
		"a release of escapes":      {`{flowers: {release: "\x61"}}`, `model "flowers": ` + written},
		"a release with a type":     {"{flowers: {release: !!str abc}}", `model "flowers": ` + written},
		"no release":                {"{flowers: {release: }}", `model "flowers": ` + written},
		"a number":                  {"{flowers: {release: 12}}", `model "flowers": ` + written},
		"braces": {
			"{flowers: {image: x}}", `model "flowers": it is written in braces; write it in lines of its own first`,
		},
		"many models": {
			"\n    flowers:\n      image: x\n      multiModel: {}",
			`model "flowers": it has multiModel, which no release can say`,
		},
		"nothing to replace": {
			"\n    flowers:\n      direct: true",
			`model "flowers": it has neither a release nor a description of its containers`,
		},
		"explicit keys": {
			"\n    flowers:\n      ? image\n      : x\n      direct: true",
			`model "flowers": its release cannot be changed without changing something else; edit it by hand`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := SetRelease([]byte("config:\n  sagehost:models: "+test.models+"\n"), "flowers", newID)
			assert.EqualError(t, err, test.want)
		})
	}
}

func TestFilesThatAreNotAStacksAreRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "the file cannot be read: EOF",
		"a: [":                          "the file cannot be read: yaml: line 1: did not find expected node content",
		"- a":                           "the file is not an object",
		"a: b":                          "the file has no config",
		"config: {}":                    "config has no sagehost:models",
		"config: {}\n---\nconfig: {}\n": "the file is not one document alone",
		"config: {}\n# \xff":            "the file is not UTF-8",
		"config: {}\r# a":               "the file has line breaks other than LF and CRLF",
		"config: {}\n# \u2028":          "the file has line breaks other than LF and CRLF",
	} {
		_, err := SetRelease([]byte(text), "flowers", newID)
		assert.EqualError(t, err, want, text)
	}
	_, err := SetRelease(nil, "flowers", "abc")
	assert.EqualError(t, err, `"abc" is not a release's id of 64 lower-case hexadecimal digits`)
}

func TestTheDiffShowsTheChange(t *testing.T) {
	t.Parallel()
	edit, err := SetRelease([]byte("config:\n  models:\n    flowers:\n      image: x\n"), "flowers", newID)
	require.NoError(t, err)
	diff, err := edit.Diff("Pulumi.prod.yaml")
	require.NoError(t, err)
	assert.Equal(t, "--- a/Pulumi.prod.yaml\n+++ b/Pulumi.prod.yaml\n@@ -1,4 +1,4 @@\n config:\n   models:\n     "+
		"flowers:\n"+
		"-      image: x\n+      release: "+newID+"\n", diff)
}

func TestTheDiffSaysWhereTheLastLineHasNoEnd(t *testing.T) {
	t.Parallel()
	edit, err := SetRelease([]byte("config: {models: {flowers: {release: "+oldID+"}}}"), "flowers", newID)
	require.NoError(t, err)
	diff, err := edit.Diff("x")
	require.NoError(t, err)
	const none = "\n\\ No newline at end of file\n"
	assert.Equal(t, "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-"+string(edit.Before)+none+"+"+string(edit.After)+none, diff)
}

func TestAFileThatSomebodyElseChangedIsNotWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "Pulumi.prod.yaml")
	text := "config: {models: {flowers: {release: " + oldID + "}}}"
	edit, err := SetRelease([]byte(text), "flowers", newID)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(text+"\n"), 0o600))
	require.EqualError(t, edit.Write(path), path+" was changed by somebody else at the same time; nothing was written")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	require.NoError(t, edit.Write(path))
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(edit.After), string(have))
	assert.Error(t, edit.Write(filepath.Join(filepath.Dir(path), "missing.yaml")))
}
