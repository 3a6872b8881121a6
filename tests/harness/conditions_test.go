package harness_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

func TestConditionsAreDecidedAsIAMDoes(t *testing.T) {
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
		{
			"different, and no matter if missing", `{"StringEqualsIfExists": {"k": "a"}}`,
			map[string][]string{"k": {"b"}},
			false,
		},
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
		{"an ARN like", `{"ArnEquals": {"k": "arn:*:role/a"}}`, map[string][]string{"k": {"arn:aws:iam::1:role/a"}}, true},
		{"two keys", `{"StringEquals": {"k": "a", "l": "b"}}`, map[string][]string{"k": {"a"}}, false},
	} {
		policy, err := harness.ReadPolicy(`{"Statement": [
			{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*", "Condition": ` + test.condition + `}
		]}`)
		require.NoError(t, err)
		request := harness.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::a/b", Context: test.context}
		assert.Equal(t, test.want, policy.Allows(request), test.name)
	}
}
