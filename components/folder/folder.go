// Package folder declares a place in Amazon S3 that is there before anything is in it.
package folder

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of the object's URN: changing it makes the object again.
const Type = "sagehost:folder:Folder"

// Args configures a Folder.
type Args struct {
	// Bucket is the name of the bucket. Required.
	Bucket pulumi.StringInput

	// Tags are added to the object, on top of the provider's default tags. Amazon S3 allows 10 in all.
	Tags pulumi.StringMapInput
}

// Folder is a prefix in Amazon S3.
type Folder struct {
	pulumi.ResourceState

	// URI is the s3:// prefix, ending in "/". What is made of it comes after the object.
	URI pulumi.StringOutput `pulumi:"uri"`
}

// New puts an empty object at `<name>/`. SageMaker refuses a model of many archives whose prefix has no objects, and
// the first archive may come long after the model.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Folder, error) {
	at := check.New("")
	if args.Bucket == nil {
		at.Key("bucket").Addf("is required")
	}
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("folder %q: %w", name, err)
	}
	f := &Folder{}
	if err := ctx.RegisterComponentResourceV2(Type, name, pulumi.Map{}, f, opts...); err != nil {
		return nil, fmt.Errorf("folder %q: %w", name, err)
	}
	object, err := s3.NewBucketObjectv2(ctx, name, &s3.BucketObjectv2Args{
		Bucket: args.Bucket, Key: pulumi.String(name + "/"), Tags: args.Tags,
	}, pulumi.Parent(f))
	if err != nil {
		return nil, fmt.Errorf("folder %q: %w", name, err)
	}
	f.URI = pulumi.All(object.Bucket, object.Key).ApplyT(func(all []any) string {
		return fmt.Sprintf("s3://%v/%v", all[0], all[1])
	}).(pulumi.StringOutput)
	return f, ctx.RegisterResourceOutputs(f, pulumi.Map{"uri": f.URI})
}
