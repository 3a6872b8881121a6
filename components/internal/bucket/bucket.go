// Package bucket declares a bucket together with everything that makes it safe.
package bucket

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// Args configures a bucket.
type Args struct {
	// Protect makes Pulumi refuse to delete or replace the bucket.
	Protect bool
	// ForceDestroy lets Pulumi delete the bucket with the objects in it.
	ForceDestroy bool
	// RetentionDays is when objects expire, in days. 0 keeps them for ever.
	RetentionDays int
	// NoncurrentRetentionDays is how long overwritten and deleted versions can be brought back, in days.
	NoncurrentRetentionDays int
	// KMSKeyARN is the key under which new objects are encrypted. Default: none, a key of Amazon S3's.
	KMSKeyARN pulumi.StringInput
	// Statements allow others to use the bucket; they are given its ARN. Default: none, its own account decides.
	Statements func(arn pulumi.StringOutput) []iampolicy.Statement
	// Tags are added to the bucket, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// abortMultipartDays is when an upload that was never finished is given up; until then its parts are billed unseen.
const abortMultipartDays = 7

// New creates a bucket with everything that makes it safe, and returns its name, known once all that guards its objects
// is in place. The rules that expire them may follow: the provider watches those for a minute.
func New(
	ctx *pulumi.Context, name string, args *Args, here account.Account, parent pulumi.ResourceOption,
) (pulumi.StringOutput, error) {
	none := pulumi.StringOutput{}
	bucket, err := s3.NewBucketV2(ctx, name, &s3.BucketV2Args{
		ForceDestroy: pulumi.Bool(args.ForceDestroy),
		Tags:         args.Tags,
	}, parent, pulumi.Protect(args.Protect))
	if err != nil {
		return none, err
	}
	closed, err := closeToPublic(ctx, name, bucket, parent)
	if err != nil {
		return none, err
	}
	versioning, err := s3.NewBucketVersioningV2(ctx, name, &s3.BucketVersioningV2Args{
		Bucket:                  bucket.Bucket,
		VersioningConfiguration: s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String("Enabled")},
	}, parent)
	if err != nil {
		return none, fmt.Errorf("versioning: %w", err)
	}
	encryption, err := encrypt(ctx, name, bucket, args.KMSKeyARN, parent)
	if err != nil {
		return none, err
	}
	// A rule on noncurrent versions takes effect only once there are versions.
	if _, err := s3.NewBucketLifecycleConfigurationV2(ctx, name, &s3.BucketLifecycleConfigurationV2Args{
		Bucket: bucket.Bucket,
		Rules:  lifecycleRules(args),
	}, parent, pulumi.DependsOn([]pulumi.Resource{versioning})); err != nil {
		return none, fmt.Errorf("lifecycle: %w", err)
	}
	// S3 refuses to change a bucket's policy and its public access block at the same time.
	policy, err := s3.NewBucketPolicy(ctx, name, &s3.BucketPolicyArgs{
		Bucket: bucket.Bucket,
		Policy: policyOf(bucket, args, here),
	}, parent, pulumi.DependsOn([]pulumi.Resource{closed}))
	if err != nil {
		return none, fmt.Errorf("policy: %w", err)
	}
	guarded := pulumi.All(policy.Bucket, versioning.ID(), encryption.ID())
	return guarded.ApplyT(func(all []any) string { return all[0].(string) }).(pulumi.StringOutput), nil
}

