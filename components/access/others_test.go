package access

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// guards are the condition keys of a statement.
func guards(s statement) []string {
	var keys []string
	for _, values := range s.Condition {
		keys = slices.AppendSeq(keys, maps.Keys(values))
	}
	slices.Sort(keys)
	return keys
}

// changing are the actions of a statement on one service that change something.
func changing(s statement, service string) []string {
	return slices.DeleteFunc(slices.Clone(s.Action), func(action string) bool {
		return !strings.HasPrefix(action, service+":") || reads(action)
	})
}

// A path tells the stack's roles and policies from all others, those that deploy included. One of AWS's own is made.
func TestOnlyRolesAndPoliciesOfTheStackAreChangedOrPassedOn(t *testing.T) {
	t.Parallel()
	policy, _ := deployer(t, china)
	const (
		account = "arn:aws-cn:iam::123456789012:"
		linked  = account + "role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/" +
			"AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
	)
	allowed := map[string][]string{}
	for _, s := range policy.Statement {
		if s.Effect == "Deny" {
			continue
		}
		for _, action := range changing(s, "iam") {
			allowed[action] = append(allowed[action], s.Resource...)
		}
		if slices.Contains(s.Action, "iam:AttachRolePolicy") {
			assert.Equal(t, map[string]map[string]string{
				"ArnLike":      {"iam:PolicyARN": account + "policy/sagehost/prod/*"},
				"StringEquals": {"iam:PermissionsBoundary": account + "policy/permissions-boundary/sagehost-prod"},
			}, s.Condition)
		}
	}
	assert.Equal(t, []string{linked}, allowed["iam:CreateServiceLinkedRole"])
	delete(allowed, "iam:CreateServiceLinkedRole")
	assert.Len(t, allowed, 19)
	for action, resources := range allowed {
		kind := "role"
		if strings.HasSuffix(action, "Policy") && !strings.Contains(action, "Role") ||
			strings.HasSuffix(action, "PolicyVersion") {
			kind = "policy"
		}
		assert.Equal(t, []string{account + kind + "/sagehost/prod/*"}, slices.Compact(resources), action)
	}
}

// What has neither name nor path of the stack's is told by its tag, or used through a service that has its own checks.
func TestKeysAndModelsOfOthersAreNeitherChangedNorTagged(t *testing.T) {
	t.Parallel()
	const request, resource = "aws:RequestTag/sagehost:stack", "aws:ResourceTag/sagehost:stack"
	policy, _ := deployer(t, china)
	got := map[string][][]string{}
	for _, s := range policy.Statement {
		all := slices.ContainsFunc(s.Resource, func(r string) bool {
			return r == "*" || strings.Contains(r, ":kms:") || strings.Contains(r, ":sagemaker:") && strings.HasSuffix(r, "/*")
		})
		for _, action := range slices.Concat(changing(s, "kms"), changing(s, "sagemaker")) {
			if all && s.Effect == "Allow" {
				got[action] = append(got[action], guards(s))
			}
		}
	}
	const bootstrap = "aws:ResourceTag/sagehost:bootstrap"
	const alias = "kms:ResourceAliases"
	fresh, own := [][]string{{bootstrap, resource, alias}}, [][]string{{resource}}
	assert.Equal(t, map[string][][]string{
		"kms:CreateAlias":          fresh,
		"kms:CreateGrant":          {{"kms:GrantIsForAWSResource", "kms:ViaService"}},
		"kms:CreateKey":            {{request}},
		"kms:DeleteAlias":          fresh,
		"kms:EnableKeyRotation":    fresh,
		"kms:GenerateDataKey":      {{"kms:ViaService"}, {"kms:ViaService"}},
		"kms:PutKeyPolicy":         fresh,
		"kms:ScheduleKeyDeletion":  own,
		"kms:TagResource":          {{request, bootstrap, resource, alias}, {resource}},
		"kms:UntagResource":        own,
		"kms:UpdateAlias":          fresh,
		"kms:UpdateKeyDescription": own,

		"sagemaker:AddTags":                       {{request, "sagemaker:TaggingAction"}, {resource}},
		"sagemaker:CreateEndpoint":                own,
		"sagemaker:CreateEndpointConfig":          {{request}},
		"sagemaker:CreateModel":                   {{request}},
		"sagemaker:CreateModelPackageGroup":       {{request}},
		"sagemaker:DeleteEndpointConfig":          own,
		"sagemaker:DeleteModel":                   own,
		"sagemaker:DeleteModelPackageGroup":       own,
		"sagemaker:DeleteModelPackageGroupPolicy": own,
		"sagemaker:DeleteTags":                    own,
		"sagemaker:PutModelPackageGroupPolicy":    own,
		"sagemaker:UpdateEndpoint":                own,
	}, got)
	for _, s := range policy.Statement {
		for operator, values := range s.Condition {
			for key, value := range values {
				if strings.HasSuffix(key, stackTag) && operator != "Null" {
					assert.Equal(t, "prod", value, s.Sid)
				}
			}
		}
	}
}
