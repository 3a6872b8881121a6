package settings

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPinnedStacksAcceptWhatStaysTheSame(t *testing.T) {
	t.Parallel()
	const image = "{image: '" + repository + "@" + digest + "'"
	assert.True(t, accept(t, change{"pinned": "true", "models.flowers.image": repository + "@" + digest}).Pinned)
	accept(t, withPinned(change{"models.flowers": image + ", multiModel: {}}"}))
	inFolder := func(dir string, set change) {
		source := configured(t, withPinned(set))
		source.Dir = dir
		_, err := Parse(source)
		require.NoError(t, err)
	}
	inFolder(project(t), change{"models.flowers": image + ", artifactFile: models/flowers.tar.gz}"})
	dir, _, id := released(t, releasedModel())
	inFolder(dir, ofRelease(id, ""))
	dir, _, id = released(t, releasedModel(), releasedModel())
	inFolder(dir, ofRelease(id, ""))
}

func TestPinnedStacksRefuseWhatCanBeReplaced(t *testing.T) {
	t.Parallel()
	const (
		at       = "sagehost:models.flowers."
		image    = "{image: '" + repository + "@" + digest + "'"
		unpinned = "is not pinned, as what is in Amazon S3 can be replaced; this stack demands a release, or an artifactFile"
	)
	refuse(t, []row{
		{
			name: "an archive by its URI",
			set:  withPinned(change{"models.flowers": image + ", artifact: s3://models/flowers/model.tar.gz}"}),
			want: []string{at + "artifact: " + unpinned},
		},
		{
			name: "files under a prefix",
			set:  withPinned(change{"models.flowers": image + ", artifactPrefix: s3://models/flowers/}"}),
			want: []string{at + "artifactPrefix: " + unpinned},
		},
		{
			name: "an archive in a pipeline",
			set: withPinned(change{
				"models.flowers": "{containers: [" + image + "}, " + image + ", artifact: s3://models/flowers/model.tar.gz}]}",
			}),
			want: []string{at + "containers[1].artifact: " + unpinned},
		},
	})
}
