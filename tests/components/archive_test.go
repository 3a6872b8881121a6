package components_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"

	"sagehost/components/archive"
	"sagehost/tests/harness"
)

const (
	objectType  = "aws:s3/bucketObjectv2:BucketObjectv2"
	archiveHash = "7f66fb2c736b634bc25d5043e55209a48659fe278678356f0b2d495c26263b6d"
)

// archiveOf uploads a file to the bucket "models".
func archiveOf(ctx *pulumi.Context) (*archive.Archive, error) {
	return archive.New(ctx, "flowers", &archive.Args{
		Bucket: pulumi.String("models"),
		Source: pulumi.NewFileAsset("examples/model.tar.gz"),
		SHA256: archiveHash,
		Tags:   tags,
	})
}

func TestAnArchiveIsAnObjectUnderAKeyOfItsContent(t *testing.T) {
	t.Parallel()
	want := declaration{
		archive.Type + " flowers": `{"sha256": "` + archiveHash + `"}`,
		objectType + " flowers": `{
			"bucket": "models", "key": "flowers/` + archiveHash + `/model.tar.gz",
			"source": {"` + sig.Key + `": "` + sig.AssetSig + `", "path": "examples/model.tar.gz"},
			"sourceHash": "` + archiveHash + `", "checksumAlgorithm": "SHA256", "contentType": "application/gzip",
			` + wantTags + `
		}`,
	}
	for name, options := range map[string][]harness.Option{
		"when it is created": nil, "in a preview": {harness.Preview()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			graph := harness.Run(t, func(ctx *pulumi.Context) error {
				_, err := archiveOf(ctx)
				return err
			}, options...)
			requireUnder(t, graph, archive.Type)
			requireDeclares(t, graph, want)
		})
	}
}

// Whoever uses an archive's URI finds the archive there.
func TestAnArchivesURIIsKnownOnceItIsUploaded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		options []harness.Option
		known   bool
		want    any
	}{
		{"when it is created", nil, true, "s3://models/flowers/" + archiveHash + "/model.tar.gz"},
		{"in a preview", []harness.Option{harness.Preview()}, false, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var known bool
			var uri any
			var after []string
			graph := harness.Run(t, func(ctx *pulumi.Context) error {
				a, err := archiveOf(ctx)
				if err != nil {
					return err
				}
				output, err := internals.UnsafeAwaitOutput(ctx.Context(), a.URI)
				if err != nil {
					return err
				}
				known, uri = output.Known, output.Value
				for _, resource := range output.Dependencies {
					urn, err := internals.UnsafeAwaitOutput(ctx.Context(), resource.URN())
					if err != nil {
						return err
					}
					after = append(after, string(urn.Value.(pulumi.URN)))
				}
				return nil
			}, test.options...)
			assert.Equal(t, test.known, known)
			assert.Equal(t, test.want, uri)
			assert.Contains(t, after, graph.One(t, objectType).URN)
		})
	}
}

func TestAnArchiveThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, func(ctx *pulumi.Context) error {
		_, err := archive.New(ctx, "flowers", &archive.Args{})
		return err
	}, `archive "flowers": bucket: is required`,
		`sha256: "" is not a hash of 64 hexadecimal digits`, "source: is required")
	for _, hash := range []string{
		archiveHash[1:], archiveHash + "0", "7F66FB2C" + archiveHash[8:], "g" + archiveHash[1:], archiveHash + "\n",
	} {
		requireFails(t, func(ctx *pulumi.Context) error {
			_, err := archive.New(ctx, "flowers", &archive.Args{
				Bucket: pulumi.String("models"), Source: pulumi.NewFileAsset("model.tar.gz"), SHA256: hash,
			})
			return err
		}, fmt.Sprintf(`archive "flowers": sha256: %q is not a hash of 64 hexadecimal digits`, hash))
	}
}
