package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/components/folder"
	"sagehost/tests/harness"
)

func newFolder(args folder.Args) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		made, err := folder.New(ctx, "garden", &args)
		if err != nil {
			return err
		}
		ctx.Export("uri", made.URI)
		return nil
	}
}

func TestAFolderIsThereBeforeAnythingIsInIt(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newFolder(folder.Args{Bucket: pulumi.String("models"), Tags: tags}))
	requireUnder(t, graph, folder.Type)
	requireDeclares(t, graph, declaration{
		folder.Type + " garden": `{}`,
		objectType + " garden":  `{"bucket": "models", "key": "garden/", ` + wantTags + `}`,
	})
	assert.Equal(t, map[string]any{"uri": "s3://models/garden/"}, graph.Exports)
}

func TestAFolderNeedsABucket(t *testing.T) {
	t.Parallel()
	requireFails(t, newFolder(folder.Args{}), `folder "garden": bucket: is required`)
}
