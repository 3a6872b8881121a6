package components_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/access"
	"sagehost/tests/harness"
)

const (
	managedPolicyType = "aws:iam/policy:Policy"
	attachmentType    = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	endpointARN       = "arn:aws-cn:sagemaker:cn-north-1:123456789012:endpoint/flowers-test"
	shopRole          = "arn:aws-cn:iam::210987654321:role/apps/shop"
)

func caller(args access.CallerArgs) pulumi.RunFunc {
	args.Tags = tags
	if args.EndpointARN == nil {
		args.EndpointARN = pulumi.String(endpointARN)
	}
	return func(ctx *pulumi.Context) error {
		_, err := access.NewCaller(ctx, "shop", &args)
		return err
	}
}

const invokeEverything = `{"Version": "2012-10-17", "Statement": [{
	"Sid": "Invoke", "Effect": "Allow", "Action": ["sagemaker:InvokeEndpoint"], "Resource": ["` + endpointARN + `"]
}]}`

func TestACallerIsAPolicyToAttach(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, caller(access.CallerArgs{}))
	requireUnder(t, graph, access.CallerType)
	requireDeclares(t, graph, declaration{
		access.CallerType + " shop": `{"targetModels": []}`,
		managedPolicyType + " shop": `{
			"description": "Lets shop call an endpoint", "policy": ` + invokeEverything + `, ` + wantTags + `
		}`,
	})
}

func TestATrustedCallerAssumesARole(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, caller(access.CallerArgs{CallerSpec: access.CallerSpec{TrustedRoles: []string{shopRole}}}))
	requireUnder(t, graph, access.CallerType)
	requireDeclares(t, graph, declaration{
		access.CallerType + " shop": `{"targetModels": []}`,
		managedPolicyType + " shop": `{
			"description": "Lets shop call an endpoint", "policy": ` + invokeEverything + `, ` + wantTags + `
		}`,
		roleType + " shop": `{
			"description": "Calls an endpoint as shop", ` + wantTags + `, "assumeRolePolicy": {
				"Version": "2012-10-17",
				"Statement": [{
					"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"AWS": ["` + shopRole + `"]}
				}]
			}
		}`,
		attachmentType + " shop": `{
			"role": "shop-role", "policyArn": "arn:aws-cn:test:cn-north-1:123456789012:shop-policy"
		}`,
	})
}

func TestACallerMayDoWhatItsEndpointNeedsAndNothingElse(t *testing.T) {
	t.Parallel()
	async := &access.Async{
		InputURI: pulumi.String("s3://batch/flowers/input/"), OutputURI: pulumi.String("s3://batch/flowers/output"),
	}
	failing := *async
	failing.FailureURI = pulumi.String("s3://batch/flowers/failures")
	invokeAsync := `{
		"Sid": "Invoke", "Effect": "Allow", "Action": ["sagemaker:InvokeEndpointAsync"], "Resource": ["` + endpointARN + `"]
	}, {
		"Sid": "PutRequests", "Effect": "Allow", "Action": ["s3:PutObject"],
		"Resource": ["arn:aws-cn:s3:::batch/flowers/input/*"]
	}`
	for _, test := range []struct {
		name string
		args access.CallerArgs
		want string
	}{
		{
			"two patterns of models", access.CallerArgs{
				CallerSpec: access.CallerSpec{TargetModels: []string{"shop/*", "common.tar.gz"}},
			}, `{
				"Effect": "Allow", "Action": ["sagemaker:InvokeEndpoint"], "Resource": ["` + endpointARN + `"],
				"Condition": {"StringLike": {"sagemaker:TargetModel": "shop/*"}}
			}, {
				"Effect": "Allow", "Action": ["sagemaker:InvokeEndpoint"], "Resource": ["` + endpointARN + `"],
				"Condition": {"StringLike": {"sagemaker:TargetModel": "common.tar.gz"}}
			}`,
		},
		{
			"an asynchronous endpoint", access.CallerArgs{Async: async}, invokeAsync + `, {
				"Sid": "GetAnswers", "Effect": "Allow", "Action": ["s3:GetObject"],
				"Resource": ["arn:aws-cn:s3:::batch/flowers/output/*"]
			}`,
		},
		{
			"encrypted answers and failures",
			access.CallerArgs{Async: &failing, KMSKeyARN: pulumi.String("arn:aws-cn:kms:cn-north-1:123456789012:key/k")},
			invokeAsync + `, {
				"Sid": "GetAnswers", "Effect": "Allow", "Action": ["s3:GetObject"],
				"Resource": ["arn:aws-cn:s3:::batch/flowers/output/*", "arn:aws-cn:s3:::batch/flowers/failures/*"]
			}, {
				"Sid": "UseKey", "Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
				"Resource": ["arn:aws-cn:kms:cn-north-1:123456789012:key/k"]
			}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text, ok := harness.Run(t, caller(test.args)).One(t, managedPolicyType).Inputs["policy"].(string)
			require.True(t, ok)
			assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [`+test.want+`]}`, text)
		})
	}
}

func TestCallersThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, caller(access.CallerArgs{
		CallerSpec: access.CallerSpec{
			TargetModels: []string{"", "${aws:username}/*", "a\nb", "m", "m", strings.Repeat("a", 1025)},
			TrustedRoles: []string{"*", "arn:aws-cn:iam::210987654321:root", shopRole, shopRole},
		},
		KMSKeyARN: pulumi.String("arn:aws-cn:kms:cn-north-1:123456789012:key/k"),
	}),
		`caller "shop": kmsKeyArn: belongs to async: nothing else of a call is stored`,
		`targetModels[0]: "" is not a model's name or the pattern of one`,
		`targetModels[1]: "${aws:username}/*" is not a model's name or the pattern of one`,
		`targetModels[2]: "a\nb" is not a model's name or the pattern of one`,
		`targetModels[4]: "m" stands at targetModels[3] too`,
		`targetModels[5]: "`+strings.Repeat("a", 1025)+`" is not a model's name or the pattern of one`,
		`trustedRoles[0]: "*" is not the ARN of a role`,
		`trustedRoles[1]: "arn:aws-cn:iam::210987654321:root" is not the ARN of a role`,
		`trustedRoles[3]: "`+shopRole+`" stands at trustedRoles[2] too`)
	requireFails(t, caller(access.CallerArgs{Async: &access.Async{}}),
		`caller "shop": async.inputUri: is required`, `async.outputUri: is required`)
	requireFails(t, caller(access.CallerArgs{
		CallerSpec: access.CallerSpec{TargetModels: []string{"m"}},
		Async:      &access.Async{InputURI: pulumi.String("s3://b/i"), OutputURI: pulumi.String("s3://b/o")},
	}), `caller "shop": targetModels: contradicts async: a multi-model endpoint answers at once`)
}

func TestACallerOfNothingIsRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, func(ctx *pulumi.Context) error {
		_, err := access.NewCaller(ctx, "shop", &access.CallerArgs{})
		return err
	}, `caller "shop": endpointArn: is required`)
}
