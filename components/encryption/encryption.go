// Package encryption declares the key under which a stack encrypts what it keeps.
package encryption

import (
	"fmt"
	"regexp"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
	"sagehost/kit/check"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the key.
const Type = "sagehost:encryption:Encryption"

// DefaultDeletionWindowDays is how long a deleted key can be brought back, in days.
const DefaultDeletionWindowDays = 30

// Spec is what a user decides about the key.
type Spec struct {
	// Enabled makes a key for the stack, under which it encrypts buckets, volumes, the topic and logs. Switched off later,
	// it schedules the key's deletion, and everything there is under it can be read only until the window ends: copy
	// what is to stay, or bring the key back with `aws kms cancel-key-deletion`; `protect` forbids it. Default: false,
	// AWS's own keys encrypt them, and a key of its own the topic.
	Enabled bool `json:"enabled"`

	// DeletionWindowDays is how long the key can be brought back after it is deleted, in days; everything encrypted
	// under it is lost then. Range: 7 to 30. Default: 30.
	DeletionWindowDays *int `json:"deletionWindowDays"`

	// Protect makes Pulumi refuse to delete or replace the key. Default: false.
	Protect bool `json:"protect"`
}

// Check reports what is wrong.
func (s *Spec) Check(at check.At) {
	if s.DeletionWindowDays != nil {
		check.Between(at.Key("deletionWindowDays"), *s.DeletionWindowDays, 7, 30)
	}
	if s.Enabled {
		return
	}
	if s.DeletionWindowDays != nil {
		at.Key("deletionWindowDays").Addf("belongs to a key; set enabled to true, or leave it out")
	}
	if s.Protect {
		at.Key("protect").Addf("belongs to a key; set enabled to true, or leave it out")
	}
}

// aliasName is what follows "alias/": KMS takes 250 more characters there (CreateAlias), and keeps "aws/" for itself.
var aliasName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,250}$`)

// CheckLogicalName reports a component's name that cannot be a key's alias.
func CheckLogicalName(at check.At, name string) {
	if !aliasName.MatchString(name) {
		at.Addf("%q cannot be a key's alias; expected at most 250 letters, digits, hyphens and underscores", name)
	}
}

// Args configures an Encryption. Enabled has been heeded by whoever calls New.
type Args struct {
	Spec

	// Tags are added to the key, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Encryption is a customer managed key with an alias.
type Encryption struct {
	pulumi.ResourceState

	// KeyARN is the key's ARN.
	KeyARN pulumi.StringOutput `pulumi:"keyArn"`
	// AliasName is the key's name, "alias/" and the component's.
	AliasName pulumi.StringOutput `pulumi:"aliasName"`
}

// New creates a key that rotates every year, which only this account, through the services of this region that the
// stack stores with, may encrypt under.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Encryption, error) {
	at := check.New("")
	args.Check(at)
	CheckLogicalName(at, name)
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("encryption %q: %w", name, err)
	}
	e := &Encryption{}
	window := DefaultDeletionWindowDays
	if args.DeletionWindowDays != nil {
		window = *args.DeletionWindowDays
	}
	props := pulumi.Map{"deletionWindowDays": pulumi.Int(window)}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, e, opts...); err != nil {
		return nil, fmt.Errorf("encryption %q: %w", name, err)
	}
	parent := pulumi.Parent(e)
	key, err := kms.NewKey(ctx, name, &kms.KeyArgs{
		Description:          pulumi.String("Encrypts what the stack " + name + " stores"),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(window),
		Policy:               iampolicy.Document(keyPolicy(account.Of(ctx, e))...),
		Tags:                 args.Tags,
	}, parent, pulumi.Protect(args.Protect))
	if err != nil {
		return nil, fmt.Errorf("encryption %q: %w", name, err)
	}
	alias, err := kms.NewAlias(ctx, name, &kms.AliasArgs{
		Name:        pulumi.String("alias/" + name),
		TargetKeyId: key.ID(),
	}, parent)
	if err != nil {
		return nil, fmt.Errorf("encryption %q: alias: %w", name, err)
	}
	e.KeyARN, e.AliasName = key.Arn, alias.Name
	return e, ctx.RegisterResourceOutputs(e, pulumi.Map{"keyArn": e.KeyARN, "aliasName": e.AliasName})
}