// closeToPublic blocks all public access and takes access control lists out of use.
func closeToPublic(
	ctx *pulumi.Context, name string, bucket *s3.BucketV2, parent pulumi.ResourceOption,
) (pulumi.Resource, error) {
	on := pulumi.Bool(true)
	block, err := s3.NewBucketPublicAccessBlock(ctx, name, &s3.BucketPublicAccessBlockArgs{
		Bucket: bucket.Bucket, BlockPublicAcls: on, BlockPublicPolicy: on, IgnorePublicAcls: on, RestrictPublicBuckets: on,
	}, parent)
	if err != nil {
		return nil, fmt.Errorf("public access block: %w", err)
	}
	ownership, err := s3.NewBucketOwnershipControls(ctx, name, &s3.BucketOwnershipControlsArgs{
		Bucket: bucket.Bucket,
		Rule: s3.BucketOwnershipControlsRuleArgs{
			ObjectOwnership: pulumi.String("BucketOwnerEnforced"),
		},
	}, parent, pulumi.DependsOn([]pulumi.Resource{block}))
	if err != nil {
		return nil, fmt.Errorf("ownership controls: %w", err)
	}
	return ownership, nil
}

// encrypt sets what encrypts objects by default: the key, or one of Amazon S3's without.
func encrypt(
	ctx *pulumi.Context, name string, bucket *s3.BucketV2, keyARN pulumi.StringInput, parent pulumi.ResourceOption,
) (*s3.BucketServerSideEncryptionConfigurationV2, error) {
	type rule = s3.BucketServerSideEncryptionConfigurationV2RuleArgs
	type byDefault = s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs
	standard := rule{ApplyServerSideEncryptionByDefault: byDefault{SseAlgorithm: pulumi.String("AES256")}}
	if keyARN != nil {
		standard = rule{
			ApplyServerSideEncryptionByDefault: byDefault{
				SseAlgorithm: pulumi.String("aws:kms"), KmsMasterKeyId: keyARN.ToStringOutput(),
			},
			// One request to KMS serves many objects: every single one is billed and counts against KMS's quota.
			BucketKeyEnabled: pulumi.Bool(true),
		}
	}
	encryption, err := s3.NewBucketServerSideEncryptionConfigurationV2(ctx, name,
		&s3.BucketServerSideEncryptionConfigurationV2Args{
			Bucket: bucket.Bucket,
			Rules:  s3.BucketServerSideEncryptionConfigurationV2RuleArray{standard},
		}, parent)
	if err != nil {
		return nil, fmt.Errorf("encryption: %w", err)
	}
	return encryption, nil
}

func lifecycleRules(args *Args) s3.BucketLifecycleConfigurationV2RuleArray {
	type rule = s3.BucketLifecycleConfigurationV2RuleArgs
	enabled := pulumi.String("Enabled")
	everything := s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")}
	rules := s3.BucketLifecycleConfigurationV2RuleArray{
		rule{
			Id: pulumi.String("abort-unfinished-uploads"), Status: enabled, Filter: everything,
			AbortIncompleteMultipartUpload: s3.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs{
				DaysAfterInitiation: pulumi.Int(abortMultipartDays),
			},
		},
		rule{
			Id: pulumi.String("expire-noncurrent-versions"), Status: enabled, Filter: everything,
			NoncurrentVersionExpiration: s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionExpirationArgs{
				NoncurrentDays: pulumi.Int(args.NoncurrentRetentionDays),
			},
		},
	}
	if args.RetentionDays > 0 {
		rules = append(rules, rule{
			Id: pulumi.String("expire-objects"), Status: enabled, Filter: everything,
			Expiration: s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(args.RetentionDays)},
		})
	}
	return rules
}

// policyOf refuses every request that does not come over TLS, and allows what the arguments do.
func policyOf(bucket *s3.BucketV2, args *Args, here account.Account) pulumi.StringOutput {
	arn := pulumi.Sprintf("arn:%s:s3:::%s", here.Partition, bucket.Bucket)
	statements := []iampolicy.Statement{{
		Sid:        "DenyWithoutTLS",
		Deny:       true,
		Anyone:     true,
		Actions:    []string{"s3:*"},
		Resources:  []pulumi.StringInput{arn, pulumi.Sprintf("%s/*", arn)},
		Conditions: map[string]pulumi.StringMap{"Bool": {"aws:SecureTransport": pulumi.String("false")}},
	}}
	if args.Statements != nil {
		statements = append(statements, args.Statements(arn)...)
	}
	return iampolicy.Document(statements...)
}
