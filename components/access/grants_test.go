package access

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var china = Scope{
	Partition: "aws-cn", Region: "cn-north-1", Account: "123456789012", Project: "sagehost", Stack: "prod",
}

type document struct {
	Version   string
	Statement []statement
}

func deployer(t *testing.T, scope Scope) (document, string) {
	t.Helper()
	text, err := DeployerPolicy(scope)
	require.NoError(t, err)
	var policy document
	require.NoError(t, json.Unmarshal(text, &policy))
	return policy, string(text)
}

func TestEveryGrantIsNamedAndInOrder(t *testing.T) {
	t.Parallel()
	sid := regexp.MustCompile(`^[A-Za-z0-9]+$`)
	action := regexp.MustCompile(`^[a-z0-9-]+:[A-Z][A-Za-z]+$`)
	seen := map[string]bool{}
	for _, grant := range Grants() {
		assert.Regexp(t, sid, grant.Sid)
		assert.False(t, seen[grant.Sid], grant.Sid)
		seen[grant.Sid] = true
		assert.NotEmpty(t, grant.Types, grant.Sid)
		assert.NotEmpty(t, grant.Actions, grant.Sid)
		assert.True(t, slices.IsSorted(grant.Actions), grant.Sid)
		for _, a := range grant.Actions {
			assert.Regexp(t, action, a, "no action stands for several")
		}
	}
	assert.Len(t, seen, 29)
}

func TestAPolicyHoldsTheScopeAndNoPlaceholders(t *testing.T) {
	t.Parallel()
	policy, text := deployer(t, china)
	assert.NotContains(t, text, "{partition}")
	assert.NotRegexp(t, `\{(partition|region|account|project|stack)\}`, text)
	assert.NotContains(t, text, "arn:aws:")
	require.Len(t, policy.Statement, len(Grants()))
	byName := map[string]statement{}
	for _, s := range policy.Statement {
		byName[s.Sid] = s
	}
	assert.Equal(t, statement{
		Sid: "Endpoints", Effect: "Allow",
		Action: []string{
			"sagemaker:CreateEndpoint", "sagemaker:DeleteEndpoint", "sagemaker:DescribeEndpoint", "sagemaker:UpdateEndpoint",
		},
		Resource: []string{
			"arn:aws-cn:sagemaker:cn-north-1:123456789012:endpoint-config/*",
			"arn:aws-cn:sagemaker:cn-north-1:123456789012:endpoint/*-prod",
		},
	}, byName["Endpoints"])
	assert.Equal(t, statement{
		Sid: "PassRolesToSageMaker", Effect: "Allow", Action: []string{"iam:PassRole"},
		Resource:  []string{"arn:aws-cn:iam::123456789012:role/*"},
		Condition: map[string]map[string]string{"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
	}, byName["PassRolesToSageMaker"])
}

// An action on "*" works on everything there is: each is here for a reason, and none changes what is not its own.
func TestOnlyLookupsAndWhatHasNoARNAreForEverything(t *testing.T) {
	t.Parallel()
	policy, _ := deployer(t, china)
	var actions []string
	for _, s := range policy.Statement {
		if slices.Equal(s.Resource, []string{"*"}) {
			actions = append(actions, s.Action...)
		}
	}
	slices.Sort(actions)
	assert.Equal(t, []string{
		"application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingPolicies",
		"application-autoscaling:DescribeScheduledActions", "kms:CreateKey", "kms:ListAliases",
		"sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Unsubscribe", "ssm:DescribeParameters",
	}, actions)
}

// IAM counts characters other than white space: 10,240 in the policies of a role's own.
func TestThePolicyFitsIntoARole(t *testing.T) {
	t.Parallel()
	_, text := deployer(t, china)
	length := len(strings.Join(strings.Fields(text), ""))
	assert.Less(t, length, 10240)
	assert.Greater(t, length, 6144, "it fits into a managed policy now; say so")
}
