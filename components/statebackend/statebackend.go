// Package statebackend declares where the Pulumi CLI keeps the state of stacks: a bucket, and the key under which the
// state and the secrets in it are encrypted.
package statebackend

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/encryption"
	"sagehost/components/internal/account"
	"sagehost/components/internal/bucket"
	"sagehost/components/internal/iampolicy"
	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the bucket.
const Type = "sagehost:statebackend:StateBackend"

// DefaultVersionRetentionDays is how long overwritten states can be brought back, in days.
const DefaultVersionRetentionDays = 365

// Spec is what a user decides about the backend.
type Spec struct {
	// Protect makes Pulumi refuse to delete or replace bucket and key. Default: false.
	Protect bool `json:"protect"`

	// ForceDestroy lets Pulumi delete the bucket with the states in it. Not together with protect. Default: false.
	ForceDestroy bool `json:"forceDestroy"`

	// VersionRetentionDays is how long overwritten and deleted states can be brought back, in days. Range: 1 to 3650.
	// Default: 365.
	VersionRetentionDays *int `json:"versionRetentionDays"`
}

// Check reports what is wrong.
func (s *Spec) Check(at check.At) {
	if s.Protect && s.ForceDestroy {
		at.Key("forceDestroy").Addf("true contradicts protect; at most one of the two can be")
	}
	if s.VersionRetentionDays != nil {
		check.Between(at.Key("versionRetentionDays"), *s.VersionRetentionDays, 1, 3650)
	}
}

// Args configures a StateBackend.
type Args struct {
	Spec

	// Tags are added to bucket and key, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// StateBackend is a bucket for states and a key for the secrets in them.
type StateBackend struct {
	pulumi.ResourceState

	// Bucket is the bucket's name, known once it is safe to use.
	Bucket pulumi.StringOutput `pulumi:"bucket"`
	// KeyARN is the key's ARN.
	KeyARN pulumi.StringOutput `pulumi:"keyArn"`
	// BackendURL is what PULUMI_BACKEND_URL is to be, such as "s3://states?region=eu-west-1".
	BackendURL pulumi.StringOutput `pulumi:"backendUrl"`

	here account.Account
	// alias is the key's alias, such as "alias/state".
	alias pulumi.StringOutput
}

// New creates the bucket and the key. The key has the alias "alias/" and the component's name.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*StateBackend, error) {
	at := check.New("")
	args.Check(at)
	encryption.CheckLogicalName(at, name)
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("state backend %q: %w", name, err)
	}
	b := &StateBackend{}
	if err := ctx.RegisterComponentResourceV2(Type, name, pulumi.Map{}, b, opts...); err != nil {
		return nil, fmt.Errorf("state backend %q: %w", name, err)
	}
	parent, here := pulumi.Parent(b), account.Of(ctx, b)
	key, err := kms.NewKey(ctx, name, &kms.KeyArgs{
		Description:       pulumi.String("Encrypts the states of stacks and the secrets in them"),
		EnableKeyRotation: pulumi.Bool(true),
		Policy:            encryption.DelegatedPolicy(here),
		Tags:              args.Tags,
	}, parent, pulumi.Protect(args.Protect))
	if err != nil {
		return nil, fmt.Errorf("state backend %q: key: %w", name, err)
	}
	alias, err := kms.NewAlias(ctx, name, &kms.AliasArgs{
		Name: pulumi.String("alias/" + name), TargetKeyId: key.ID(),
	}, parent)
	if err != nil {
		return nil, fmt.Errorf("state backend %q: alias: %w", name, err)
	}
	retention := DefaultVersionRetentionDays
	if args.VersionRetentionDays != nil {
		retention = *args.VersionRetentionDays
	}
	b.Bucket, err = bucket.New(ctx, name, &bucket.Args{
		Protect: args.Protect, ForceDestroy: args.ForceDestroy, NoncurrentRetentionDays: retention, KMSKeyARN: key.Arn,
		Tags: args.Tags,
	}, here, parent)
	if err != nil {
		return nil, fmt.Errorf("state backend %q: bucket: %w", name, err)
	}
	b.KeyARN, b.alias, b.here = key.Arn, alias.Name, here
	b.BackendURL = pulumi.Sprintf("s3://%s?region=%s", b.Bucket, here.Region)
	return b, ctx.RegisterResourceOutputs(b, pulumi.Map{
		"bucket": b.Bucket, "keyArn": b.KeyARN, "backendUrl": b.BackendURL,
	})
}

// context is the member of the key's encryption context that names the stack whose secrets are encrypted. One key is
// for all stacks of an account, and whoever may decrypt for one of them may not for the others.
const context = "stack"

// SecretsProvider is what `pulumi stack init --secrets-provider` is to be given for a stack.
func (b *StateBackend) SecretsProvider(stack string) pulumi.StringOutput {
	// Parameters that begin with "context_" are what the CLI gives AWS KMS as encryption context.
	return pulumi.Sprintf("awskms://%s?region=%s&context_%s=%s", b.alias, b.here.Region, context, stack)
}

// Access is how much of a stack's state somebody needs.
type Access string

// How much somebody needs.
const (
	// Read is for previews and checks for drift.
	Read Access = "read"
	// Write is for deployments.
	Write Access = "write"
)

// Permissions are what somebody needs of the backend to act on one stack of a project, and on no other.
func (b *StateBackend) Permissions(project, stack string, access Access) pulumi.StringOutput {
	bucketARN := pulumi.Sprintf("arn:%s:s3:::%s", b.here.Partition, b.Bucket)
	replace := strings.NewReplacer("{project}", project, "{stack}", stack)
	var objects []pulumi.StringInput
	// Where the CLI keeps what, in buckets that know projects (backend/diy of the CLI's source).
	for _, key := range []string{
		"meta.yaml", "stacks/{project}/{stack}.json*", "history/{project}/{stack}/*", "backups/{project}/{stack}/*",
		"locks/organization/{project}/{stack}/*",
	} {
		objects = append(objects, pulumi.Sprintf("%s/.pulumi/%s", bucketARN, replace.Replace(key)))
	}
	useObjects, objectKeys, secrets := []string{"s3:GetObject"}, []string{"kms:Decrypt"}, []string{"kms:Decrypt"}
	if access == Write {
		useObjects = append(useObjects, "s3:DeleteObject", "s3:PutObject")
		objectKeys, secrets = append(objectKeys, "kms:GenerateDataKey"), append(secrets, "kms:Encrypt")
	}
	key := []pulumi.StringInput{b.KeyARN}
	return iampolicy.Document(
		iampolicy.Statement{
			Sid: "FindStates", Actions: []string{"s3:ListBucket"}, Resources: []pulumi.StringInput{bucketARN},
		},
		iampolicy.Statement{Sid: "UseState", Actions: useObjects, Resources: objects},
		iampolicy.Statement{
			Sid: "UseKeyForState", Actions: objectKeys, Resources: key, Conditions: map[string]pulumi.StringMap{
				"StringLike": {"kms:ViaService": pulumi.Sprintf("s3.%s.amazonaws.com*", b.here.Region)},
			},
		},
		iampolicy.Statement{
			Sid: "UseKeyForSecrets", Actions: secrets, Resources: key, Conditions: map[string]pulumi.StringMap{
				"StringEquals": {"kms:EncryptionContext:" + context: pulumi.String(stack)},
			},
		},
	)
}
