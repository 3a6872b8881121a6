package components_test

import (
	"maps"
	"strconv"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/artifacts"
	"sagehost/tests/harness"
)

const (
	bucketType     = "aws:s3/bucketV2:BucketV2"
	versioningType = "aws:s3/bucketVersioningV2:BucketVersioningV2"
	encryptionType = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	blockType      = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
	ownershipType  = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
	lifecycleType  = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
	policyType     = "aws:s3/bucketPolicy:BucketPolicy"
)

func newArtifacts(spec artifacts.Spec) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := artifacts.New(ctx, "ml", &artifacts.Args{Spec: spec, Tags: tags})
		return err
	}
}

// safeBucket is a bucket of this logical name with everything that makes it safe. An expiry of 0 keeps objects.
func safeBucket(name string, expiryDays, noncurrentDays int, preview bool) declaration {
	bucket := name + "-bucketv2"
	policy := `{
		"Version": "2012-10-17",
		"Statement": [{
			"Sid": "DenyWithoutTLS", "Effect": "Deny", "Principal": "*", "Action": ["s3:*"],
			"Resource": ["arn:aws-cn:s3:::` + bucket + `", "arn:aws-cn:s3:::` + bucket + `/*"],
			"Condition": {"Bool": {"aws:SecureTransport": "false"}}
		}]
	}`
	if preview {
		bucket, policy = harness.Unknown, unknown
	}
	expiry := ""
	if expiryDays > 0 {
		expiry = `, {
			"id": "expire-objects", "status": "Enabled", "filter": {"prefix": ""},
			"expiration": {"days": ` + strconv.Itoa(expiryDays) + `}
		}`
	}
	with := func(inputs string) string { return `{"bucket": "` + bucket + `", ` + inputs + "}" }
	return declaration{
		bucketType + " " + name:     `{"forceDestroy": false, ` + wantTags + `}`,
		versioningType + " " + name: with(`"versioningConfiguration": {"status": "Enabled"}`),
		encryptionType + " " + name: with(`"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]`),
		blockType + " " + name: with(`"blockPublicAcls": true, "blockPublicPolicy": true,
			"ignorePublicAcls": true, "restrictPublicBuckets": true`),
		ownershipType + " " + name: with(`"rule": {"objectOwnership": "BucketOwnerEnforced"}`),
		lifecycleType + " " + name: with(`"rules": [{
			"id": "abort-unfinished-uploads", "status": "Enabled", "filter": {"prefix": ""},
			"abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}
		}, {
			"id": "expire-noncurrent-versions", "status": "Enabled", "filter": {"prefix": ""},
			"noncurrentVersionExpiration": {"noncurrentDays": ` + strconv.Itoa(noncurrentDays) + `}
		}` + expiry + `]`),
		policyType + " " + name: with(`"policy": ` + policy),
	}
}

func wantArtifacts(capture, batch, noncurrent int, preview bool) declaration {
	want := declaration{artifacts.Type + " ml": `{"protect": false}`}
	maps.Copy(want, safeBucket("ml-models", 0, noncurrent, preview))
	maps.Copy(want, safeBucket("ml-capture", capture, noncurrent, preview))
	maps.Copy(want, safeBucket("ml-batch", batch, noncurrent, preview))
	return want
}

func TestArtifactsAreThreeSafeBuckets(t *testing.T) {
	t.Parallel()
	t.Run("when they are created", func(t *testing.T) {
		t.Parallel()
		graph := harness.Run(t, newArtifacts(artifacts.Spec{}))
		requireUnder(t, graph, artifacts.Type)
		requireDeclares(t, graph, wantArtifacts(90, 90, 30, false))
	})
	t.Run("in a preview", func(t *testing.T) {
		t.Parallel()
		graph := harness.Run(t, newArtifacts(artifacts.Spec{}), harness.Preview())
		requireUnder(t, graph, artifacts.Type)
		requireDeclares(t, graph, wantArtifacts(90, 90, 30, true))
	})
}

