package harness_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

func TestPermissionsAreDecidedAsIAMDoes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, condition string
		context         map[string][]string
		want            bool
	}{
		{"no condition", `{}`, nil, true},
		{"equal", `{"StringEquals": {"k": "a"}}`, map[string][]string{"k": {"a"}}, true},
		{"one of several", `{"StringEquals": {"k": ["b", "a"]}}`, map[string][]string{"k": {"a"}}, true},
		{"different", `{"StringEquals": {"k": "a"}}`, map[string][]string{"k": {"b"}}, false},
		{"missing", `{"StringEquals": {"k": "a"}}`, nil, false},
		{"missing, and no matter", `{"StringEqualsIfExists": {"k": "a"}}`, nil, true},
		{"different, and no matter if missing", `{"StringEqualsIfExists": {"k": "a"}}`, map[string][]string{"k": {"b"}}, false},
		{"not equal", `{"StringNotEquals": {"k": "a"}}`, map[string][]string{"k": {"b"}}, true},
		{"equal after all", `{"StringNotEquals": {"k": "a"}}`, map[string][]string{"k": {"a"}}, false},
		{"missing is not equal", `{"StringNotEquals": {"k": "a"}}`, nil, true},
		{"like", `{"StringLike": {"k": "a*"}}`, map[string][]string{"k": {"ab"}}, true},
		{"missing, which is demanded", `{"Null": {"k": "true"}}`, nil, true},
		{"there, which is not wanted", `{"Null": {"k": "true"}}`, map[string][]string{"k": {"a"}}, false},
		{"there, which is demanded", `{"Null": {"k": "false"}}`, map[string][]string{"k": {"a"}}, true},
		{"all of none", `{"ForAllValues:StringLike": {"k": "a*"}}`, nil, true},
		{"all", `{"ForAllValues:StringLike": {"k": "a*"}}`, map[string][]string{"k": {"ab", "ac"}}, true},
		{"not all", `{"ForAllValues:StringLike": {"k": "a*"}}`, map[string][]string{"k": {"ab", "b"}}, false},
		{"two keys", `{"StringEquals": {"k": "a", "l": "b"}}`, map[string][]string{"k": {"a"}}, false},
	} {
		var p harness.Permissions
		require.NoError(t, p.Add(`{"Statement": [{
			"Effect": "Allow", "Action": ["s3:Get*"], "Resource": ["arn:aws:s3:::a/*"], "Condition": `+test.condition+`
		}]}`))
		request := harness.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::a/b", Context: test.context}
		assert.Equal(t, test.want, p.Allow(request), test.name)
		request.Action = "s3:PutObject"
		assert.False(t, p.Allow(request), test.name)
		request.Action, request.Resource = "s3:GetObject", "arn:aws:s3:::b/b"
		assert.False(t, p.Allow(request), test.name)
	}
}

func TestWhatIsDeniedIsDenied(t *testing.T) {
	t.Parallel()
	var p harness.Permissions
	require.NoError(t, p.Add(`{"Statement": [{"Effect": "Deny", "Action": ["s3:GetObject"], "Resource": ["*"]}]}`))
	require.NoError(t, p.Add(`{"Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"]}]}`))
	assert.False(t, p.Allow(harness.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::a/b"}))
	assert.True(t, p.Allow(harness.Request{Action: "s3:PutObject", Resource: "arn:aws:s3:::a/b"}))
	assert.Error(t, p.Add("{"))
}
