package alerts

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// deletionWindowDays is the time in which a deleted key can be brought back. Range of KMS: 7 to 30.
const deletionWindowDays = 30

// topicKey is the ARN of the key that encrypts the topic: the one that was given, or else a new one.
func topicKey(
	ctx *pulumi.Context, name string, args *Args, here account.Account, opts ...pulumi.ResourceOption,
) (pulumi.StringOutput, error) {
	if args.KMSKeyARN != nil {
		return args.KMSKeyARN.ToStringOutput(), nil
	}
	key, err := newKey(ctx, name, args, here, opts...)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return key.Arn, nil
}

// newKey creates the topic's key, which rotates yearly and which alarms of this account may use.
func newKey(
	ctx *pulumi.Context, name string, args *Args, here account.Account, opts ...pulumi.ResourceOption,
) (*kms.Key, error) {
	itself := []pulumi.StringInput{pulumi.String("*")} // in a key's policy, "*" is the key
	return kms.NewKey(ctx, name, &kms.KeyArgs{
		Description:          pulumi.String("Encrypts the alarm topic " + name),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(deletionWindowDays),
		Tags:                 args.Tags,
		Policy: iampolicy.Document(
			iampolicy.Statement{
				Sid:       "AccountAdministers",
				Principal: pulumi.StringMap{"AWS": here.RootARN()},
				Actions:   []string{"kms:*"},
				Resources: itself,
			},
			iampolicy.Statement{
				Sid:        "AlarmsEncrypt",
				Principal:  pulumi.StringMap{"Service": pulumi.String("cloudwatch.amazonaws.com")},
				Actions:    []string{"kms:Decrypt", "kms:GenerateDataKey*"},
				Resources:  itself,
				Conditions: map[string]pulumi.StringMap{"StringEquals": {"aws:SourceAccount": here.ID}},
			},
		),
	}, opts...)
}
