package execrole

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// permissions are those that the SageMaker developer guide lists for CreateModel, each narrowed to this model.
func permissions(args *Args, image Image, here account.Account) []iampolicy.Statement {
	anything := []pulumi.StringInput{pulumi.String("*")}
	logGroup := "log-group:/aws/sagemaker/Endpoints/*"
	statements := []iampolicy.Statement{
		{
			Sid:       "PullImage",
			Actions:   []string{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"},
			Resources: []pulumi.StringInput{image.repositoryARN(here)},
		},
		// A registry's token and CloudWatch's metrics belong to no resource that a policy could name.
		{Sid: "LogInToRegistry", Actions: []string{"ecr:GetAuthorizationToken"}, Resources: anything},
		{
			Sid:       "PublishMetrics",
			Actions:   []string{"cloudwatch:PutMetricData"},
			Resources: anything,
			Conditions: map[string]pulumi.StringMap{
				"StringEquals": {"cloudwatch:namespace": pulumi.String("/aws/sagemaker/Endpoints")},
			},
		},
		{
			Sid: "WriteLogs",
			Actions: []string{
				"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents",
			},
			Resources: []pulumi.StringInput{here.ARN("logs", logGroup), here.ARN("logs", logGroup+":log-stream:*")},
		},
	}
	if args.ArtifactURI != nil {
		statements = append(statements, iampolicy.Statement{
			Sid:       "ReadArtifact",
			Actions:   []string{"s3:GetObject"},
			Resources: []pulumi.StringInput{objectARN(args.ArtifactURI, here)},
		})
	}
	if args.KMSKeyARN != nil {
		statements = append(statements, iampolicy.Statement{
			Sid: "DecryptArtifact", Actions: []string{"kms:Decrypt"}, Resources: []pulumi.StringInput{args.KMSKeyARN},
		})
	}
	if len(args.SecretARNs) > 0 {
		statements = append(statements, iampolicy.Statement{
			Sid:       "ReadSecrets",
			Actions:   []string{"secretsmanager:GetSecretValue"},
			Resources: pulumi.ToStringArray(args.SecretARNs),
		})
	}
	return statements
}

// objectARN turns s3://bucket/key into the object's ARN, in the partition of this account.
func objectARN(uri pulumi.StringInput, here account.Account) pulumi.StringOutput {
	object := uri.ToStringOutput().ApplyT(func(uri string) string {
		return strings.TrimPrefix(uri, "s3://")
	}).(pulumi.StringOutput)
	return pulumi.Sprintf("arn:%s:s3:::%s", here.Partition, object)
}
