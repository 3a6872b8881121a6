package release

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	digits   = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/"
	// sampleID was computed in another language, by the recipe in the comment of canonical.
	sampleID = "2557f87cadc294dbee8ac65cce20c4597ea158f1c18268ea36bdc9fc8496c9e9"
)

func sample() Subject {
	return Subject{Containers: []Container{
		{Hostname: "prepare", Image: registry + "preprocess@sha256:" + digits},
		{
			Hostname:    "score",
			Image:       registry + "scoring@sha256:" + digits,
			Artifact:    &Artifact{URI: "s3://models/flowers/model.tar.gz", SHA256: digits, Size: 2588},
			Environment: map[string]string{"LOG_LEVEL": "warning", "GREETING": "<é> \"\\\t\u2028\\u2028 & \x7f"},
		},
	}}
}

func sealed(t *testing.T) *Release {
	t.Helper()
	r, err := New(sample())
	require.NoError(t, err)
	r.Source = Source{Commit: strings.Repeat("c", 40), Builder: "a test"}
	return r
}

func TestTheIDIsTheHashOfTheCanonicalSubject(t *testing.T) {
	t.Parallel()
	subject := sample()
	text, err := canonical(&subject)
	require.NoError(t, err)
	//nolint:testifylint // every byte counts
	assert.Equal(t, `{"containers":[`+
		`{"hostname":"prepare","image":"`+registry+`preprocess@sha256:`+digits+`"},`+
		`{"artifact":{"sha256":"`+digits+`","size":2588,"uri":"s3://models/flowers/model.tar.gz"},`+
		`"environment":{"GREETING":"<é> \"\\\t`+"\u2028"+`\\u2028 & `+"\x7f"+`","LOG_LEVEL":"warning"},`+
		`"hostname":"score","image":"`+registry+`scoring@sha256:`+digits+`"}]}`, string(text))
	r, err := New(subject)
	require.NoError(t, err)
	assert.Equal(t, sampleID, r.ID)
}

func TestAFileIsNamedAfterTheModelAndTheBeginningOfTheID(t *testing.T) {
	t.Parallel()
	assert.Equal(t, filepath.Join("releases", "flowers", "9f86d081884c.yaml"), Path("releases", "flowers", digits))
}

func TestABadSubjectIsRefusedWithAllItsProblems(t *testing.T) {
	t.Parallel()
	_, err := New(Subject{Containers: []Container{
		{Image: registry + "scoring:1.0.0"},
		{
			Hostname:    "a_b",
			Artifact:    &Artifact{URI: "s3://models/m.tar.gz?X-Amz-Signature=1", SHA256: "ABC"},
			Environment: map[string]string{"1ST": "x", "LONG": strings.Repeat("é", 1025), "BYTES": "\xff"},
		},
	}})
	assert.EqualError(t, err, strings.Join([]string{
		`subject.containers[0].hostname: is required`,
		`subject.containers[0].image: "` + registry + `scoring:1.0.0" is not an image by digest (name@sha256:…)`,
		`subject.containers[1].artifact.sha256: "ABC" is not a hash of 64 lower-case hexadecimal digits`,
		`subject.containers[1].artifact.size: 0 is less than 1`,
		`subject.containers[1].artifact.uri: "s3://models/m.tar.gz?X-Amz-Signature=1" is not an object in Amazon S3; ` +
			`expected one like "s3://bucket/path/model.tar.gz"`,
		`subject.containers[1].environment.BYTES: is not UTF-8`,
		`subject.containers[1].environment.LONG: has 1025 characters; at most 1024 are allowed`,
		`subject.containers[1].environment["1ST"]: the name "1ST" may only have letters, digits and underscores, ` +
			"and no digit at its start",
		`subject.containers[1].hostname: "a_b" may only have letters, digits and hyphens, and no ` +
			"hyphen at its start or end",
		`subject.containers[1].image: is required`,
	}, "\n"))
}

func TestAnArtifactIsNamedInEveryFormOfALocation(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]bool{
		"s3://models/m.tar.gz":                            true,
		"https://models.s3.eu-west-1.amazonaws.com/m":     true,
		"https://s3.amazonaws.com/models/a/m.tar.gz":      true,
		"https://example.com/m.tar.gz":                    false,
		"https://models.s3.eu-west-1.amazonaws.com/m?X=1": false,
		"https://models.s3.eu-west-1.amazonaws.com":       false,
		"s3://models": false,
	} {
		_, err := New(Subject{Containers: []Container{{
			Image: registry + "scoring@sha256:" + digits, Artifact: &Artifact{URI: uri, SHA256: digits, Size: 1},
		}}})
		assert.Equal(t, want, err == nil, uri)
	}
}

func TestASubjectHasOneToFifteenContainersOfDifferentNames(t *testing.T) {
	t.Parallel()
	_, err := New(Subject{})
	assert.EqualError(t, err, "subject.containers: has 0 entries; 1 to 15 are allowed")

	image := registry + "scoring@sha256:" + digits
	many := Subject{}
	for range 15 {
		many.Containers = append(many.Containers, Container{
			Hostname: strings.Repeat("h", len(many.Containers)+1), Image: image,
		})
	}
	_, err = New(many)
	assert.NoError(t, err)
	many.Containers = append(many.Containers, Container{Hostname: "h", Image: image})
	_, unnamed := New(Subject{Containers: []Container{{Image: image}, {Image: image}}})
	assert.NoError(t, unnamed)
	_, err = New(many)
	assert.EqualError(t, err, "subject.containers: has 16 entries; 1 to 15 are allowed\n"+
		`subject.containers[15].hostname: "h" stands at subject.containers[0] too`)
}

func TestTheRepositorysReleasesAreSound(t *testing.T) {
	t.Parallel()
	const dir = "../../releases"
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		r, err := Parse(text)
		require.NoError(t, err, file)
		model := filepath.Base(filepath.Dir(file))
		assert.Equal(t, Path(dir, model, r.ID), file)
		if r.Supersedes != "" {
			_, err := Load(dir, model, r.Supersedes)
			assert.NoError(t, err, file)
		}
	}
}
