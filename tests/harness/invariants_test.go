package harness

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var tags = pulumi.StringMap{"team": pulumi.String("vision")}

// inComponent runs children under a component.
func inComponent(children func(ctx *pulumi.Context, parent pulumi.ResourceOption) error) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		component := &pulumi.ResourceState{}
		if err := ctx.RegisterComponentResourceV2("sagehost:test:Component", "flowers", nil, component); err != nil {
			return err
		}
		return children(ctx, pulumi.Parent(component))
	}
}

func model(args *sagemaker.ModelArgs, opts ...pulumi.ResourceOption) pulumi.RunFunc {
	args.ExecutionRoleArn = pulumi.String("arn:aws-cn:iam::123456789012:role/flowers")
	return inComponent(func(ctx *pulumi.Context, parent pulumi.ResourceOption) error {
		_, err := sagemaker.NewModel(ctx, "flowers", args, append([]pulumi.ResourceOption{parent}, opts...)...)
		return err
	})
}

// The URNs that the programs below have in common.
const (
	under     = "urn:pulumi:test::sagehost::sagehost:test:Component$"
	modelURN  = under + "aws:sagemaker/model:Model::flowers: "
	configURN = under + "aws:sagemaker/endpointConfiguration:EndpointConfiguration::flowers: "
)

func TestEachInvariantCatchesAProgramThatBreaksIt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		program pulumi.RunFunc
		want    []string
	}{
		{"a sound model", model(&sagemaker.ModelArgs{Tags: tags}), nil},
		{"two resources of one URN", inComponent(func(ctx *pulumi.Context, parent pulumi.ResourceOption) error {
			for range 2 {
				args := &iam.RolePolicyArgs{Role: pulumi.String("r"), Policy: pulumi.String("{}")}
				if _, err := iam.NewRolePolicy(ctx, "flowers", args, parent); err != nil {
					return err
				}
			}
			return nil
		}), []string{under + "aws:iam/rolePolicy:RolePolicy::flowers: the URN stands for two resources"}},
		{"a resource under no component", func(ctx *pulumi.Context) error {
			args := &iam.RolePolicyArgs{Role: pulumi.String("r"), Policy: pulumi.String("{}")}
			_, err := iam.NewRolePolicy(ctx, "flowers", args)
			return err
		}, []string{"urn:pulumi:test::sagehost::aws:iam/rolePolicy:RolePolicy::flowers: is not under a component " +
			`but under "urn:pulumi:test::sagehost::pulumi:pulumi:Stack::sagehost-test"`}},
		{
			"a model of a fixed name", model(&sagemaker.ModelArgs{Tags: tags, Name: pulumi.String("flowers")}),
			[]string{modelURN + "has a fixed name"},
		},
		{
			"a protected model", model(&sagemaker.ModelArgs{Tags: tags}, pulumi.Protect(true)),
			[]string{modelURN + "is protected"},
		},
		{"a protected configuration of a fixed prefix", inComponent(
			func(ctx *pulumi.Context, parent pulumi.ResourceOption) error {
				_, err := sagemaker.NewEndpointConfiguration(ctx, "flowers", &sagemaker.EndpointConfigurationArgs{
					NamePrefix: pulumi.String("flowers"), Tags: tags,
					ProductionVariants: sagemaker.EndpointConfigurationProductionVariantArray{},
				}, parent, pulumi.Protect(true))
				return err
			}), []string{configURN + "has a fixed namePrefix", configURN + "is protected"}},
		{"an ARN of a fixed partition", inComponent(func(ctx *pulumi.Context, parent pulumi.ResourceOption) error {
			args := &iam.RolePolicyArgs{Role: pulumi.String("r"), Policy: pulumi.String(`"arn:aws:s3:::b"`)}
			_, err := iam.NewRolePolicy(ctx, "flowers", args, parent)
			return err
		}), []string{under + "aws:iam/rolePolicy:RolePolicy::flowers: has an ARN of another partition: " +
			`{"policy":"\"arn:aws:s3:::b\"","role":"r"}`}},
		{"no tags", model(&sagemaker.ModelArgs{}), []string{modelURN + "has no tags"}},
		{"empty tags", model(&sagemaker.ModelArgs{Tags: pulumi.StringMap{}}), []string{modelURN + "has no tags"}},
		{
			"a planted secret", model(&sagemaker.ModelArgs{Tags: tags, PrimaryContainer: sagemaker.ModelPrimaryContainerArgs{
				Environment: pulumi.StringMap{"X": pulumi.String(PlainSecret)},
			}}),
			[]string{modelURN + "holds a secret in plain text"},
		},
		{
			"an access key", model(&sagemaker.ModelArgs{Tags: tags, PrimaryContainer: sagemaker.ModelPrimaryContainerArgs{
				Environment: pulumi.StringMap{"X": pulumi.String("AKIAIOSFODNN7EXAMPLE")},
			}}),
			[]string{modelURN + "holds a secret in plain text"},
		},
		{"a topic in the clear", inComponent(func(ctx *pulumi.Context, parent pulumi.ResourceOption) error {
			_, err := sns.NewTopic(ctx, "flowers", &sns.TopicArgs{Tags: tags}, parent)
			return err
		}), []string{under + "aws:sns/topic:Topic::flowers: is not encrypted"}},
		{"a key that does not rotate", inComponent(func(ctx *pulumi.Context, parent pulumi.ResourceOption) error {
			_, err := kms.NewKey(ctx, "flowers", &kms.KeyArgs{Tags: tags}, parent)
			return err
		}), []string{under + "aws:kms/key:Key::flowers: does not rotate"}},
		{"a state machine that nobody sees", inComponent(func(ctx *pulumi.Context, parent pulumi.ResourceOption) error {
			_, err := sfn.NewStateMachine(ctx, "flowers", &sfn.StateMachineArgs{
				Definition: pulumi.String("{}"), RoleArn: pulumi.String("r"), Tags: tags,
				LoggingConfiguration: sfn.StateMachineLoggingConfigurationArgs{Level: pulumi.String("ALL")},
			}, parent)
			return err
		}), []string{
			under + "aws:sfn/stateMachine:StateMachine::flowers: does not log its executions",
			under + "aws:sfn/stateMachine:StateMachine::flowers: is not traced",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			graph, err := record(test.program, nil)
			require.NoError(t, err)
			assert.Equal(t, test.want, Violations(graph))
		})
	}
}

