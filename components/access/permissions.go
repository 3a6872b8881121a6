package access

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
	"sagehost/kit/s3uri"
)

// permissions are what calling the endpoint needs, and nothing of what managing it does.
func (a *CallerArgs) permissions(here account.Account) []iampolicy.Statement {
	endpoint := []pulumi.StringInput{a.EndpointARN}
	if a.Async == nil {
		return a.invoke(endpoint)
	}
	statements := []iampolicy.Statement{
		{Sid: "Invoke", Actions: []string{"sagemaker:InvokeEndpointAsync"}, Resources: endpoint},
		{Sid: "PutRequests", Actions: []string{"s3:PutObject"}, Resources: beneath(here, a.Async.InputURI)},
		{
			Sid: "GetAnswers", Actions: []string{"s3:GetObject"},
			Resources: beneath(here, a.Async.OutputURI, a.Async.FailureURI),
		},
	}
	if a.KMSKeyARN != nil {
		statements = append(statements, iampolicy.Statement{
			Sid: "UseKey", Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"},
			Resources: []pulumi.StringInput{a.KMSKeyARN},
		})
	}
	return statements
}

// invoke allows calls that are answered at once: all of them, or those that name one of the models. Statements for one
// pattern each say "or".
func (a *CallerArgs) invoke(endpoint []pulumi.StringInput) []iampolicy.Statement {
	statement := iampolicy.Statement{
		Sid: "Invoke", Actions: []string{"sagemaker:InvokeEndpoint"}, Resources: endpoint,
	}
	if len(a.TargetModels) == 0 {
		return []iampolicy.Statement{statement}
	}
	statements := make([]iampolicy.Statement, len(a.TargetModels))
	statement.Sid = ""
	for i, pattern := range a.TargetModels {
		statements[i] = statement
		statements[i].Conditions = map[string]pulumi.StringMap{
			"StringLike": {"sagemaker:TargetModel": pulumi.String(pattern)},
		}
	}
	return statements
}

// beneath are the ARNs of everything beneath prefixes in Amazon S3, those that are not given left out.
func beneath(here account.Account, uris ...pulumi.StringInput) []pulumi.StringInput {
	var arns []pulumi.StringInput
	for _, uri := range uris {
		if uri == nil {
			continue
		}
		prefix := uri.ToStringOutput().ApplyT(func(uri string) string {
			bucket, key, _ := s3uri.Split(uri)
			return strings.TrimSuffix(bucket+"/"+key, "/")
		}).(pulumi.StringOutput)
		arns = append(arns, pulumi.Sprintf("arn:%s:s3:::%s/*", here.Partition, prefix))
	}
	return arns
}
