package components_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/components/encryption"
	"sagehost/kit/check"
	"sagehost/tests/harness"
)

const aliasType = "aws:kms/alias:Alias"

// thisAccount is the account as a principal, and via what a service of its region does for it.
const thisAccount = `"Principal": {"AWS": "arn:aws-cn:iam::123456789012:root"}`

func via(service string) string {
	return `"StringEquals": {"kms:CallerAccount": "123456789012"},
		"StringLike": {"kms:ViaService": "` + service + `.cn-north-1.amazonaws.com*"}`
}

var stackKeyPolicy = `{
	"Version": "2012-10-17",
	"Statement": [{
		"Sid": "AccountAdministers", "Effect": "Allow", "Resource": ["*"], ` + thisAccount + `,
		"Action": [
			"kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey",
			"kms:DisableKeyRotation", "kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy",
			"kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies", "kms:ListResourceTags",
			"kms:PutKeyPolicy", "kms:RevokeGrant", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource",
			"kms:UpdateAlias", "kms:UpdateKeyDescription"
		]
	}, {
		"Sid": "StoreObjects", "Effect": "Allow", "Resource": ["*"], ` + thisAccount + `,
		"Action": ["kms:Decrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"], "Condition": {` + via("s3") + `}
	}, {
		"Sid": "PublishMessages", "Effect": "Allow", "Resource": ["*"], ` + thisAccount + `,
		"Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Condition": {` + via("sns") + `}
	}, {
		"Sid": "UseInSageMaker", "Effect": "Allow", "Resource": ["*"], ` + thisAccount + `,
		"Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"], "Condition": {` + via("sagemaker") + `}
	}, {
		"Sid": "EncryptVolumes", "Effect": "Allow", "Resource": ["*"], ` + thisAccount + `,
		"Action": ["kms:CreateGrant"],
		"Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}, ` + via("sagemaker") + `}
	}, {
		"Sid": "AlarmsPublish", "Effect": "Allow", "Resource": ["*"],
		"Principal": {"Service": "cloudwatch.amazonaws.com"}, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
		"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}
	}, {
		"Sid": "StoreSchedules", "Effect": "Allow", "Resource": ["*"], ` + thisAccount + `,
		"Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
		"Condition": {
			"StringEquals": {"kms:CallerAccount": "123456789012"},
			"ArnLike": {
				"kms:EncryptionContext:aws:scheduler:schedule:arn":
					"arn:aws-cn:scheduler:cn-north-1:123456789012:schedule/*"
			}
		}
	}` + storesLogs("StoreHostingLogs", "/aws/sagemaker/*") + storesLogs("StoreFlowLogs", "/vpc/*") +
	storesLogs("StoreRunLogs", "/aws/vendedlogs/states/*") + `]
}`

// storesLogs is the statement that lets CloudWatch Logs use the key for log groups of these names.
func storesLogs(sid, names string) string {
	return `, {
		"Sid": "` + sid + `", "Effect": "Allow", "Resource": ["*"],
		"Principal": {"Service": "logs.cn-north-1.amazonaws.com.cn"},
		"Action": ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
		"Condition": {
			"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws-cn:logs:cn-north-1:123456789012:log-group:` + names + `"}
		}
	}`
}

func newEncryption(name string, spec encryption.Spec) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := encryption.New(ctx, name, &encryption.Args{Spec: spec, Tags: tags})
		return err
	}
}

// newStackKey makes a key as a stack does, and returns its ARN.
func newStackKey(ctx *pulumi.Context) (pulumi.StringInput, error) {
	e, err := encryption.New(ctx, "sagehost-test", &encryption.Args{Spec: encryption.Spec{Enabled: true}, Tags: tags})
	if err != nil {
		return nil, err
	}
	return e.KeyARN, nil
}

func TestAStacksKeyHasAnAliasAndServesOnlyTheServicesThatStore(t *testing.T) {
	t.Parallel()
	program := newEncryption("sagehost-test", encryption.Spec{Enabled: true})
	known := declaration{
		encryption.Type + " sagehost-test": `{"deletionWindowDays": 30}`,
		keyType + " sagehost-test": `{
			"description": "Encrypts what the stack sagehost-test stores", "enableKeyRotation": true,
			"deletionWindowInDays": 30, "policy": ` + stackKeyPolicy + `, ` + wantTags + `
		}`,
	}
	for _, test := range []struct {
		name   string
		option []harness.Option
		target string
	}{
		{"when it is created", nil, `"sagehost-test-key-id"`},
		{"in a preview", []harness.Option{harness.Preview()}, unknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			graph := harness.Run(t, program, test.option...)
			requireUnder(t, graph, encryption.Type)
			want := declaration{aliasType + " sagehost-test": `{
				"name": "alias/sagehost-test", "targetKeyId": ` + test.target + `
			}`}
			maps.Copy(want, known)
			requireDeclares(t, graph, want)
		})
	}
}

func TestAKeysWindowAndProtectionAreTheUsers(t *testing.T) {
	t.Parallel()
	window := 7
	graph := harness.Run(t, newEncryption("a", encryption.Spec{Enabled: true, Protect: true, DeletionWindowDays: &window}))
	assert.EqualValues(t, 7, graph.One(t, keyType).Inputs["deletionWindowInDays"])
	assert.Equal(t, []string{keyType}, protected(graph))
}

func TestBadKeysAreRefused(t *testing.T) {
	t.Parallel()
	window := 31
	requireFails(t, newEncryption("aws/test", encryption.Spec{Protect: true, DeletionWindowDays: &window}),
		`encryption "aws/test": "aws/test" cannot be a key's alias; `+
			`expected at most 250 letters, digits, hyphens and underscores`,
		`deletionWindowDays: 31 is not between 7 and 30`,
		`deletionWindowDays: belongs to a key; set enabled to true, or leave it out`,
		`protect: belongs to a key; set enabled to true, or leave it out`)
}

func TestAKeysLimitsAreKMSs(t *testing.T) {
	t.Parallel()
	for window, want := range map[int]bool{6: false, 7: true, 30: true, 31: false} {
		at := check.New("")
		spec := encryption.Spec{Enabled: true, DeletionWindowDays: &window}
		spec.Check(at)
		assert.Equal(t, want, at.Err() == nil, window)
	}
	for name, want := range map[string]bool{
		"a": true, "sagehost-prod_1": true, strings.Repeat("a", 250): true, strings.Repeat("a", 251): false, "": false,
		"a b": false,
	} {
		at := check.New("")
		encryption.CheckLogicalName(at, name)
		assert.Equal(t, want, at.Err() == nil, name)
	}
}
