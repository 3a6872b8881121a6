package batch

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// newRole creates the role of the state machine and returns its ARN, known once its policy is attached.
func (a *Args) newRole(
	ctx *pulumi.Context, name string, here account.Account, parent pulumi.ResourceOption,
) (pulumi.StringOutput, error) {
	return a.roleOf(ctx, name+runSuffix, "Runs the batch transform "+a.Name,
		trust("states", here, here.ARN("states", "stateMachine:"+a.Name)), a.permissions(here), parent)
}

// roleOf creates a role with a policy.
func (a *Args) roleOf(
	ctx *pulumi.Context, name, description string, trust pulumi.StringInput, may []iampolicy.Statement,
	parent pulumi.ResourceOption,
) (pulumi.StringOutput, error) {
	role, err := iam.NewRole(ctx, name, &iam.RoleArgs{
		Description: pulumi.String(description), AssumeRolePolicy: trust,
		Path: iampolicy.Optional(a.RolePath), PermissionsBoundary: iampolicy.Optional(a.PermissionsBoundary), Tags: a.Tags,
	}, parent)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	policy, err := iam.NewRolePolicy(ctx, name, &iam.RolePolicyArgs{
		Role: role.Name, Policy: iampolicy.Document(may...),
	}, parent)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return pulumi.All(role.Arn, policy.ID()).ApplyT(func(both []any) string {
		return both[0].(string)
	}).(pulumi.StringOutput), nil
}

// trust lets a service assume a role on behalf of one thing of this account only (the confused deputy problem).
func trust(service string, here account.Account, source pulumi.StringInput) pulumi.StringOutput {
	return iampolicy.Document(iampolicy.Statement{
		Actions:   []string{"sts:AssumeRole"},
		Principal: pulumi.StringMap{"Service": pulumi.String(service + ".amazonaws.com")},
		Conditions: map[string]pulumi.StringMap{
			"StringEquals": {"aws:SourceAccount": here.ID},
			"ArnLike":      {"aws:SourceArn": source},
		},
	})
}

// syncRule is the rule by which Step Functions hears of the end of transform jobs (its developer guide, "IAM policies
// for Amazon SageMaker").
const syncRule = "rule/StepFunctionsGetEventsForSageMakerTransformJobsRule"

// permissions are what the states do.
func (a *Args) permissions(here account.Account) []iampolicy.Statement {
	allow := func(sid string, resources []pulumi.StringInput, actions ...string) iampolicy.Statement {
		return iampolicy.Statement{Sid: sid, Actions: actions, Resources: resources}
	}
	anything := []pulumi.StringInput{pulumi.String("*")}
	runs := func(names ...string) []pulumi.StringInput {
		arns := make([]pulumi.StringInput, len(names))
		for i, name := range names {
			arns[i] = pulumi.Sprintf("arn:%s:s3:::%s/%s*/%s", here.Partition, a.Bucket, RunsPrefix(a.Name), name)
		}
		return arns
	}
	statements := []iampolicy.Statement{
		allow("RunJobs", []pulumi.StringInput{here.ARN("sagemaker", "transform-job/"+jobPrefix(a.Name)+ofJobs)},
			"sagemaker:AddTags", "sagemaker:CreateTransformJob", "sagemaker:DescribeTransformJob", "sagemaker:ListTags",
			"sagemaker:StopTransformJob"),
		allow("ReadItself", []pulumi.StringInput{here.ARN("states", "stateMachine:"+a.Name)},
			"states:DescribeStateMachine"),
		allow("HearOfJobs", []pulumi.StringInput{here.ARN("events", syncRule)},
			"events:DescribeRule", "events:PutRule", "events:PutTargets"),
		a.mayList("FindRuns", here, a.Bucket, a.Name+"/*"),
		allow("MarkRuns", runs(incompleteMark, successMark, manifestName), "s3:PutObject"),
		allow("RemoveMark", runs(incompleteMark), "s3:DeleteObject"),
		// The services behind these have no resources that a policy could name (Step Functions developer guide,
		// "CloudWatch Logs" and "X-Ray").
		allow("DeliverLogs", anything, "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups",
			"logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy",
			"logs:UpdateLogDelivery"),
		allow("Trace", anything, "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords",
			"xray:PutTraceSegments"),
	}
	if a.Input != "" {
		bucket, keys := a.input()
		if !a.readsObject() {
			keys += "*"
		}
		statements = append(statements, a.mayList("FindInput", here, bucket, keys))
	}
	if a.KMSKeyARN != nil {
		statements = append(statements, a.mayEncrypt(here)...)
	}
	return statements
}

func (a *Args) mayList(
	sid string, here account.Account, bucket pulumi.StringInput, keys string,
) iampolicy.Statement {
	return iampolicy.Statement{
		Sid: sid, Actions: []string{"s3:ListBucket"},
		Resources:  []pulumi.StringInput{pulumi.Sprintf("arn:%s:s3:::%s", here.Partition, bucket)},
		Conditions: map[string]pulumi.StringMap{"StringLike": {"s3:prefix": pulumi.String(keys)}},
	}
}

// mayEncrypt lets the state machine write objects under the key, and SageMaker use it for the volumes of its jobs.
// Whether the names of services end in the partition's suffix is not documented; the asterisk stands for ".cn".
func (a *Args) mayEncrypt(here account.Account) []iampolicy.Statement {
	via := func(service string) pulumi.StringMap {
		return pulumi.StringMap{"kms:ViaService": pulumi.Sprintf("%s.%s.amazonaws.com*", service, here.Region)}
	}
	key := []pulumi.StringInput{a.KMSKeyARN}
	return []iampolicy.Statement{
		{
			Sid: "EncryptObjects", Resources: key, Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"},
			Conditions: map[string]pulumi.StringMap{"StringLike": via("s3")},
		},
		{
			Sid: "EncryptJobs", Resources: key, Actions: []string{"kms:DescribeKey"},
			Conditions: map[string]pulumi.StringMap{"StringLike": via("sagemaker")},
		},
		{
			Sid: "EncryptVolumes", Resources: key, Actions: []string{"kms:CreateGrant"},
			Conditions: map[string]pulumi.StringMap{
				"Bool":       {"kms:GrantIsForAWSResource": pulumi.String("true")},
				"StringLike": via("sagemaker"),
			},
		},
	}
}
