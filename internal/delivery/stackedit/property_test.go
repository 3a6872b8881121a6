package stackedit

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

// stackFile draws a stack's file with comments, empty lines and quotes anywhere, in which the model "flowers" names the
// release MARK, in the lines of one system or another.
func stackFile(t *rapid.T) string {
	noise := func(indent string) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
			"\n", indent + "# release: x\n", indent + "#\n", "# é€😀\n", "   \n",
		}), 0, 3).Draw(t, "noise"), "")
	}
	remark := rapid.SampledFrom([]string{"", " # a remark", " # release: 'y'"})
	var text strings.Builder
	text.WriteString(noise("") + "config:" + remark.Draw(t, "remark") + "\n")
	for i := range rapid.IntRange(0, 2).Draw(t, "keys before") {
		fmt.Fprintf(&text, "%s  x:before%d: %s\n", noise("  "), i, rapid.SampledFrom([]string{
			"{a: [1, 'two', \"three\"]}", "|\n    release: x\n\n    flowers:", "'it''s'", "~", "é: ü",
		}[:4]).Draw(t, "value"))
	}
	text.WriteString(noise("  ") + "  sagehost:models:" + remark.Draw(t, "remark") + "\n")
	if rapid.Bool().Draw(t, "petals first") {
		text.WriteString("    petals: {release: MARK-not}\n" + noise("    "))
	}
	text.WriteString("    flowers:" + remark.Draw(t, "remark") + "\n" + noise("      "))
	if rapid.Bool().Draw(t, "more of the model") {
		text.WriteString("      joinNetwork: false\n")
	}
	quote := rapid.SampledFrom([]string{"", "'", `"`}).Draw(t, "quote")
	text.WriteString("      release:" + rapid.SampledFrom([]string{" ", "   ", "\n          "}).Draw(t, "gap") +
		quote + "MARK" + quote + remark.Draw(t, "remark") + "\n" + noise("      "))
	if rapid.Bool().Draw(t, "more behind") {
		text.WriteString("      direct: false\n" + noise("") + "    vines:\n      image: x\n" + noise("  ") + "  y:z: 1\n")
	}
	file := text.String()
	if rapid.Bool().Draw(t, "no end of the last line") {
		file = strings.TrimRight(file, "\n ")
	}
	if rapid.Bool().Draw(t, "windows") {
		file = strings.ReplaceAll(file, "\n", "\r\n")
	}
	return file
}

func TestWhateverTheFileLooksLikeOnlyTheIDChanges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		file := stackFile(t)
		id := rapid.StringMatching(`[0-9a-f]{64}`).Draw(t, "id")
		at := strings.LastIndex(file, "MARK")
		edit, err := SetRelease([]byte(file[:at]+oldID+file[at+4:]), "flowers", id)
		require.NoError(t, err)
		require.Equal(t, file[:at]+id+file[at+4:], string(edit.After))
		back, err := SetRelease(edit.After, "flowers", oldID)
		require.NoError(t, err)
		require.Equal(t, string(edit.Before), string(back.After))
	})
}

// Whatever is edited holds the new release and, but for the keys that gave way, what it held before.
func FuzzSetRelease(f *testing.F) {
	for _, seed := range []string{
		"config:\n  sagehost:models:\n    flowers:\n      release: " + oldID + " # x\n",
		"config:\n  sagehost:models:\n    flowers:\n      image: x\n      # c\n      environment:\n        A: |\n     " +
			"     # b\n",
		"config: {models: {flowers: {release: 'x'}}}", "config:\r\n  models:\r\n    flowers:\r\n      image: x\r\n",
		"? config\n: models:\n    flowers: {release: x}", "config: &a {models: *a}", "\ufeffconfig: {models: " +
			"{flowers: {release: x}}}",
		"%YAML 1.2\n---\nconfig: {models: {flowers: {release: x}}}\n...\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := bytes.Clone(text)
		edit, err := SetRelease(text, "flowers", newID)
		require.Equal(t, before, text)
		if err != nil {
			return
		}
		var old, now map[string]any
		require.NoError(t, yaml.Unmarshal(edit.Before, &old))
		require.NoError(t, yaml.Unmarshal(edit.After, &now))
		models := func(tree map[string]any) map[string]any {
			config, ok := tree["config"].(map[string]any)
			require.True(t, ok)
			for _, key := range modelsKeys {
				if list, ok := config[key].(map[string]any); ok {
					model, ok := list["flowers"].(map[string]any)
					require.True(t, ok)
					return model
				}
			}
			return nil
		}
		was, is := models(old), models(now)
		require.Equal(t, newID, is[releaseKey])
		delete(was, releaseKey)
		delete(is, releaseKey)
		for _, key := range edit.Replaced {
			delete(was, key)
		}
		require.Equal(t, old, now)
	})
}
