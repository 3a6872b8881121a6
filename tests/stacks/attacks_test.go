package stacks_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/stacks/bootstrap"
	"sagehost/tests/harness"
)

// deployerOf is what the role of the environment "test", which deploys the stack "dev", may do in an account that is
// set up.
func deployerOf(t *testing.T) harness.Policy {
	t.Helper()
	graph := harness.Run(t, bootstrap.Run, account(t, nil))
	var documents []string
	for _, attached := range graph.All("aws:iam/rolePolicyAttachment:RolePolicyAttachment") {
		if strings.HasPrefix(attached.Name, "sagehost-test-") && !strings.HasPrefix(attached.Name, "sagehost-test-read-") {
			documents = append(documents, document(t, graph, attached.Name))
		}
	}
	require.Len(t, documents, 9)
	policy, err := harness.ReadPolicy(documents...)
	require.NoError(t, err)
	return policy
}

// Requests are written as action, what they are about, and their condition keys: "key=value", in pairs.
const (
	ours     = "arn:aws-cn:iam::123456789012:role/sagehost/dev/flowers-1a2b3c4"
	theirs   = "arn:aws-cn:iam::123456789012:role/sagehost/prod/flowers-1a2b3c4"
	limit    = "arn:aws-cn:iam::123456789012:policy/permissions-boundary/sagehost-dev"
	inDev    = "aws:ResourceTag/sagehost:stack=dev"
	inProd   = "aws:ResourceTag/sagehost:stack=prod"
	toDev    = "aws:RequestTag/sagehost:stack=dev"
	limited  = "iam:PermissionsBoundary=" + limit
	hostingA = "arn:aws-cn:sagemaker:cn-north-1:123456789012:"
	keyOf    = "arn:aws-cn:kms:cn-north-1:123456789012:key/1"
	targetOf = "arn:aws-cn:application-autoscaling:cn-north-1:123456789012:scalable-target/0123"
)

func ask(action, resource string, keys ...string) harness.Request {
	r := harness.Request{Action: action, Resource: resource, Context: map[string][]string{}}
	for _, pair := range keys {
		key, value, _ := strings.Cut(pair, "=")
		r.Context[key] = append(r.Context[key], value)
	}
	return r
}

