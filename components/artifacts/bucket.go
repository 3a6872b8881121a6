package artifacts

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/bucket"
	"sagehost/kit/check"
)

// newBucket creates a bucket whose objects are kept for so many days, 0 for ever, and returns its name.
func newBucket(
	ctx *pulumi.Context, name string, args *Args, retentionDays int, here account.Account, parent pulumi.ResourceOption,
) (pulumi.StringOutput, error) {
	return bucket.New(ctx, name, &bucket.Args{
		Protect: args.Protect, ForceDestroy: args.ForceDestroy, RetentionDays: retentionDays,
		NoncurrentRetentionDays: check.ValueOr(args.NoncurrentRetentionDays, DefaultNoncurrentRetentionDays),
		KMSKeyARN:               args.KMSKeyARN, Tags: args.Tags,
	}, here, parent)
}
