package workflows_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// arns are the ARNs of what requests are about, by the service's prefix in IAM and the member that has the name, which
// takes the place of "*". A member that has an ARN has "*" alone.
var arns = map[string]string{
	"sagemaker:EndpointConfigName": "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/*",
	"sagemaker:EndpointName":       "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/*",
	"sagemaker:ModelName":          "arn:aws:sagemaker:eu-west-1:123456789012:model/*",
	"sagemaker:ResourceArn":        "*",
	"sns:Name":                     "arn:aws:sns:eu-west-1:123456789012:*",
	"sns:ResourceArn":              "*",
	"sns:TopicArn":                 "*",
	"ssm:Name":                     "arn:aws:ssm:eu-west-1:123456789012:parameter*",
	"states:executionArn":          "*",
	"states:name":                  "arn:aws:states:eu-west-1:123456789012:stateMachine:*",
	"states:resourceArn":           "*",
	"states:stateMachineArn":       "*",
}

// resources are the ARNs of what a request is about, as far as it says so.
func resources(request *http.Request, action string) []string {
	service, _, _ := strings.Cut(action, ":")
	if service == "s3" {
		return []string{"arn:aws:s3:::" + strings.TrimSuffix(request.URL.Path[1:], "/")}
	}
	var found []string
	given := members(request)
	// Only what makes a role says its path; what asks for one afterwards has its name alone.
	if path, ok := given["Path"]; ok && action == "iam:CreateRole" {
		found = append(found, "arn:aws:iam::123456789012:role"+path+given["RoleName"])
	}
	for member, name := range given {
		// A run of a state machine has a name, too, and is about the machine.
		if arn, known := arns[service+":"+member]; known && action+member != "states:StartExecutionname" {
			found = append(found, strings.Replace(arn, "*", name, 1))
		}
	}
	return found
}

// members are the texts at the top of a request's body, and the name in the path of an invocation.
func members(request *http.Request) map[string]string {
	if name, ok := strings.CutPrefix(request.URL.Path, "/endpoints/"); ok {
		name, _, _ = strings.Cut(name, "/")
		return map[string]string{"EndpointName": name}
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	found := map[string]string{}
	var object map[string]any
	if json.Unmarshal(body, &object) == nil {
		for member, value := range object {
			if text, ok := value.(string); ok {
				found[member] = text
			}
		}
		return found
	}
	if form, err := url.ParseQuery(string(body)); err == nil {
		for member := range form {
			found[member] = form.Get(member)
		}
	}
	return found
}

func TestARequestSaysWhatItIsAbout(t *testing.T) {
	t.Parallel()
	const here = ":eu-west-1:123456789012:"
	for _, test := range []struct {
		path, body, action string
		want               []string
	}{
		{"/bucket/key", "", "s3:GetObject", []string{"arn:aws:s3:::bucket/key"}},
		{
			"/endpoints/a-dev/invocations", "1,2", "sagemaker:InvokeEndpoint",
			[]string{"arn:aws:sagemaker" + here + "endpoint/a-dev"},
		},
		{"/", `{"ModelName": "a", "Tags": []}`, "sagemaker:CreateModel", []string{"arn:aws:sagemaker" + here + "model/a"}},
		{
			"/", "Action=CreateRole&Path=/sagehost/dev/&RoleName=a", "iam:CreateRole",
			[]string{"arn:aws:iam::123456789012:role/sagehost/dev/a"},
		},
		{"/", "Action=GetRole&RoleName=a", "iam:GetRole", nil},
		{"/", `{"Name": "/a/b"}`, "ssm:GetParameter", []string{"arn:aws:ssm" + here + "parameter/a/b"}},
		{
			"/", `{"name": "run", "stateMachineArn": "arn:aws:states:::m"}`, "states:StartExecution",
			[]string{"arn:aws:states:::m"},
		},
		{"/", "Action=GetCallerIdentity", "sts:GetCallerIdentity", nil},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1"+test.path,
			strings.NewReader(test.body))
		require.NoError(t, err)
		assert.Equal(t, test.want, resources(request, test.action))
		left, err := io.ReadAll(request.Body)
		require.NoError(t, err)
		assert.Equal(t, test.body, string(left), "it is passed on whole")
	}
}
