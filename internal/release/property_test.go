package release

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"sagehost/kit/check"
)

// subjects are sound subjects of one to four containers.
func subjects() *rapid.Generator[Subject] {
	image := rapid.StringMatching(`[a-z]{1,8}(/[a-z]{1,8})?@sha256:[0-9a-f]{64}`)
	artifact := rapid.Custom(func(t *rapid.T) *Artifact {
		return &Artifact{
			URI:    rapid.StringMatching(`s3://[a-z0-9]{3,20}/[a-zA-Z0-9/ü_-]{0,20}m\.tar\.gz`).Draw(t, "uri"),
			SHA256: rapid.StringMatching(`[0-9a-f]{64}`).Draw(t, "sha256"),
			Size:   rapid.Int64Range(1, 1<<62).Draw(t, "size"),
		}
	})
	// The upper bound of a text counts bytes, of which a character has up to four.
	environment := rapid.MapOfN(rapid.StringMatching(`[a-zA-Z_][a-zA-Z0-9_]{0,20}`), rapid.StringN(0, 100, -1), 0, 5)
	return rapid.Custom(func(t *rapid.T) Subject {
		var s Subject
		for i := range rapid.IntRange(1, 4).Draw(t, "containers") {
			c := Container{Image: image.Draw(t, "image"), Environment: environment.Draw(t, "environment")}
			c.Hostname = "c" + strconv.Itoa(i)
			if rapid.Bool().Draw(t, "archived") {
				c.Artifact = artifact.Draw(t, "artifact")
			}
			s.Containers = append(s.Containers, c)
		}
		return s
	})
}

func sealedSubject(t *rapid.T, subject Subject) (*Release, []byte) {
	r, err := New(subject)
	require.NoError(t, err)
	r.Source = Source{Commit: fmt.Sprintf("%040x", 1), Builder: "a test"}
	text, err := r.seal("flowers")
	require.NoError(t, err)
	return r, text
}

func TestEverySoundReleaseIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		subject := subjects().Draw(t, "subject")
		r, text := sealedSubject(t, subject)
		back, err := Parse(text)
		require.NoError(t, err)
		require.Equal(t, r.ID, back.ID)
		require.Equal(t, r.Digests, back.Digests)
		id, err := back.Subject.id()
		require.NoError(t, err)
		require.Equal(t, r.ID, id)
	})
}

// leaf is one value of a manifest's subject.
type leaf struct {
	path string
	node *yaml.Node
}

// leavesOf finds the values beneath a node.
func leavesOf(path string, node *yaml.Node) []leaf {
	var found []leaf
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(node.Content); i += 2 {
			found = append(found, leavesOf(path+"."+node.Content[i].Value, node.Content[i+1])...)
		}
	case yaml.SequenceNode:
		for i, element := range node.Content {
			found = append(found, leavesOf(fmt.Sprintf("%s[%d]", path, i), element)...)
		}
	default:
		found = append(found, leaf{path, node})
	}
	return found
}

func TestAnySingleEditOfASubjectIsRefusedByName(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, text := sealedSubject(t, subjects().Draw(t, "subject"))
		var document yaml.Node
		require.NoError(t, yaml.Unmarshal(text, &document))
		var subject *yaml.Node
		for i, node := range document.Content[0].Content {
			if node.Value == "subject" && i%2 == 0 {
				subject = document.Content[0].Content[i+1]
			}
		}
		edited := rapid.SampledFrom(leavesOf("subject", subject)).Draw(t, "value")
		value := rapid.String().Filter(func(s string) bool { return s != edited.node.Value }).Draw(t, "new value")
		edited.node.SetString(value)
		// The library does not read back every block that it writes.
		edited.node.Style = yaml.DoubleQuotedStyle
		changed, err := yaml.Marshal(&document)
		require.NoError(t, err)

		_, err = Parse(changed)
		var problems check.Problems
		require.ErrorAs(t, err, &problems)
		require.NotEmpty(t, problems)
		for _, problem := range problems {
			require.Equal(t, edited.path, problem.Path, problem.Text)
		}
	})
}