func TestAGivenKeyEncryptsEveryBucket(t *testing.T) {
	t.Parallel()
	want := wantArtifacts(90, 90, 30, false)
	for _, name := range []string{"ml-models", "ml-capture", "ml-batch"} {
		want[encryptionType+" "+name] = `{"bucket": "` + name + `-bucketv2", "rules": [{
			"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "` + stackKey + `"},
			"bucketKeyEnabled": true
		}]}`
	}
	requireDeclares(t, harness.Run(t, func(ctx *pulumi.Context) error {
		_, err := artifacts.New(ctx, "ml", &artifacts.Args{KMSKeyARN: pulumi.String(stackKey), Tags: tags})
		return err
	}), want)
}

func TestRetentionsAreThoseOfTheirBuckets(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newArtifacts(artifacts.Spec{
		CaptureRetentionDays: new(7), BatchRetentionDays: new(14), NoncurrentRetentionDays: new(3),
	}))
	requireDeclares(t, graph, wantArtifacts(7, 14, 3, false))
}

func TestProtectionHoldsTheBucketsOnly(t *testing.T) {
	t.Parallel()
	assert.Empty(t, protected(harness.Run(t, newArtifacts(artifacts.Spec{}))))
	graph := harness.Run(t, newArtifacts(artifacts.Spec{Protect: true}))
	assert.Equal(t, []string{bucketType, bucketType, bucketType}, protected(graph))
}

func TestForcedDestructionEmptiesEveryBucket(t *testing.T) {
	t.Parallel()
	buckets := harness.Run(t, newArtifacts(artifacts.Spec{ForceDestroy: true})).All(bucketType)
	require.Len(t, buckets, 3)
	for _, bucket := range buckets {
		assert.Equal(t, true, bucket.Inputs["forceDestroy"], bucket.URN)
	}
}

// S3 refuses changes of a bucket's policy, its public access block and its ownership at the same time.
func TestPolicyAndOwnershipWaitForThePublicAccessBlock(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newArtifacts(artifacts.Spec{}))
	for _, name := range []string{"ml-models", "ml-capture", "ml-batch"} {
		block := graph.Named(t, blockType, name).URN
		assert.Contains(t, before(graph, graph.Named(t, policyType, name).URN), block)
		assert.Contains(t, before(graph, graph.Named(t, ownershipType, name).URN), block)
	}
}

// Whoever uses a bucket's name finds its objects guarded. Rules that expire them may come later.
func TestABucketIsKnownOnceItsObjectsAreGuarded(t *testing.T) {
	t.Parallel()
	var known []string
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		a, err := artifacts.New(ctx, "ml", &artifacts.Args{Tags: tags})
		if err != nil {
			return err
		}
		name, err := internals.UnsafeAwaitOutput(ctx.Context(), a.Models)
		if err != nil {
			return err
		}
		for _, resource := range name.Dependencies {
			urn, err := internals.UnsafeAwaitOutput(ctx.Context(), resource.URN())
			if err != nil {
				return err
			}
			known = append(known, string(urn.Value.(pulumi.URN)))
		}
		return nil
	})
	first := known
	for _, urn := range known {
		first = append(first, before(graph, urn)...)
	}
	for _, part := range []string{bucketType, policyType, blockType, versioningType, encryptionType, ownershipType} {
		assert.Contains(t, first, graph.Named(t, part, "ml-models").URN, part)
	}
	assert.NotContains(t, first, graph.Named(t, lifecycleType, "ml-models").URN)
}

func TestTheBucketsNamesAreOutputs(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		a, err := artifacts.New(ctx, "ml", &artifacts.Args{Tags: tags})
		if err != nil {
			return err
		}
		ctx.Export("buckets", pulumi.Array{a.Models, a.Capture, a.Batch})
		return nil
	})
	assert.Equal(t, map[string]any{
		"buckets": []any{"ml-models-bucketv2", "ml-capture-bucketv2", "ml-batch-bucketv2"},
	}, graph.Exports)
}

func TestArtifactsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, newArtifacts(artifacts.Spec{Protect: true, ForceDestroy: true, BatchRetentionDays: new(0)}),
		`artifacts "ml": batchRetentionDays: 0 is not between 1 and 3650`,
		"forceDestroy: true contradicts protect; at most one of the two can be")
	requireFails(t, func(ctx *pulumi.Context) error {
		_, err := artifacts.New(ctx, "ML", &artifacts.Args{})
		return err
	}, `artifacts "ML": "ML" cannot begin a bucket's name; expected at most 47 lower-case letters, digits and hyphens`)
}
