package stacks_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/access"
	"sagehost/stacks/bootstrap"
	"sagehost/tests/harness"
)

const policyLookup = "aws:iam/getPolicy:getPolicy"

// limitOf is what the permissions boundary allows that an account has for a stack.
func limitOf(t *testing.T, stack string) harness.Policy {
	t.Helper()
	text, err := access.Boundary().Policy(access.Scope{
		Partition: "aws-cn", Region: "cn-north-1", Account: "123456789012", Project: "sagehost", Stack: stack,
	})
	require.NoError(t, err)
	policy, err := harness.ReadPolicy(string(text))
	require.NoError(t, err)
	return policy
}

func TestRolesAreBoundedWhereTheAccountHasABoundary(t *testing.T) {
	t.Parallel()
	const made = "arn:aws-cn:iam::123456789012:policy/permissions-boundary/sagehost-prod"
	for name, test := range map[string]struct {
		answers map[string]map[string]any
		want    any
	}{
		"there is none":         {nil, nil},
		"the bootstrap has one": {map[string]map[string]any{made: {"arn": made}}, made},
	} {
		roles := run(t, "prod", harness.Answers(policyLookup, test.answers)).All(roleType)
		require.Len(t, roles, 9)
		for _, role := range roles {
			assert.Equal(t, test.want, role.Inputs["permissionsBoundary"], "%s: %s", name, role.Name)
		}
	}
}

func TestRolesHaveTheBoundaryThatTheSettingsName(t *testing.T) {
	t.Parallel()
	const own = "arn:aws-cn:iam::123456789012:policy/organization/limit"
	graph := harness.Run(t, program, harness.Stack("dev"), harness.Config(map[string]string{
		"aws:region": "cn-north-1", "sagehost:permissionsBoundary": own,
		"sagehost:models": `{"m": {"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/scoring:1.0.0"}}`,
	}))
	assert.Equal(t, own, graph.Named(t, roleType, "m").Inputs["permissionsBoundary"])
}

// What the roles of the repository's stacks are allowed, they are allowed within their boundary, too.
func TestABoundaryHoldsWhatRolesDo(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, stack := range []string{"dev", "prod"} {
		graph, limit := run(t, stack), limitOf(t, stack)
		for _, policy := range append(graph.All(rolePolicyType), graph.All(callerPolicyType)...) {
			for _, s := range objects(t, policy.JSON(t, "policy")["Statement"]) {
				for _, action := range texts(s["Action"]) {
					for _, resource := range texts(s["Resource"]) {
						checked++
						resource = strings.ReplaceAll(realARN(resource), "{stack}", stack)
						assert.True(t, limit.Allows(within(t, stack, action, resource, s["Condition"])), "%s: %s: %s on %s",
							stack, policy.Name, action, resource)
					}
				}
			}
		}
	}
	assert.Greater(t, checked, 300)
}

// realARN is what AWS would call something that the harness gives an ARN of its own.
func realARN(arn string) string {
	const made, here = "arn:aws-cn:test:cn-north-1:123456789012:", ":cn-north-1:123456789012:"
	name, ours := strings.CutPrefix(arn, made)
	if !ours {
		return arn
	}
	for suffix, real := range map[string]string{
		"-key": "kms" + here + "key/1", "-topic": "sns" + here + "sagehost-{stack}-1",
		"-statemachine": "states" + here + "stateMachine:flowers-{stack}",
		"-endpoint":     "sagemaker" + here + "endpoint/flowers-{stack}",
		"-loggroup":     "logs" + here + "log-group:/vpc/sagehost-{stack}-flow-logs",
		"-loggroup:*":   "logs" + here + "log-group:/vpc/sagehost-{stack}-flow-logs:*",
	} {
		if strings.HasSuffix(name, suffix) {
			return "arn:aws-cn:" + real
		}
	}
	return arn
}

