// Package releasestore declares the bucket from which every environment takes the archives of releases.
package releasestore

import (
	"fmt"
	"regexp"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/artifacts"
	"sagehost/components/encryption"
	"sagehost/components/internal/account"
	"sagehost/components/internal/bucket"
	"sagehost/components/internal/iampolicy"
	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the bucket.
const Type = "sagehost:releasestore:ReleaseStore"

// versionRetentionDays is how long deleted archives can be brought back. Their keys hold their hash: none is ever
// overwritten.
const versionRetentionDays = 365

// Spec is what a user decides about the bucket.
type Spec struct {
	// Readers are the ids of the other accounts that deploy releases, each of 12 digits: they may read the archives.
	// Default: none.
	Readers []string `json:"readers"`

	// Protect makes Pulumi refuse to delete or replace bucket and key. Default: false.
	Protect bool `json:"protect"`

	// ForceDestroy lets Pulumi delete the bucket with the archives in it. Not together with protect. Default: false.
	ForceDestroy bool `json:"forceDestroy"`
}

var accountID = regexp.MustCompile(`^\d{12}$`)

// Check reports what is wrong.
func (s *Spec) Check(at check.At) {
	for i, id := range s.Readers {
		if !accountID.MatchString(id) {
			at.Key("readers").Index(i).Addf("%q is not the id of an account, 12 digits", id)
		}
	}
	at.Key("readers").Unique("", s.Readers)
	if s.Protect && s.ForceDestroy {
		at.Key("forceDestroy").Addf("true contradicts protect; at most one of the two can be")
	}
}

// Args configures a ReleaseStore.
type Args struct {
	Spec

	// Tags are added to bucket and key, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// ReleaseStore is a bucket of archives with a key of its own.
type ReleaseStore struct {
	pulumi.ResourceState

	// Bucket is the bucket's name, known once it is safe to use.
	Bucket pulumi.StringOutput `pulumi:"bucket"`
	// KeyARN is the key's ARN. Whoever reads archives must be allowed to decrypt with it.
	KeyARN pulumi.StringOutput `pulumi:"keyArn"`
}

// New creates the bucket and the key.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*ReleaseStore, error) {
	at := check.New("")
	args.Check(at)
	artifacts.CheckLogicalName(at, name)
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("release store %q: %w", name, err)
	}
	r := &ReleaseStore{}
	props := pulumi.Map{"readers": pulumi.ToStringArray(args.Readers)}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, r, opts...); err != nil {
		return nil, fmt.Errorf("release store %q: %w", name, err)
	}
	parent, here := pulumi.Parent(r), account.Of(ctx, r)
	key, err := kms.NewKey(ctx, name, &kms.KeyArgs{
		Description:       pulumi.String("Encrypts the archives of releases"),
		EnableKeyRotation: pulumi.Bool(true),
		Policy:            encryption.DelegatedPolicy(here, args.Readers...),
		Tags:              args.Tags,
	}, parent, pulumi.Protect(args.Protect))
	if err != nil {
		return nil, fmt.Errorf("release store %q: key: %w", name, err)
	}
	r.Bucket, err = bucket.New(ctx, name, &bucket.Args{
		Protect: args.Protect, ForceDestroy: args.ForceDestroy, NoncurrentRetentionDays: versionRetentionDays,
		KMSKeyARN: key.Arn, Statements: args.statements(here), Tags: args.Tags,
	}, here, parent)
	if err != nil {
		return nil, fmt.Errorf("release store %q: bucket: %w", name, err)
	}
	r.KeyARN = key.Arn
	return r, ctx.RegisterResourceOutputs(r, pulumi.Map{"bucket": r.Bucket, "keyArn": r.KeyARN})
}

// statements let the other accounts read, as far as their own policies let them.
func (a *Args) statements(here account.Account) func(pulumi.StringOutput) []iampolicy.Statement {
	if len(a.Readers) == 0 {
		return nil
	}
	return func(arn pulumi.StringOutput) []iampolicy.Statement {
		return []iampolicy.Statement{
			{
				Sid: "OthersFind", Accounts: here.Others(a.Readers), Actions: []string{"s3:ListBucket"},
				Resources: []pulumi.StringInput{arn},
			},
			{
				Sid: "OthersRead", Accounts: here.Others(a.Readers), Actions: []string{"s3:GetObject"},
				Resources: []pulumi.StringInput{pulumi.Sprintf("%s/*", arn)},
			},
		}
	}
}
