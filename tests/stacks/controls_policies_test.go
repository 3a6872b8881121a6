package stacks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

// without are the actions that know no resources, and so can only be allowed on all (Service Authorization Reference):
// all that may be.
var without = []string{
	"cloudwatch:PutMetricData", "ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups",
	"ec2:DescribeSubnets", "ec2:DescribeVpcs", "ecr:GetAuthorizationToken", "logs:CreateLogDelivery",
	"logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:GetLogDelivery",
	"logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery", "xray:GetSamplingRules",
	"xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
}

// allowed has a check look at each statement of the roles' and callers' policies, with its actions and resources.
func allowed(check func(t *testing.T, actions, resources []string)) func(*testing.T, *harness.Graph) {
	return func(t *testing.T, g *harness.Graph) {
		t.Helper()
		policies := append(g.All(rolePolicyType), g.All(callerPolicyType)...)
		require.Len(t, policies, len(g.All(roleType))+2, "one of each role, and two of callers")
		for _, policy := range policies {
			for _, s := range objects(t, policy.JSON(t, "policy")["Statement"]) {
				require.Equal(t, "Allow", s["Effect"])
				check(t, texts(s["Action"]), texts(s["Resource"]))
			}
		}
	}
}

// texts is a list of strings in JSON.
func texts(list any) []string {
	values, _ := list.([]any)
	all := make([]string, len(values))
	for i, value := range values {
		all[i], _ = value.(string)
	}
	return all
}

// never expects that no statement has any of these actions, in which "*" ends a prefix.
func never(patterns ...string) func(*testing.T, *harness.Graph) {
	return allowed(func(t *testing.T, actions, resources []string) {
		t.Helper()
		for _, action := range actions {
			for _, pattern := range patterns {
				prefix, open := strings.CutSuffix(pattern, "*")
				assert.False(t, action == pattern || open && strings.HasPrefix(action, prefix), "%s on %v", action, resources)
			}
		}
	})
}

// closed expects that the policies of a type let only somebody in particular do something.
func closed(typ string) func(*testing.T, *harness.Graph) {
	return every(typ, func(t *testing.T, r harness.Resource) {
		t.Helper()
		for _, s := range objects(t, r.JSON(t, "policy")["Statement"]) {
			if s["Effect"] == "Allow" {
				assert.IsType(t, map[string]any{}, s["Principal"], r.URN)
				assert.NotContains(t, s["Principal"], "*", r.URN)
				assert.NotEqual(t, map[string]any{"AWS": "*"}, s["Principal"], r.URN)
			}
		}
	})
}

var accessControls = []control{
	{
		"IAM.1 IAM.21", allowed(func(t *testing.T, actions, _ []string) {
			t.Helper()
			assert.NotContains(t, strings.Join(actions, " "), "*")
		}),
	},
	{
		"KMS.1 KMS.2", allowed(func(t *testing.T, actions, resources []string) {
			t.Helper()
			if slices.ContainsFunc(actions, func(action string) bool { return strings.HasPrefix(action, "kms:") }) {
				assert.Equal(t, []string{prodKey}, resources, actions)
			}
		}),
	},
	{"KMS.5 CKV2_AWS_64", closed(keyType)},
	{"SNS.4", closed("aws:sns/topicPolicy:TopicPolicy")},
	{
		"CKV_AWS_61", every(roleType, func(t *testing.T, r harness.Resource) {
			t.Helper()
			for _, s := range objects(t, r.JSON(t, "assumeRolePolicy")["Statement"]) {
				principal, _ := s["Principal"].(map[string]any)
				assert.Len(t, principal, 1, r.URN)
				assert.Regexp(t, `^(sagemaker|states|scheduler|events|vpc-flow-logs)\.amazonaws\.com$`, principal["Service"], r.URN)
				assert.NotEmpty(t, s["Condition"], r.URN)
			}
		}),
	},
	{"CKV_AWS_110 CKV_AWS_286", never("iam:*", "sts:*", "lambda:Create*", "lambda:Update*", "sagemaker:CreateNotebook*")},
	{
		"CKV_AWS_108 CKV_AWS_288", allowed(func(t *testing.T, actions, resources []string) {
			t.Helper()
			for _, action := range []string{"s3:GetObject", "secretsmanager:GetSecretValue", "ssm:GetParameter"} {
				if slices.Contains(actions, action) {
					assert.NotContains(t, resources, "*", action)
					assert.NotContains(t, strings.Join(resources, " "), ":::*", action)
				}
			}
		}),
	},
	{
		"CKV_AWS_109 CKV_AWS_111 CKV_AWS_289 CKV_AWS_290 CKV_AWS_355 CKV_AWS_356",
		allowed(func(t *testing.T, actions, resources []string) {
			t.Helper()
			if slices.Contains(resources, "*") {
				assert.Subset(t, without, actions)
			}
		}),
	},
}
