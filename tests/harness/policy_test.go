package harness_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

func TestAPatternMatchesAsIAMHasIt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "anything", true},
		{"s3:Get*", "s3:GetObject", true},
		{"s3:Get?bject", "s3:GetObject", true},
		{"s3:Get?bject", "s3:GetOObject", false},
		{"arn:aws:s3:::b/a/*", "arn:aws:s3:::b/a/b/c", true},
		{"arn:aws:s3:::b/a/*", "arn:aws:s3:::b/ab", false},
		{"a.c", "abc", false},
		{"a${*}c", "a*c", true},
		{"a${*}c", "abc", false},
		{"${$}{x}", "${x}", true},
		{"a${?}", "a?", true},
		{"a", "ab", false},
	} {
		assert.Equal(t, test.want, harness.Like(test.pattern, test.text), "%s ~ %s", test.pattern, test.text)
	}
}

func TestAPolicyAllowsWhatOneStatementDoesAndNoneDenies(t *testing.T) {
	t.Parallel()
	policy, err := harness.ReadPolicy(`{"Statement": [
		{"Effect": "Allow", "Action": "s3:*", "Resource": ["b", "b/*"]},
		{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {
			"StringLike": {"via": ["s3.*", "sns.*"]}, "StringEquals": {"account": "1"}
		}}
	]}`, `{"Statement": {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}}`)
	require.NoError(t, err)
	for _, test := range []struct {
		action, resource string
		context          map[string][]string
		want             bool
	}{
		{"s3:GetObject", "b/1", nil, true},
		{"S3:getobject", "b/1", nil, true},
		{"s3:GetObject", "c/1", nil, false},
		{"s3:PutObject", "b/1", nil, false},
		{"kms:Decrypt", "k", map[string][]string{"via": {"sns.x"}, "account": {"1"}}, true},
		{"kms:Decrypt", "k", map[string][]string{"via": {"sqs.x"}, "account": {"1"}}, false},
		{"kms:Decrypt", "k", map[string][]string{"via": {"sns.x"}, "account": {"2"}}, false},
		{"kms:Decrypt", "k", map[string][]string{"via": {"sns.x"}}, false},
	} {
		asked := harness.Request{Action: test.action, Resource: test.resource, Context: test.context}
		assert.Equal(t, test.want, policy.Allows(asked), asked)
	}
}

func TestAPolicyThatCannotBeJudgedIsAnError(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{
		`{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}`,
		`{"Effect": "Allow", "Action": "s3:*"}`,
		`{"Effect": "Allow", "Action": "a", "Resource": "*", "Condition": {"IpAddress": {}}}`,
		`{`,
	} {
		_, err := harness.ReadPolicy(`{"Statement": [` + statement + `]}`)
		assert.Error(t, err, statement)
	}
}
