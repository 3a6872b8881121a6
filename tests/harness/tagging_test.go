package harness_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

func TestWhatARequestGivesIsReadAndLeftThere(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, target, body string
		tags               map[string]string
		path, boundary     string
	}{
		{
			"SageMaker", "SageMaker.CreateModel", `{"ModelName": "m", "Tags": [{"Key": "a", "Value": "1"}]}`,
			map[string]string{"a": "1"},
			"", "",
		},
		{
			"AWS KMS", "TrentService.CreateKey", `{"Tags": [{"TagKey": "a", "TagValue": "1"}, {"TagKey": "b", "TagValue": ""}]}`,
			map[string]string{"a": "1", "b": ""},
			"", "",
		},
		{
			"IAM", "",
			"Action=CreateRole&Path=%2Fa%2Fb%2F&Tags.member.1.Key=a&Tags.member.1.Value=1&PermissionsBoundary=arn%3Ap",
			map[string]string{"a": "1"},
			"/a/b/", "arn:p",
		},
		{
			"EC2", "", "Action=CreateVpc&TagSpecification.1.Tag.2.Key=a&TagSpecification.1.Tag.2.Value=1&Filter.1.Key=b",
			map[string]string{"a": "1"},
			"", "",
		},
		{"no tags", "SageMaker.DescribeModel", `{"ModelName": "m"}`, map[string]string{}, "", ""},
		{"another protocol", "SageMaker.Strange", "%", nil, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(test.body))
			if test.target != "" {
				r.Header.Set("X-Amz-Target", test.target)
			}
			tags, path, boundary := harness.Given(r)
			assert.Equal(t, test.tags, tags)
			assert.Equal(t, test.path, path)
			assert.Equal(t, test.boundary, boundary)
			rest, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			assert.Equal(t, test.body, string(rest))
		})
	}
}
