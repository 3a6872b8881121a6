package stacks

import (
	"fmt"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/archive"
	"sagehost/components/folder"
	"sagehost/kit/files"
)

// uploads takes files of this machine to a bucket.
type uploads struct {
	// dir is the folder that the files' names are relative to.
	dir    string
	bucket pulumi.StringInput
}

// folder makes a folder in the bucket and returns its s3:// prefix.
func (u uploads) folder(
	ctx *pulumi.Context, name string, tags pulumi.StringMapInput,
) (pulumi.StringOutput, error) {
	made, err := folder.New(ctx, name, &folder.Args{Bucket: u.bucket, Tags: tags})
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return made.URI, nil
}

// upload uploads an archive of a model under a name and returns its s3:// URI.
func (u uploads) upload(
	ctx *pulumi.Context, name, file string, tags pulumi.StringMapInput,
) (pulumi.StringOutput, error) {
	path := filepath.Join(u.dir, filepath.FromSlash(file))
	hash, err := files.SHA256(path)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("model %q: %w", name, err)
	}
	uploaded, err := archive.New(ctx, name, &archive.Args{
		Bucket: u.bucket, Source: pulumi.NewFileAsset(path), SHA256: hash, Tags: tags,
	})
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return uploaded.URI, nil
}
