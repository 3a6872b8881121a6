package settings

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const artifactFile = "models.flowers.artifactFile"

// project is a folder of files to name in settings. One lies outside it, in the folder above.
func project(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "project")
	for _, folder := range []string{"models", "folder.tar.gz"} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, folder), 0o700))
	}
	for _, file := range []string{"models/flowers.tar.gz", "models/flowers.zip", "../outside.tar.gz"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.FromSlash(file)), []byte("flowers"), 0o600))
	}
	require.NoError(t, os.Symlink("../outside.tar.gz", filepath.Join(dir, "link.tar.gz")))
	return dir
}

func TestFilesThatCannotBeUploadedAreRefused(t *testing.T) {
	t.Parallel()
	const (
		at          = "sagehost:" + artifactFile + ": "
		wantArchive = ` is not the name of an archive; expected one like "models/flowers.tar.gz"`
	)
	dir := project(t)
	for _, r := range []struct{ name, file, want string }{
		{"of another format", "models/flowers.zip", `"models/flowers.zip"` + wantArchive},
		{"that is not there", "models/irises.tar.gz", `there is no file "models/irises.tar.gz" in the folder of Pulumi.yaml`},
		{"in a folder that is not there", "x/y.tar.gz", `there is no file "x/y.tar.gz" in the folder of Pulumi.yaml`},
		{"above the folder", "../outside.tar.gz", `"../outside.tar.gz" is not in the folder of Pulumi.yaml`},
		{
			"above the folder, by a detour", "models/../../outside.tar.gz",
			`"models/../../outside.tar.gz" is not in the folder of Pulumi.yaml`,
		},
		{"by its full path", "/outside.tar.gz", `"/outside.tar.gz" is not in the folder of Pulumi.yaml`},
		{"that a link leads out to", "link.tar.gz", `"link.tar.gz" cannot be read: path escapes from parent`},
		{"that is a folder", "folder.tar.gz", `"folder.tar.gz" is not a file`},
		{
			"beneath a file", "models/flowers.tar.gz/x.tar.gz",
			`"models/flowers.tar.gz/x.tar.gz" cannot be read: not a directory`,
		},
		{
			"of a name with a line break, in one line", `"a\nb.tar.gz"`,
			`there is no file "a\nb.tar.gz" in the folder of Pulumi.yaml`,
		},
	} {
		refuse(t, []row{{name: r.name, dir: dir, set: change{artifactFile: r.file}, want: []string{at + r.want}}})
	}
	refuse(t, []row{
		{
			name: "next to an archive in Amazon S3", dir: dir,
			set: change{
				artifactFile: "models/flowers.tar.gz", "models.flowers.artifact": "s3://models/flowers/model.tar.gz",
			},
			want: []string{at + "contradicts artifact; at most one of the two can be given"},
		},
		{
			name: "of another format that is not there", dir: dir, set: change{artifactFile: "irises.zip"},
			want: []string{
				at + `"irises.zip"` + wantArchive, at + `there is no file "irises.zip" in the folder of Pulumi.yaml`,
			},
		},
	})
}

func TestAFileInTheFolderOfTheProjectIsAccepted(t *testing.T) {
	t.Parallel()
	dir := project(t)
	for _, name := range []string{
		"models/flowers.tar.gz", "./models/flowers.tar.gz", "folder.tar.gz/../models/flowers.tar.gz",
	} {
		source := configured(t, change{artifactFile: name})
		source.Dir = dir
		s, err := Parse(source)
		require.NoError(t, err)
		assert.Equal(t, name, s.Models["flowers"].ArtifactFile)
		assert.Empty(t, s.Models["flowers"].Artifact)
	}
}
