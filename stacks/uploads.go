package stacks

import (
	"fmt"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/archive"
	"sagehost/internal/filehash"
)

// uploads takes files of this machine to a bucket.
type uploads struct {
	// dir is the folder that the files' names are relative to.
	dir    string
	bucket pulumi.StringInput
}

// upload uploads a model's archive and returns its s3:// URI.
func (u uploads) upload(
	ctx *pulumi.Context, key, file string, tags pulumi.StringMapInput,
) (pulumi.StringOutput, error) {
	path := filepath.Join(u.dir, filepath.FromSlash(file))
	hash, err := filehash.SHA256(path)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("model %q: %w", key, err)
	}
	uploaded, err := archive.New(ctx, key, &archive.Args{
		Bucket: u.bucket, Source: pulumi.NewFileAsset(path), SHA256: hash, Tags: tags,
	})
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return uploaded.URI, nil
}
