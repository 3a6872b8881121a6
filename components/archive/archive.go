// Package archive uploads a model's archive under a key that names its content.
package archive

import (
	"fmt"
	"regexp"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of the object's URN: changing it uploads the archive again.
const Type = "sagehost:archive:Archive"

// Args configures an Archive.
type Args struct {
	// Bucket is the name of the bucket to upload to. Required.
	Bucket pulumi.StringInput

	// Source is the file. Required.
	Source pulumi.AssetOrArchiveInput

	// SHA256 is the file's hash, in lower-case hexadecimal digits. Required.
	SHA256 string

	// Tags are added to the object, on top of the provider's default tags. Amazon S3 allows 10 in all.
	Tags pulumi.StringMapInput
}

// Archive is an archive in Amazon S3.
type Archive struct {
	pulumi.ResourceState

	// URI is the s3:// URI of the object, known once it is uploaded.
	URI pulumi.StringOutput `pulumi:"uri"`
}

var sha256Digits = regexp.MustCompile(`^[0-9a-f]{64}$`)

// New uploads an archive to `<name>/<sha256>/model.tar.gz`. A key is never written twice: other content is another
// object, and the one before goes only after everything that used it has changed.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Archive, error) {
	at := check.New("")
	if args.Bucket == nil {
		at.Key("bucket").Addf("is required")
	}
	if args.Source == nil {
		at.Key("source").Addf("is required")
	}
	if !sha256Digits.MatchString(args.SHA256) {
		at.Key("sha256").Addf("%q is not a hash of 64 hexadecimal digits", args.SHA256)
	}
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("archive %q: %w", name, err)
	}
	a := &Archive{}
	props := pulumi.Map{"sha256": pulumi.String(args.SHA256)}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, a, opts...); err != nil {
		return nil, fmt.Errorf("archive %q: %w", name, err)
	}
	object, err := s3.NewBucketObjectv2(ctx, name, &s3.BucketObjectv2Args{
		Bucket:            args.Bucket,
		Key:               pulumi.Sprintf("%s/%s/model.tar.gz", name, args.SHA256),
		Source:            args.Source,
		SourceHash:        pulumi.String(args.SHA256),
		ContentType:       pulumi.String("application/gzip"),
		ChecksumAlgorithm: pulumi.String("SHA256"),
		Tags:              args.Tags,
	}, pulumi.Parent(a))
	if err != nil {
		return nil, fmt.Errorf("archive %q: %w", name, err)
	}
	a.URI = pulumi.All(object.Bucket, object.Key, object.ID()).ApplyT(func(all []any) string {
		return fmt.Sprintf("s3://%v/%v", all[0], all[1])
	}).(pulumi.StringOutput)
	return a, ctx.RegisterResourceOutputs(a, pulumi.Map{"uri": a.URI})
}
