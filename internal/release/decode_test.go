package release

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/kit/check"
	"sagehost/kit/check/strictyaml"
)

func TestAMalformedManifestIsRefusedWithAllItsProblems(t *testing.T) {
	t.Parallel()
	at := check.New("")
	strictyaml.Decode(at, []byte(`
id: 123
subject:
  containers:
    - imag: x
      image: [x]
      environment: {A: true, B: 1, A: x, C: ~}
      artifact: {uri: s3://models/m.tar.gz, size: big}
    - artifact: {size: 0x10}
source: none
digests: []
evidence:
  gate: smoke
supersedes: &anchor x
`), &Release{})
	assert.EqualError(t, at.Err(), strings.Join([]string{
		`digests: is not an object`,
		`evidence: is not a list`,
		`id: 123 is not text; put it in quotes`,
		`source: is not an object`,
		`subject.containers[0].artifact.size: "big" is not a number`,
		`subject.containers[0].environment.A: is given twice`,
		`subject.containers[0].environment.B: 1 is not text; put it in quotes`,
		`subject.containers[0].environment.C: ~ is not text; put it in quotes`,
		`subject.containers[0].imag: is an unknown key; did you mean "image"?`,
		`subject.containers[0].image: is an object or a list, which cannot stand here`,
		`subject.containers[1].artifact.size: "0x10" is not a number in decimal digits`,
		`supersedes: uses an anchor; write the value itself`,
	}, "\n"))
}

func TestAProblemOfFormHidesWhatFollowsFromIt(t *testing.T) {
	t.Parallel()
	_, path, _ := written(t)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	edited := strings.Replace(string(text), "size: 2588", "size: big", 1)
	_, err = Parse([]byte(edited))
	assert.EqualError(t, err, `subject.containers[1].artifact.size: "big" is not a number`)
}

// What is read is sound: it can be written again, and is the same then.
func FuzzManifest(f *testing.F) {
	r, err := New(sample())
	require.NoError(f, err)
	r.Source = Source{Commit: strings.Repeat("c", 40), Builder: "a test"}
	r.Evidence = []Evidence{{
		Gate: "bake", Result: Fail, Subject: r.ID, Stack: "test", At: noon, Measurements: map[string]float64{"alarms": 1},
	}}
	text, err := r.seal("flowers")
	require.NoError(f, err)
	for _, seed := range []string{
		string(text), "", "id: x", "subject: {containers: [{}]}", "a: &a [*a]", "evidence: [{at: 2026-11-23}]", "? x",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Parse(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		again, err := r.seal("flowers")
		require.NoError(t, err)
		back, err := Parse(again)
		require.NoError(t, err)
		require.Equal(t, r.ID, back.ID)
		require.Equal(t, r.Subject, back.Subject)
	})
}
