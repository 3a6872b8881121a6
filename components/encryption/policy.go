package encryption

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// administration is everything that manages a key and nothing that uses it (AWS KMS Developer Guide, "Allows key
// administrators to administer the KMS key"). A policy of "kms:*" would let every other statement be walked around.
var administration = []string{
	"kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey",
	"kms:DisableKeyRotation", "kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus",
	"kms:ListGrants", "kms:ListKeyPolicies", "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:RevokeGrant",
	"kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
}

// through are the services through which the account's roles and users may use the key, as far as their own policies
// let them, and what each needs to do so.
var through = []struct {
	sid, service string
	actions      []string
}{
	// Objects: archives of models, captured requests and answers, input and output of jobs.
	{"StoreObjects", "s3", []string{"kms:Decrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"}},
	// Publishing to the topic.
	{"PublishMessages", "sns", []string{"kms:Decrypt", "kms:GenerateDataKey*"}},
	// SageMaker looks at the key when it makes an endpoint configuration or a job.
	{"UseInSageMaker", "sagemaker", []string{"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"}},
}

// logGroups are those that CloudWatch Logs encrypts under the key. It names the one at hand in the encryption context
// (CloudWatch Logs User Guide, "Encrypt log data").
var logGroups = []struct{ sid, names string }{
	{"StoreHostingLogs", "/aws/sagemaker/*"},
	{"StoreFlowLogs", "/vpc/*"},
	{"StoreRunLogs", "/aws/vendedlogs/states/*"},
}

// keyPolicy says who may do what with the key.
func keyPolicy(here account.Account) []iampolicy.Statement {
	itself := []pulumi.StringInput{pulumi.String("*")} // in a key's policy, "*" is the key
	thisAccount := pulumi.StringMap{"AWS": here.RootARN()}
	statements := []iampolicy.Statement{
		{Sid: "AccountAdministers", Principal: thisAccount, Actions: administration, Resources: itself},
	}
	for _, row := range through {
		statements = append(statements, iampolicy.Statement{
			Sid: row.sid, Principal: thisAccount, Actions: row.actions, Resources: itself, Conditions: via(row.service, here),
		})
	}
	// Volumes outlive the call that makes them: SageMaker uses the key for them by grants.
	grants := via("sagemaker", here)
	grants["Bool"] = pulumi.StringMap{"kms:GrantIsForAWSResource": pulumi.String("true")}
	statements = append(
		statements,
		iampolicy.Statement{
			Sid: "EncryptVolumes", Principal: thisAccount, Actions: []string{"kms:CreateGrant"}, Resources: itself,
			Conditions: grants,
		},
		iampolicy.Statement{
			Sid:        "AlarmsPublish",
			Principal:  pulumi.StringMap{"Service": pulumi.String("cloudwatch.amazonaws.com")},
			Actions:    []string{"kms:Decrypt", "kms:GenerateDataKey*"},
			Resources:  itself,
			Conditions: map[string]pulumi.StringMap{"StringEquals": {"aws:SourceAccount": here.ID}},
		},
		// EventBridge Scheduler names the schedule it encrypts, and decrypts it as the role that the schedule starts runs by
		// (its user guide, "Encryption at rest").
		iampolicy.Statement{
			Sid: "StoreSchedules", Principal: thisAccount, Resources: itself,
			Actions: []string{"kms:Decrypt", "kms:GenerateDataKey*"},
			Conditions: map[string]pulumi.StringMap{
				"StringEquals": {"kms:CallerAccount": here.ID},
				"ArnLike": {
					"kms:EncryptionContext:aws:scheduler:schedule:arn": here.ARN("scheduler", "schedule/*"),
				},
			},
		},
	)
	for _, row := range logGroups {
		statements = append(statements, iampolicy.Statement{
			Sid:       row.sid,
			Principal: pulumi.StringMap{"Service": here.LogsService()},
			Actions: []string{
				"kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*",
			},
			Resources: itself,
			Conditions: map[string]pulumi.StringMap{
				"ArnLike": {"kms:EncryptionContext:aws:logs:arn": here.ARN("logs", "log-group:"+row.names)},
			},
		})
	}
	return statements
}

// via holds for calls that a service of this region makes for a caller of this account. Whether the name of a service
// ends in the partition's suffix there is not documented; the asterisk stands for the ".cn" that it could end in.
func via(service string, here account.Account) map[string]pulumi.StringMap {
	return map[string]pulumi.StringMap{
		"StringEquals": {"kms:CallerAccount": here.ID},
		"StringLike":   {"kms:ViaService": pulumi.Sprintf("%s.%s.amazonaws.com*", service, here.Region)},
	}
}