// within is a request that a statement of a role allows, with the conditions that its policy or AWS itself demand. What
// a pattern stands for does not matter.
func within(t *testing.T, stack, action, resource string, conditions any) harness.Request {
	t.Helper()
	r := harness.Request{Action: action, Resource: resource, Context: map[string][]string{
		"aws:ResourceTag/sagehost:stack": {stack}, "aws:RequestTag/sagehost:stack": {stack},
		"aws:ResourceAccount": {"123456789012"},
	}}
	if strings.HasPrefix(action, "kms:") {
		r.Context["kms:ViaService"] = []string{"s3.cn-north-1.amazonaws.com"}
	}
	operators, _ := conditions.(map[string]any)
	for _, keys := range operators {
		for key, wanted := range keys.(map[string]any) {
			if text, one := wanted.(string); one {
				r.Context[key] = []string{text}
			} else {
				r.Context[key] = texts(wanted)
			}
		}
	}
	return r
}

func TestABoundaryKeepsRolesFromWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	limit := limitOf(t, "dev")
	const here, elsewhere = "aws:ResourceAccount=123456789012", "aws:ResourceAccount=210987654321"
	const secret = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:payroll"
	for _, r := range []harness.Request{
		ask("iam:CreateRole", ours, limited), ask("iam:PassRole", ours), ask("sts:AssumeRole", theirs),
		ask("s3:GetObject", "arn:aws-cn:s3:::payroll/a", here), ask("s3:GetObject", "arn:aws-cn:s3:::payroll/a"),
		ask("s3:GetObject", "arn:aws-cn:s3:::sagehost-prod-models-1/a", here),
		ask("s3:GetObject", "arn:aws-cn:s3:::sagehost-state-1/.pulumi/stacks/sagehost/dev.json", here),
		ask("s3:GetObject", "arn:aws-cn:s3:::sagehost-dev-capture-1/a", here),
		ask("s3:PutObject", "arn:aws-cn:s3:::sagehost-dev-models-1/a", here),
		ask("s3:PutObject", "arn:aws-cn:s3:::somebody/a", elsewhere),
		ask("secretsmanager:GetSecretValue", secret, here), ask("secretsmanager:GetSecretValue", secret, here, inProd),
		ask("kms:Decrypt", keyOf), ask("kms:PutKeyPolicy", keyOf, inDev), ask("kms:CreateGrant", keyOf),
		ask("sagemaker:InvokeEndpoint", hostingA+"endpoint/flowers-prod"),
		ask("sagemaker:CreateModel", hostingA+"model/m", toDev),
		ask("sagemaker:CreateTransformJob", hostingA+"transform-job/j", "aws:RequestTag/sagehost:stack=prod"),
		ask("sagemaker:StopTransformJob", hostingA+"transform-job/j", inProd),
		ask("states:StartExecution", "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:flowers-prod"),
	} {
		assert.False(t, limit.Allows(r), "%s on %s %v", r.Action, r.Resource, r.Context)
	}
	for _, r := range []harness.Request{
		ask("s3:GetObject", "arn:aws-cn:s3:::jumpstart-cache-prod-cn-north-1/a", elsewhere),
		ask("secretsmanager:GetSecretValue", secret, here, inDev),
		ask("s3:GetObject", "arn:aws-cn:s3:::sagehost-dev-models-1/a", here),
	} {
		assert.True(t, limit.Allows(r), "%s on %s %v", r.Action, r.Resource, r.Context)
	}
}

func TestABootstrapMakesABoundaryForEachStack(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, bootstrap.Run, account(t, map[string]string{
		"stacks": `{"dev": {"buckets": ["training-data"]}}`,
	}))
	boundary := graph.Named(t, managedPolicy, "sagehost-boundary-dev")
	assert.Equal(t, "/permissions-boundary/", boundary.Inputs["path"])
	assert.Equal(t, "sagehost-dev", boundary.Inputs["name"])
	p, err := harness.ReadPolicy(boundary.Inputs["policy"].(string))
	require.NoError(t, err)
	const here = "aws:ResourceAccount=123456789012"
	assert.True(t, p.Allows(ask("s3:GetObject", "arn:aws-cn:s3:::training-data/a", here)))
	assert.True(t, p.Allows(ask("s3:ListBucket", "arn:aws-cn:s3:::training-data", here)))
	assert.False(t, p.Allows(ask("s3:GetObject", "arn:aws-cn:s3:::training-data-of-others/a", here)))
	assert.Equal(t, map[string]string{"dev": boundaryARN}, graph.Exports["permissionsBoundaries"])
}

// boundaryARN is the ARN that the harness gives to what a stack's boundary is.
const boundaryARN = "arn:aws-cn:test:cn-north-1:123456789012:sagehost-boundary-dev-policy"