// attacks are requests by which somebody with a deployer's role would become more than a deployer, or reach what
// belongs to others. Each title is what would be gained.
var attacks = map[string][]harness.Request{
	"a role that may do anything": {
		ask("iam:CreateRole", ours),
		ask("iam:CreateRole", ours, "iam:PermissionsBoundary=arn:aws-cn:iam::aws:policy/AdministratorAccess"),
		ask("iam:CreateRole", ours, "iam:PermissionsBoundary=arn:aws-cn:iam::123456789012:policy/sagehost/dev/mine"),
		ask("iam:CreateRole", ours,
			"iam:PermissionsBoundary=arn:aws-cn:iam::123456789012:policy/permissions-boundary/sagehost-prod"),
		ask("iam:PutRolePolicy", ours),
		ask("iam:AttachRolePolicy", ours, "iam:PolicyARN=arn:aws-cn:iam::123456789012:policy/sagehost/dev/mine"),
		ask("iam:AttachRolePolicy", ours, limited, "iam:PolicyARN=arn:aws-cn:iam::aws:policy/AdministratorAccess"),
		ask("iam:CreateUser", "arn:aws-cn:iam::123456789012:user/me", limited),
	},
	"a boundary that is none": {
		ask("iam:DeleteRolePermissionsBoundary", ours, limited),
		ask("iam:PutRolePermissionsBoundary", ours, "iam:PermissionsBoundary=arn:aws-cn:iam::aws:policy/AdministratorAccess"),
		ask("iam:CreatePolicyVersion", limit), ask("iam:SetDefaultPolicyVersion", limit),
		ask("iam:DeletePolicy", limit), ask("iam:DeletePolicyVersion", limit), ask("iam:CreatePolicy", limit),
		ask("iam:TagPolicy", limit),
	},
	"another role": {
		ask("iam:PassRole", theirs, "iam:PassedToService=sagemaker.amazonaws.com"),
		ask("iam:PassRole", "arn:aws-cn:iam::123456789012:role/admin", "iam:PassedToService=sagemaker.amazonaws.com"),
		ask("iam:PassRole", ours, "iam:PassedToService=ec2.amazonaws.com"),
		ask("iam:UpdateAssumeRolePolicy", theirs, limited),
		ask("iam:UpdateAssumeRolePolicy", "arn:aws-cn:iam::123456789012:role/admin"),
		ask("iam:UpdateAssumeRolePolicy", "arn:aws-cn:iam::123456789012:role/github-access/sagehost-production"),
		ask("iam:PutRolePolicy", "arn:aws-cn:iam::123456789012:role/github-access/sagehost-test"),
		ask("sts:AssumeRole", "arn:aws-cn:iam::123456789012:role/admin"), ask("sts:AssumeRole", ours),
	},
	"endpoints, models and configurations of others": {
		ask("sagemaker:CreateEndpoint", hostingA+"endpoint-config/flowers-1", inProd),
		ask("sagemaker:UpdateEndpoint", hostingA+"endpoint-config/flowers-1", inProd),
		ask("sagemaker:CreateEndpoint", hostingA+"endpoint-config/flowers-1"),
		ask("sagemaker:UpdateEndpoint", hostingA+"endpoint/flowers-prod"),
		ask("sagemaker:DeleteEndpoint", hostingA+"endpoint/flowers-prod"),
		ask("sagemaker:DeleteEndpointConfig", hostingA+"endpoint-config/flowers-1", inProd),
		ask("sagemaker:DeleteModel", hostingA+"model/flowers-1"),
		ask("sagemaker:AddTags", hostingA+"model/flowers-1", toDev),
		ask("sagemaker:InvokeEndpoint", hostingA+"endpoint/flowers-prod"),
		ask("sagemaker:CreateNotebookInstance", hostingA+"notebook-instance/n", toDev),
	},
	"the scaling of others": {
		ask("application-autoscaling:RegisterScalableTarget", targetOf, inProd,
			"application-autoscaling:service-namespace=sagemaker"),
		ask("application-autoscaling:RegisterScalableTarget", targetOf, inProd, toDev,
			"application-autoscaling:service-namespace=sagemaker"),
		ask("application-autoscaling:RegisterScalableTarget", targetOf, toDev,
			"application-autoscaling:service-namespace=ecs"),
		ask("application-autoscaling:PutScalingPolicy", targetOf, inProd),
		ask("application-autoscaling:DeleteScalingPolicy", targetOf),
		ask("application-autoscaling:DeregisterScalableTarget", targetOf, inProd),
		ask("application-autoscaling:TagResource", targetOf, inProd, toDev),
		ask("application-autoscaling:UntagResource", targetOf, inProd),
		ask("cloudwatch:DeleteAlarms", "arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:flowers-prod.errors"),
		ask("cloudwatch:DeleteAlarms",
			"arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:TargetTracking-endpoint/flowers-prod/variant/main-AlarmLow-1"),
		ask("cloudwatch:PutMetricAlarm",
			"arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:TargetTracking-table/orders-AlarmLow-1"),
	},
	"keys of others": {
		ask("kms:PutKeyPolicy", keyOf, inProd), ask("kms:PutKeyPolicy", keyOf, "kms:ResourceAliases=alias/payroll"),
		ask("kms:TagResource", keyOf, toDev, inProd),
		ask("kms:TagResource", keyOf, toDev, "kms:ResourceAliases=alias/payroll"),
		ask("kms:TagResource", keyOf, toDev, "aws:ResourceTag/sagehost:bootstrap=test"),
		ask("kms:ScheduleKeyDeletion", keyOf), ask("kms:ScheduleKeyDeletion", keyOf, inProd),
		ask("kms:CreateAlias", keyOf, "kms:ResourceAliases=alias/payroll"),
		ask("kms:Decrypt", keyOf), ask("kms:CreateGrant", keyOf, inDev),
		ask("kms:PutKeyPolicy", stateKey), ask("kms:TagResource", stateKey, toDev),
	},
	"data of others": {
		ask("s3:GetObject", "arn:aws-cn:s3:::sagehost-prod-models-1/a"),
		ask("s3:GetObject", "arn:aws-cn:s3:::sagehost-dev-capture-1/flowers-dev/main/1.jsonl"),
		ask("s3:GetObject", "arn:aws-cn:s3:::sagehost-state-bucketv2/.pulumi/stacks/sagehost/prod.json"),
		ask("s3:PutBucketPolicy", "arn:aws-cn:s3:::payroll"),
		ask("secretsmanager:GetSecretValue", "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:payroll"),
		ask("ssm:GetParameter", "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/sagehost/prod/endpoints/flowers"),
	},
	"networks of others": {
		ask("ec2:DeleteVpc", "arn:aws-cn:ec2:cn-north-1:123456789012:vpc/vpc-1", inProd),
		ask("ec2:AuthorizeSecurityGroupIngress", "arn:aws-cn:ec2:cn-north-1:123456789012:security-group/sg-1"),
		ask("ec2:ModifyVpcEndpoint", "arn:aws-cn:ec2:cn-north-1:123456789012:vpc-endpoint/vpce-1", inProd),
		ask("ec2:CreateTags", "arn:aws-cn:ec2:cn-north-1:123456789012:vpc/vpc-1", toDev),
		ask("ec2:RunInstances", "arn:aws-cn:ec2:cn-north-1:123456789012:instance/i-1", toDev),
	},
}

