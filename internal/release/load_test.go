package release

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// written writes the sample and returns its folder, its file and its release.
func written(t *testing.T) (dir, path string, r *Release) {
	t.Helper()
	dir, r = t.TempDir(), sealed(t)
	path, err := r.Write(dir, "flowers")
	require.NoError(t, err)
	return dir, path, r
}

func TestAReleaseIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	dir, path, r := written(t)
	assert.Equal(t, Path(dir, "flowers", sampleID), path)
	assert.Len(t, r.Digests, 11)
	have, err := Load(dir, "flowers", sampleID)
	require.NoError(t, err)
	assert.Equal(t, r, have)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o644), info.Mode().Perm())
}

func TestAManifestIsNeverOverwritten(t *testing.T) {
	t.Parallel()
	dir, path, _ := written(t)
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	again := sealed(t)
	again.Source.Builder = "another test"
	_, err = again.Write(dir, "flowers")
	require.ErrorIs(t, err, fs.ErrExist)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
	left, err := os.ReadDir(dir + "/flowers")
	require.NoError(t, err)
	assert.Len(t, left, 1)
}

func TestAReleaseWithoutASourceIsNotWritten(t *testing.T) {
	t.Parallel()
	r, err := New(sample())
	require.NoError(t, err)
	_, err = r.Write(t.TempDir(), "flowers")
	assert.EqualError(t, err, "release of model \"flowers\": source.builder: is required\nsource.commit: is required")
}

func TestEvidenceIsAddedAndNothingElseChanges(t *testing.T) {
	t.Parallel()
	dir, path, r := written(t)
	smoke := Evidence{Gate: "smoke", Result: Pass, Subject: sampleID, Stack: "test", At: noon}
	evaluation := Evidence{
		Gate: "evaluation", Result: Inconclusive, Subject: sampleID, Stack: "test", At: noon.Add(time.Minute),
		Measurements: map[string]float64{"accuracy": 0.97, "samples": 3}, Data: digits,
		Detail: "too few samples",
	}
	_, err := Append(dir, "flowers", sampleID, smoke)
	require.NoError(t, err)
	have, err := Append(dir, "flowers", sampleID, evaluation)
	require.NoError(t, err)
	r.Evidence = []Evidence{smoke, evaluation}
	assert.Equal(t, r, have)
	have, err = Load(dir, "flowers", sampleID)
	require.NoError(t, err)
	assert.Equal(t, r, have)
	assert.Equal(t, Path(dir, "flowers", have.ID), path)
}

func TestBadEvidenceIsNotAdded(t *testing.T) {
	t.Parallel()
	dir, path, _ := written(t)
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	_, err = Append(dir, "flowers", sampleID, Evidence{
		Gate: "smoke", Result: "passed", Subject: digits, Data: digits[1:],
	})
	assert.EqualError(t, err, "release "+sampleID+` of model "flowers": evidence[0].at: is required`+"\n"+
		`evidence[0].data: "`+digits[1:]+`" is not a hash of 64 lower-case hexadecimal digits`+"\n"+
		`evidence[0].result: "passed" is not one of pass, measured, inconclusive, fail; did you mean "pass"?`+"\n"+
		`evidence[0].stack: is required`+"\n"+
		`evidence[0].subject: "`+digits+`" is another release`)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
}

func TestWhatCannotBeAManifestIsNotLookedFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ model, id, want string }{
		"a folder elsewhere": {
			"../flowers", digits, `model: "../flowers" is not a model's name of letters, digits and hyphens`,
		},
		"a part of an id": {
			"flowers", digits[:12], `release: "9f86d081884c" is not a hash of 64 lower-case hexadecimal digits`,
		},
		"nothing": {"", "", "model: is required\nrelease: is required"},
	} {
		_, err := Load(t.TempDir(), test.model, test.id)
		assert.EqualError(t, err, test.want, name)
	}
	_, err := Load("releases", "flowers", digits)
	assert.EqualError(t, err, "release "+digits+` of model "flowers": there is no releases/flowers/9f86d081884c.yaml`)
}

func TestAnotherReleaseUnderTheSameNameIsRefused(t *testing.T) {
	t.Parallel()
	dir, path, _ := written(t)
	other := sampleID[:12] + strings.Repeat("0", 52)
	_, err := Load(dir, "flowers", other)
	assert.EqualError(t, err, path+": holds the release "+sampleID+" and not "+other)
}

func TestAnEditedManifestIsRefusedAndTheEditNamed(t *testing.T) {
	t.Parallel()
	_, path, _ := written(t)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	const score = "subject.containers[1]"
	for _, test := range []struct{ name, old, replacement, want string }{
		{
			"a value", "LOG_LEVEL: warning", "LOG_LEVEL: debug",
			score + ".environment.LOG_LEVEL: was edited after the release was written",
		},
		{
			"a number", "size: 2588", "size: 2589",
			score + ".artifact.size: was edited after the release was written",
		},
		{
			"a new member", "LOG_LEVEL: warning", "LOG_LEVEL: warning\n        MORE: x",
			score + ".environment.MORE: was added after the release was written",
		},
		{
			"a member that is gone", "        LOG_LEVEL: warning\n", "",
			score + ".environment.LOG_LEVEL: was removed after the release was written",
		},
		{"the source", "builder: a test", "builder: me", "source.builder: was edited after the release was written"},
		{
			"what it supersedes", "digests:\n", "supersedes: " + digits + "\ndigests:\n",
			"supersedes: was added after the release was written",
		},
		{
			"the id", "id: " + sampleID, "id: " + digits,
			`id: "` + digits + `" is not the hash of the subject, which is "` + sampleID + `"`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			edited := strings.Replace(string(text), test.old, test.replacement, 1)
			require.NotEqual(t, string(text), edited)
			_, err := Parse([]byte(edited))
			assert.EqualError(t, err, test.want)
		})
	}
}

func TestASubjectEditedTogetherWithItsDigestIsRefusedByTheID(t *testing.T) {
	t.Parallel()
	_, path, r := written(t)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	forged := *r
	forged.Subject = sample()
	forged.Subject.Containers[1].Artifact.Size++
	digests, err := forged.digests()
	require.NoError(t, err)
	const field = "subject.containers[1].artifact.size"
	edited := strings.NewReplacer("size: 2588", "size: 2589", r.Digests[field], digests[field]).Replace(string(text))
	_, err = Parse([]byte(edited))
	id, hashErr := forged.Subject.id()
	require.NoError(t, hashErr)
	assert.EqualError(t, err, `id: "`+sampleID+`" is not the hash of the subject, which is "`+id+`"`)
}
