package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
	"sagehost/components/logs"
)

// keyDeletionDays is the time in which a deleted key can be brought back. Range of KMS: 7 to 30.
const keyDeletionDays = 30

// newFlowLogs records all connections of the VPC in a log group of its own.
func newFlowLogs(
	ctx *pulumi.Context, name string, args *Args, vpcID pulumi.StringInput, here account.Account,
	parent pulumi.ResourceOption,
) error {
	name += "-flow-logs"
	// The key's policy names the log group before it is there: its name is given.
	logGroup := "/vpc/" + name
	key, err := flowLogsKey(ctx, name, args, logGroup, here, parent)
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	kept := args.Logs
	if args.FlowLogs.RetentionDays != nil {
		kept.RetentionDays = args.FlowLogs.RetentionDays
	}
	group, err := logs.NewGroup(ctx, name, &logs.Args{
		Spec: kept, GroupName: logGroup, KMSKeyARN: key, Tags: args.Tags,
	}, parent)
	if err != nil {
		return fmt.Errorf("log group: %w", err)
	}
	role, err := iam.NewRole(ctx, name, &iam.RoleArgs{
		Description:      pulumi.String("Writes the log group " + logGroup),
		AssumeRolePolicy: flowLogsTrust(here),
		Path:             iampolicy.Optional(args.RolePath),

		PermissionsBoundary: iampolicy.Optional(args.PermissionsBoundary),
		Tags:                args.Tags,
	}, parent)
	if err != nil {
		return fmt.Errorf("role: %w", err)
	}
	policy, err := iam.NewRolePolicy(ctx, name, &iam.RolePolicyArgs{
		Role: role.Name,
		Policy: iampolicy.Document(iampolicy.Statement{
			Sid:       "WriteFlowLogs",
			Actions:   []string{"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"},
			Resources: []pulumi.StringInput{group.Arn, pulumi.Sprintf("%s:*", group.Arn)},
		}, iampolicy.Statement{
			Sid:       "FindLogGroup",
			Actions:   []string{"logs:DescribeLogGroups"},
			Resources: []pulumi.StringInput{here.ARN("logs", "log-group:*")},
		}),
	}, parent)
	if err != nil {
		return fmt.Errorf("role policy: %w", err)
	}
	if _, err := ec2.NewFlowLog(ctx, name, &ec2.FlowLogArgs{
		VpcId:          vpcID.ToStringOutput(),
		TrafficType:    pulumi.String("ALL"),
		LogDestination: group.Arn,
		IamRoleArn:     role.Arn,
		Tags:           named(args.Tags, name),
	}, parent, pulumi.DependsOn([]pulumi.Resource{policy})); err != nil {
		return fmt.Errorf("flow log: %w", err)
	}
	return nil
}

// flowLogsKey is the ARN of the key that encrypts the group: the one that was given, or else a new one.
func flowLogsKey(
	ctx *pulumi.Context, name string, args *Args, logGroup string, here account.Account, parent pulumi.ResourceOption,
) (pulumi.StringInput, error) {
	if args.LogsKMSKeyARN != nil {
		return args.LogsKMSKeyARN, nil
	}
	key, err := kms.NewKey(ctx, name, &kms.KeyArgs{
		Description:          pulumi.String("Encrypts the log group " + logGroup),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(keyDeletionDays),
		Policy:               keyPolicy(logGroup, here),
		Tags:                 args.Tags,
	}, parent)
	if err != nil {
		return nil, err
	}
	return key.Arn, nil
}

// keyPolicy lets CloudWatch Logs use the key for this log group alone.
func keyPolicy(logGroup string, here account.Account) pulumi.StringOutput {
	itself := []pulumi.StringInput{pulumi.String("*")} // in a key's policy, "*" is the key
	return iampolicy.Document(
		iampolicy.Statement{
			Sid:       "AccountAdministers",
			Principal: pulumi.StringMap{"AWS": here.RootARN()},
			Actions:   []string{"kms:*"},
			Resources: itself,
		},
		iampolicy.Statement{
			Sid:       "LogsEncrypt",
			Principal: pulumi.StringMap{"Service": here.LogsService()},
			Actions: []string{
				"kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*",
			},
			Resources: itself,
			Conditions: map[string]pulumi.StringMap{
				"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": here.ARN("logs", "log-group:"+logGroup)},
			},
		},
	)
}

// flowLogsTrust lets flow logs of this account only assume the role (the confused deputy problem).
func flowLogsTrust(here account.Account) pulumi.StringOutput {
	return iampolicy.Document(iampolicy.Statement{
		Actions:   []string{"sts:AssumeRole"},
		Principal: pulumi.StringMap{"Service": pulumi.String("vpc-flow-logs.amazonaws.com")},
		Conditions: map[string]pulumi.StringMap{
			"StringEquals": {"aws:SourceAccount": here.ID},
			"ArnLike":      {"aws:SourceArn": here.ARN("ec2", "vpc-flow-log/*")},
		},
	})
}
