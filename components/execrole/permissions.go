package execrole

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
	"sagehost/components/logs"
	"sagehost/kit/awsref"
)

// permissions are those that the SageMaker developer guide lists for CreateModel, each narrowed to this model, and
// those for what its endpoints do beside answering.
func permissions(args *Args, images []awsref.Image, here account.Account) []iampolicy.Statement {
	prefixes := args.each(func(c *Container) pulumi.StringInput { return c.PrefixURI })
	objects := args.each(func(c *Container) pulumi.StringInput { return c.ArtifactURI })
	statements := []iampolicy.Statement{
		// The groups are there before the endpoints. SageMaker asks for one nevertheless, and may log nothing if it is
		// refused: "exists already" is the answer that lets it go on.
		allow("WriteLogs", logGroups(args.EndpointNames, here),
			"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
		allow("ReadArtifact", objectARNs(objects, here), "s3:GetObject"),
		allow("ReadPrefix", beneath(prefixes, here), "s3:GetObject"),
		allow("DecryptArtifact", args.KMSKeyARNs, "kms:Decrypt"),
		allow("ReadSecrets", args.distinct(func(c *Container) []string { return c.SecretARNs }),
			"secretsmanager:GetSecretValue"),
		allow("AskForCredentials",
			args.distinct(func(c *Container) []string { return []string{c.CredentialsProviderARN} }),
			"lambda:InvokeFunction"),
		allow("WriteCapture", beneath(args.CaptureURIs, here), "s3:PutObject"),
		allow("ReadRequests", beneath(args.AsyncInputURIs, here), "s3:GetObject"),
		allow("WriteAnswers", beneath(args.AsyncOutputURIs, here), "s3:AbortMultipartUpload", "s3:PutObject"),
		allow("Notify", args.TopicARNs, "sns:Publish"),
		// Amazon S3 also decrypts what it encrypted before, to put the parts of an upload together.
		allow("Encrypt", args.EncryptionKeyARNs, "kms:Decrypt", "kms:GenerateDataKey"),
	}
	if args.RollbackAlarms {
		// With less than "*", CloudWatch leaves composite alarms out; those that roll endpoints back are metric alarms.
		alarms := []pulumi.StringInput{here.ARN("cloudwatch", "alarm:*")}
		statements = append(statements, allow("WatchAlarms", alarms, "cloudwatch:DescribeAlarms"))
	}
	statements = append(statements, decryptForeign(args, here))
	statements = append(statements, encryptForeign(args, here)...)
	statements = append(statements, transforms(args, here)...)
	statements = append(statements, listPrefixes(slices.Concat(prefixes, args.TransformInputURIs), here)...)
	if args.Network != nil {
		statements = append(statements, joinNetwork(args.Network, here)...)
	}
	all := basics(images, here)
	for _, statement := range statements {
		if len(statement.Resources) > 0 {
			all = append(all, statement)
		}
	}
	return all
}

func allow(sid string, resources []pulumi.StringInput, actions ...string) iampolicy.Statement {
	return iampolicy.Statement{Sid: sid, Actions: actions, Resources: resources}
}

// anything is for actions that know no resource which a policy could name.
func anything() []pulumi.StringInput { return []pulumi.StringInput{pulumi.String("*")} }

// basics are what every container needs: its image and metrics.
func basics(images []awsref.Image, here account.Account) []iampolicy.Statement {
	var statements []iampolicy.Statement
	if len(images) > 0 {
		repositories := make([]pulumi.StringInput, len(images))
		for i, image := range images {
			repositories[i] = repositoryARN(image, here)
		}
		statements = append(statements,
			allow("PullImage", repositories,
				"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
			allow("LogInToRegistry", anything(), "ecr:GetAuthorizationToken"))
	}
	metrics := allow("PublishMetrics", anything(), "cloudwatch:PutMetricData")
	metrics.Conditions = map[string]pulumi.StringMap{
		"StringEquals": {"cloudwatch:namespace": pulumi.String("/aws/sagemaker/Endpoints")},
	}
	return append(statements, metrics)
}

// logGroups are the ARNs of the endpoints' log groups with all streams in them.
func logGroups(endpoints []string, here account.Account) []pulumi.StringInput {
	arns := make([]pulumi.StringInput, len(endpoints))
	for i, name := range endpoints {
		arns[i] = here.ARN("logs", "log-group:"+logs.OfEndpoint(name)+":*")
	}
	return arns
}

// listPrefixes lets each bucket be listed as far as the prefix goes, or the name of the one object.
func listPrefixes(prefixes []pulumi.StringInput, here account.Account) []iampolicy.Statement {
	statements := make([]iampolicy.Statement, len(prefixes))
	for i, prefix := range prefixes {
		list := allow(fmt.Sprintf("ListPrefix%d", i+1), []pulumi.StringInput{bucketARN(prefix, here)}, "s3:ListBucket")
		list.Conditions = map[string]pulumi.StringMap{"StringLike": {"s3:prefix": keysOf(prefix)}}
		statements[i] = list
	}
	return statements
}

// joinNetwork lets SageMaker put network interfaces into the model's subnets, with its security groups.
func joinNetwork(network *Network, here account.Account) []iampolicy.Statement {
	interfaces := []pulumi.StringInput{here.ARN("ec2", "network-interface/*")}
	create := allow("CreateNetworkInterface", interfaces, "ec2:CreateNetworkInterface")
	create.Further = []pulumi.StringArrayInput{
		inNetwork("subnet", network.SubnetIDs, here),
		inNetwork("security-group", network.SecurityGroupIDs, here),
	}
	return []iampolicy.Statement{
		create,
		allow("UseNetworkInterface", interfaces, "ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface",
			"ec2:DeleteNetworkInterfacePermission"),
		allow("DescribeNetwork", anything(), "ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces",
			"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"),
	}
}

// inNetwork are the ARNs of parts of a network. Another account may own them and share them; their ids are unique
// nevertheless.
func inNetwork(kind string, ids pulumi.StringArrayInput, here account.Account) pulumi.StringArrayOutput {
	return pulumi.All(here.Partition, here.Region, ids).ApplyT(func(all []any) []string {
		arns := slices.Clone(all[2].([]string))
		for i, id := range arns {
			arns[i] = fmt.Sprintf("arn:%s:ec2:%s:*:%s/%s", all[0], all[1], kind, id)
		}
		return arns
	}).(pulumi.StringArrayOutput)
}
