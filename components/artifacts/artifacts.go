// Package artifacts declares the buckets that hold what models are made of and what they produce.
package artifacts

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the buckets.
const Type = "sagehost:artifacts:Artifacts"

// batch is the purpose of the bucket for batch data.
const batch = "batch"

// Args configures Artifacts.
type Args struct {
	Spec

	// KMSKeyARN is the key under which new objects are encrypted, unless their writer asks for another encryption. Whoever
	// reads or writes objects must be allowed to use it. Objects that were there before keep what encrypts them.
	// Default: none, a key of Amazon S3's encrypts them.
	KMSKeyARN pulumi.StringInput

	// BatchEvents sends the events of the bucket for batch data to Amazon EventBridge. Whatever else is to be notified
	// of this bucket must go that way then: a bucket has one configuration of notifications. Default: false.
	BatchEvents bool

	// Tags are added to the buckets, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Artifacts is three buckets.
type Artifacts struct {
	pulumi.ResourceState

	// Models is the bucket for model archives, which are kept for as long as they are current.
	Models pulumi.StringOutput `pulumi:"models"`
	// Capture is the bucket for captured requests and answers.
	Capture pulumi.StringOutput `pulumi:"capture"`
	// Batch is the bucket for input and output of batch jobs.
	Batch pulumi.StringOutput `pulumi:"batch"`
}

// New creates the buckets. Each is versioned, encrypted, closed to the public and to requests without TLS, and gives up
// uploads that were never finished.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Artifacts, error) {
	at := check.New("")
	args.Check(at)
	CheckLogicalName(at, name)
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("artifacts %q: %w", name, err)
	}
	a := &Artifacts{}
	props := pulumi.Map{"protect": pulumi.Bool(args.Protect)}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, a, opts...); err != nil {
		return nil, fmt.Errorf("artifacts %q: %w", name, err)
	}
	here := account.Of(ctx, a)
	outputs := pulumi.Map{}
	for _, bucket := range []struct {
		purpose       string
		retentionDays int // 0 keeps objects forever
		name          *pulumi.StringOutput
	}{
		{"models", 0, &a.Models},
		{"capture", check.ValueOr(args.CaptureRetentionDays, DefaultCaptureRetentionDays), &a.Capture},
		{batch, check.ValueOr(args.BatchRetentionDays, DefaultBatchRetentionDays), &a.Batch},
	} {
		created, err := newBucket(ctx, name+"-"+bucket.purpose, args, bucket.retentionDays, here, pulumi.Parent(a))
		if err != nil {
			return nil, fmt.Errorf("artifacts %q: bucket for %s: %w", name, bucket.purpose, err)
		}
		if bucket.purpose == batch && args.BatchEvents {
			if created, err = sendEvents(ctx, name+"-"+batch, created, pulumi.Parent(a)); err != nil {
				return nil, fmt.Errorf("artifacts %q: events of the bucket for batch data: %w", name, err)
			}
		}
		*bucket.name = created
		outputs[bucket.purpose] = created
	}
	return a, ctx.RegisterResourceOutputs(a, outputs)
}
