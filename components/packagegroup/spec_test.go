package packagegroup

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/check"
)

func accounts(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("%012d", i)
	}
	return list
}

func TestAGroupIsBounded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		spec Spec
		want []string
	}{
		{"nothing", Spec{}, nil},
		{"as many accounts as are allowed", Spec{ConsumerAccounts: accounts(100)}, nil},
		{
			"an account too many",
			Spec{ConsumerAccounts: accounts(101)},
			[]string{"consumerAccounts: has 101 entries; at most 100 are allowed"},
		},
		{"a description as long as is allowed", Spec{Description: strings.Repeat("ä", 1024)}, nil},
		{
			"a description too long",
			Spec{Description: strings.Repeat("ä", 1025)},
			[]string{"description: has 1025 characters; at most 1024 are allowed"},
		},
		{
			"accounts that are none",
			Spec{ConsumerAccounts: []string{"", "*", "0123456789012", "arn:aws:iam::012345678901:root"}},
			[]string{
				`consumerAccounts[0]: "" is not an AWS account of 12 digits`,
				`consumerAccounts[1]: "*" is not an AWS account of 12 digits`,
				`consumerAccounts[2]: "0123456789012" is not an AWS account of 12 digits`,
				`consumerAccounts[3]: "arn:aws:iam::012345678901:root" is not an AWS account of 12 digits`,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			at := check.New("")
			test.spec.Check(at)
			var have []string
			for _, problem := range at.Problems() {
				have = append(have, problem.String())
			}
			assert.Equal(t, test.want, have)
		})
	}
}
