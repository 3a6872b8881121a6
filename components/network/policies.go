package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// policy lets the identities of this account, and no others, pass through the service's endpoint: what runs in the
// network cannot use the credentials of another account to take data there. Images may be other accounts'.
func (s awsService) policy(here account.Account) pulumi.StringOutput {
	return iampolicy.Document(iampolicy.Statement{
		Sid: "ThisAccount", Anyone: true, Actions: []string{s.prefix + ":*"},
		Resources:  []pulumi.StringInput{pulumi.String("*")},
		Conditions: map[string]pulumi.StringMap{"StringEquals": {"aws:PrincipalAccount": here.ID}},
	})
}

// gatewayPolicy lets models reach their buckets and the layers of their images, which Amazon ECR keeps in a bucket of
// AWS's and hands out by URLs that it signs itself (Amazon ECR User Guide, "Amazon ECR interface VPC endpoints").
// SageMaker's own downloads and uploads take this way, too, also for isolated containers (SageMaker developer guide,
// "Run Training and Inference Containers in Internet-Free Mode").
func (a *Args) gatewayPolicy(here account.Account) pulumi.StringOutput {
	var buckets, objects []pulumi.StringInput
	for _, name := range a.Buckets {
		buckets = append(buckets, pulumi.Sprintf("arn:%s:s3:::%s", here.Partition, name))
		objects = append(objects, pulumi.Sprintf("arn:%s:s3:::%s/*", here.Partition, name))
	}
	layers := pulumi.Sprintf("arn:%s:s3:::prod-%s-starport-layer-bucket/*", here.Partition, here.Region)
	statements := []iampolicy.Statement{{
		Sid: "PullLayers", Anyone: true, Actions: []string{"s3:GetObject"}, Resources: []pulumi.StringInput{layers},
	}}
	if len(buckets) > 0 {
		statements = append(
			statements,
			iampolicy.Statement{
				Sid: "FindObjects", Anyone: true, Actions: []string{"s3:ListBucket"}, Resources: buckets,
			},
			iampolicy.Statement{
				Sid: "UseObjects", Anyone: true, Resources: objects,
				Actions: []string{"s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"},
			},
		)
	}
	if a.PublishedPackages {
		statements = append(statements, iampolicy.Statement{
			Sid: "ReadPackages", Anyone: true, Actions: []string{"s3:GetObject"},
			Resources: []pulumi.StringInput{pulumi.String("*")},
		})
	}
	return iampolicy.Document(statements...)
}