// buckets is a program of safe buckets, except for what is left out of the bucket "a" or opened there.
func buckets(without, open string) pulumi.RunFunc {
	return inComponent(func(ctx *pulumi.Context, parent pulumi.ResourceOption) error {
		for _, name := range []string{"a", "b"} {
			bucket := pulumi.String(name)
			blocked := func(property string) pulumi.Bool { return pulumi.Bool(name != "a" || property != open) }
			parts := map[string]func() error{
				"bucket": func() error {
					_, err := s3.NewBucketV2(ctx, name, &s3.BucketV2Args{Tags: tags}, parent)
					return err
				},
				"versioning": func() error {
					_, err := s3.NewBucketVersioningV2(ctx, name, &s3.BucketVersioningV2Args{
						Bucket: bucket, VersioningConfiguration: s3.BucketVersioningV2VersioningConfigurationArgs{
							Status: pulumi.String("Enabled"),
						},
					}, parent)
					return err
				},
				"encryption": func() error {
					_, err := s3.NewBucketServerSideEncryptionConfigurationV2(ctx, name,
						&s3.BucketServerSideEncryptionConfigurationV2Args{
							Bucket: bucket, Rules: s3.BucketServerSideEncryptionConfigurationV2RuleArray{},
						}, parent)
					return err
				},
				"block": func() error {
					_, err := s3.NewBucketPublicAccessBlock(ctx, name, &s3.BucketPublicAccessBlockArgs{
						Bucket: bucket, BlockPublicAcls: blocked("blockPublicAcls"),
						BlockPublicPolicy: blocked("blockPublicPolicy"), IgnorePublicAcls: blocked("ignorePublicAcls"),
						RestrictPublicBuckets: blocked("restrictPublicBuckets"),
					}, parent)
					return err
				},
				"ownership": func() error {
					_, err := s3.NewBucketOwnershipControls(ctx, name, &s3.BucketOwnershipControlsArgs{
						Bucket: bucket, Rule: s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String("x")},
					}, parent)
					return err
				},
				"policy": func() error {
					_, err := s3.NewBucketPolicy(ctx, name, &s3.BucketPolicyArgs{
						Bucket: bucket, Policy: pulumi.String(refusing),
					}, parent)
					return err
				},
				"lifecycle": func() error {
					_, err := s3.NewBucketLifecycleConfigurationV2(ctx, name,
						&s3.BucketLifecycleConfigurationV2Args{Bucket: bucket}, parent)
					return err
				},
			}
			for part, create := range parts {
				if name == "a" && part == without {
					continue
				}
				if err := create(); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func TestABucketIsUnsafeWithoutAnyOfItsParts(t *testing.T) {
	t.Parallel()
	const bucket = under + "aws:s3/bucketV2:BucketV2::a: "
	for _, test := range []struct {
		name, without, open string
		want                []string
	}{
		{"safe buckets", "", "", nil},
		{"no versioning", "versioning", "", []string{bucket + "has 0 aws:s3/bucketVersioningV2:BucketVersioningV2"}},
		{"no encryption", "encryption", "", []string{bucket + "has 0 " +
			"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"}},
		{"no block", "block", "", []string{bucket + "has 0 aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"}},
		{
			"no ownership", "ownership", "",
			[]string{bucket + "has 0 aws:s3/bucketOwnershipControls:BucketOwnershipControls"},
		},
		{"no policy", "policy", "", []string{bucket + "has 0 aws:s3/bucketPolicy:BucketPolicy"}},
		{
			"no lifecycle", "lifecycle", "",
			[]string{bucket + "has 0 aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"},
		},
		{"public lists", "", "blockPublicAcls", []string{bucket + "blockPublicAcls is not true"}},
		{"public policies", "", "blockPublicPolicy", []string{bucket + "blockPublicPolicy is not true"}},
		{"heeded lists", "", "ignorePublicAcls", []string{bucket + "ignorePublicAcls is not true"}},
		{"public access", "", "restrictPublicBuckets", []string{bucket + "restrictPublicBuckets is not true"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			graph, err := record(buckets(test.without, test.open), nil)
			require.NoError(t, err)
			assert.Equal(t, test.want, Violations(graph))
		})
	}
}
