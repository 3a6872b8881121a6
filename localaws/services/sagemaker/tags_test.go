package sagemaker_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func tag(key, value string) types.Tag {
	return types.Tag{Key: aws.String(key), Value: aws.String(value)}
}

func (w *world) tags(arn string) []types.Tag {
	w.t.Helper()
	out, err := w.ListTags(w.t.Context(), &sdk.ListTagsInput{ResourceArn: aws.String(arn)})
	require.NoError(w.t, err)
	return out.Tags
}

func TestTagsOfEveryKindAreAddedChangedAndDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serving(variant("v"))
	for _, resource := range []string{"model/m", "endpoint-config/c1", "endpoint/e"} {
		arn := aws.String(arnPrefix + resource)
		assert.Equal(t, []types.Tag{}, w.tags(*arn))
		added, err := w.AddTags(t.Context(), &sdk.AddTagsInput{
			ResourceArn: arn, Tags: []types.Tag{tag("a", "1"), tag("b", "2")},
		})
		require.NoError(t, err)
		assert.Equal(t, []types.Tag{tag("a", "1"), tag("b", "2")}, added.Tags)
		_, err = w.AddTags(t.Context(), &sdk.AddTagsInput{ResourceArn: arn, Tags: []types.Tag{tag("a", "3"), tag("c", "")}})
		require.NoError(t, err)
		assert.Equal(t, []types.Tag{tag("a", "3"), tag("b", "2"), tag("c", "")}, w.tags(*arn))
		_, err = w.DeleteTags(t.Context(), &sdk.DeleteTagsInput{ResourceArn: arn, TagKeys: []string{"b", "unknown"}})
		require.NoError(t, err)
		assert.Equal(t, []types.Tag{tag("a", "3"), tag("c", "")}, w.tags(*arn))
	}
}

func TestTagsOfTheCreationAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.CreateModel(t.Context(), &sdk.CreateModelInput{
		ModelName: aws.String("M"), ExecutionRoleArn: aws.String(roleARN), Tags: []types.Tag{tag("team", "x")},
		PrimaryContainer: &types.ContainerDefinition{Image: aws.String(repo + "m:1")},
	})
	require.NoError(t, err)
	assert.Equal(t, []types.Tag{tag("team", "x")}, w.tags(arnPrefix+"model/m"))
	assert.Equal(t, []types.Tag{tag("team", "x")}, w.tags(arnPrefix+"model/M"))
}

func TestAResourceHasAtMostFiftyTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("m", repo+"m:1")
	var tags []types.Tag
	for i := range 50 {
		tags = append(tags, tag(fmt.Sprintf("k%02d", i), "v"))
	}
	in := &sdk.AddTagsInput{ResourceArn: aws.String(arnPrefix + "model/m"), Tags: tags}
	_, err := w.AddTags(t.Context(), in)
	require.NoError(t, err)
	_, err = w.AddTags(t.Context(), in)
	require.NoError(t, err, "changing tags adds none")
	in.Tags = []types.Tag{tag("one-more", "v")}
	_, err = w.AddTags(t.Context(), in)
	requireError(t, err, "ResourceLimitExceeded",
		`"`+arnPrefix+`model/m" would have 51 tags; at most 50 are allowed.`)
	assert.Len(t, w.tags(arnPrefix+"model/m"), 50)
}