func TestNoAttackWithADeployersRoleSucceeds(t *testing.T) {
	t.Parallel()
	deployer := deployerOf(t)
	tried := 0
	for gain, requests := range attacks {
		for _, r := range requests {
			tried++
			assert.False(t, deployer.Allows(r), "%s by %s on %s %v", gain, r.Action, r.Resource, r.Context)
		}
	}
	assert.Equal(t, 69, tried)
}

// What the attacks are changes of: none of them is denied because its request could never be allowed.
func TestADeployersOwnRequestsAreAllowed(t *testing.T) {
	t.Parallel()
	deployer := deployerOf(t)
	for _, r := range []harness.Request{
		ask("iam:CreateRole", ours, limited), ask("iam:PutRolePermissionsBoundary", ours, limited),
		ask("iam:PutRolePolicy", ours, limited), ask("iam:DeleteRolePolicy", ours, limited),
		ask("iam:DeleteRole", ours, limited), ask("iam:UpdateAssumeRolePolicy", ours, limited),
		ask("iam:AttachRolePolicy", ours, limited, "iam:PolicyARN=arn:aws-cn:iam::123456789012:policy/sagehost/dev/mine"),
		ask("iam:DetachRolePolicy", ours, limited),
		ask("iam:CreatePolicyVersion", "arn:aws-cn:iam::123456789012:policy/sagehost/dev/mine"),
		ask("iam:GetPolicy", limit), ask("iam:GetPolicyVersion", limit),
		ask("iam:PassRole", ours, "iam:PassedToService=sagemaker.amazonaws.com"),
		ask("sagemaker:CreateEndpoint", hostingA+"endpoint-config/flowers-1", inDev),
		ask("sagemaker:CreateEndpoint", hostingA+"endpoint/flowers-dev"),
		ask("sagemaker:DeleteEndpointConfig", hostingA+"endpoint-config/flowers-1", inDev),
		ask("application-autoscaling:RegisterScalableTarget", targetOf, toDev,
			"application-autoscaling:service-namespace=sagemaker"),
		ask("application-autoscaling:RegisterScalableTarget", targetOf, inDev,
			"application-autoscaling:service-namespace=sagemaker"),
		ask("application-autoscaling:TagResource", targetOf, toDev),
		ask("application-autoscaling:PutScalingPolicy", targetOf, inDev),
		ask("cloudwatch:PutMetricAlarm",
			"arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:TargetTracking-endpoint/flowers-dev/variant/main-AlarmLow-1"),
		ask("kms:CreateKey", "*", toDev), ask("kms:TagResource", keyOf, toDev),
		ask("kms:PutKeyPolicy", keyOf), ask("kms:PutKeyPolicy", keyOf, inDev, "kms:ResourceAliases=alias/sagehost-dev"),
		ask("kms:ScheduleKeyDeletion", keyOf, inDev), ask("kms:CreateAlias", keyOf, inDev),
		ask("s3:PutObject", "arn:aws-cn:s3:::sagehost-dev-models-1/a"),
		ask("ec2:DeleteVpc", "arn:aws-cn:ec2:cn-north-1:123456789012:vpc/vpc-1", inDev),
	} {
		assert.True(t, deployer.Allows(r), "%s on %s %v", r.Action, r.Resource, r.Context)
	}
}
