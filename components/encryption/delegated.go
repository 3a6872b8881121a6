package encryption

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// DelegatedPolicy is the policy of a key about whose use this account's IAM policies decide, and readers of objects
// encrypted under it: the ids of accounts whose own policies decide about theirs.
func DelegatedPolicy(here account.Account, readers ...string) pulumi.StringOutput {
	itself := []pulumi.StringInput{pulumi.String("*")} // in a key's policy, "*" is the key
	thisAccount := pulumi.StringMap{"AWS": here.RootARN()}
	statements := []iampolicy.Statement{
		{Sid: "AccountAdministers", Principal: thisAccount, Actions: administration, Resources: itself},
		{
			Sid: "AccountUses", Principal: thisAccount, Resources: itself,
			Actions: []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"},
		},
	}
	if len(readers) > 0 {
		statements = append(statements, iampolicy.Statement{
			Sid: "OthersRead", Accounts: here.Others(readers), Resources: itself, Actions: []string{"kms:Decrypt"},
			Conditions: map[string]pulumi.StringMap{
				"StringLike": {"kms:ViaService": pulumi.Sprintf("s3.%s.amazonaws.com*", here.Region)},
			},
		})
	}
	return iampolicy.Document(statements...)
}
