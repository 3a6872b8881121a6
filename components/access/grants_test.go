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

// deployer is all that the parts of the policy allow, and their text.
func deployer(t *testing.T, scope Scope) (document, string) {
	t.Helper()
	var all document
	var texts []string
	for _, part := range Parts() {
		text, err := part.Policy(scope)
		require.NoError(t, err)
		var policy document
		require.NoError(t, json.Unmarshal(text, &policy))
		assert.Equal(t, "2012-10-17", policy.Version)
		all.Statement = append(all.Statement, policy.Statement...)
		texts = append(texts, string(text))
	}
	return all, strings.Join(texts, "")
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
	assert.Len(t, seen, 62)
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
		Sid: "EndpointsOnConfigs", Effect: "Allow",
		Action:    []string{"sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"},
		Resource:  []string{"arn:aws-cn:sagemaker:cn-north-1:123456789012:endpoint-config/*"},
		Condition: map[string]map[string]string{"StringEquals": {"aws:ResourceTag/sagehost:stack": "prod"}},
	}, byName["EndpointsOnConfigs"])
	assert.Equal(t, statement{
		Sid: "PassRolesToSageMaker", Effect: "Allow", Action: []string{"iam:PassRole"},
		Resource:  []string{"arn:aws-cn:iam::123456789012:role/sagehost/prod/*"},
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
	changing := slices.DeleteFunc(slices.Clone(actions), func(action string) bool {
		_, operation, _ := strings.Cut(action, ":")
		return strings.HasPrefix(operation, "Describe") || strings.HasPrefix(operation, "List") ||
			strings.HasPrefix(operation, "Get")
	})
	assert.Equal(t, []string{
		"kms:CreateKey", "sns:SetSubscriptionAttributes", "sns:Unsubscribe", "states:ValidateStateMachineDefinition",
	}, changing)
	assert.Len(t, actions, 30)
}

// What EC2 makes has no name: a tag tells what is the stack's.
func TestNothingOfAnotherStacksNetworkMayBeChanged(t *testing.T) {
	t.Parallel()
	policy, _ := deployer(t, china)
	checked := 0
	for _, s := range policy.Statement {
		if !slices.ContainsFunc(s.Action, func(a string) bool { return strings.HasPrefix(a, "ec2:") }) ||
			s.Sid == "NetworkLookups" || s.Sid == "NATInterfaces" {
			continue
		}
		checked++
		tags := s.Condition["StringEquals"]
		require.Len(t, tags, 1, s.Sid)
		assert.Equal(t, "prod", tags["aws:RequestTag/sagehost:stack"]+tags["aws:ResourceTag/sagehost:stack"], s.Sid)
		for _, action := range s.Action {
			creates := strings.HasPrefix(action, "ec2:Create") || strings.HasPrefix(action, "ec2:A")
			assert.True(t, creates || tags["aws:ResourceTag/sagehost:stack"] != "", "%s: %s", s.Sid, action)
		}
	}
	assert.Equal(t, 4, checked)
}

// IAM counts characters other than white space: 6,144 in a managed policy.
func TestEachPartFitsIntoAManagedPolicy(t *testing.T) {
	t.Parallel()
	long := Scope{
		Partition: "aws-us-gov", Region: "us-gov-west-1", Account: "123456789012",
		Project: "sagehost", Stack: strings.Repeat("s", 30),
	}
	total := 0
	for _, part := range Parts() {
		text, err := part.Policy(long)
		require.NoError(t, err)
		length := len(strings.Join(strings.Fields(string(text)), ""))
		assert.LessOrEqual(t, length, 6144, part.Name)
		total += length
	}
	assert.Greater(t, total, 10240, "all parts fit into the policies of a role's own now; say so")
	assert.LessOrEqual(t, len(Parts()), 10, "a role takes ten managed policies")
}

func TestNobodyReadsWhatWasCaptured(t *testing.T) {
	t.Parallel()
	parts := append(Parts(), Measuring())
	for _, part := range Parts() {
		parts = append(parts, part.Reading())
	}
	readers := 0
	for _, part := range parts {
		for _, grant := range part.Grants {
			if !slices.Contains(grant.Actions, "s3:GetObject") {
				continue
			}
			readers++
			for _, resource := range grant.Resources {
				pattern := strings.ReplaceAll(regexp.QuoteMeta(resource), `\*`, ".*")
				assert.NotRegexp(t, "^"+pattern+"$", "s3:::{project}-{stack}-capture-1a2b/flowers-prod/main/1.jsonl", grant.Sid)
			}
		}
	}
	assert.Equal(t, 3, readers)
}
