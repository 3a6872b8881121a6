// Package integrations is what the Tasks of state machines can do: run and stop transform jobs, read and write objects
// of Amazon S3, publish messages, look at state machines. The requests go to the local AWS itself, so that failures on
// demand reach them.
package integrations

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"sagehost/localaws/protocol"
	"sagehost/localaws/services/stepfunctions/asl"
)

// caller is the access key that requests are made with; nobody verifies it.
const caller = "stepfunctions"

// New is all integrations, with the services that answer at a URL.
func New(url string) asl.Catalog {
	jobs := transformJobs{url: url, http: &http.Client{}}
	objects := protocol.NewClients(url, caller, func(c aws.Config) *s3.Client {
		return s3.NewFromConfig(once(c), func(o *s3.Options) { o.UsePathStyle = true })
	}).Of
	topics := protocol.NewClients(url, caller, func(c aws.Config) *sns.Client { return sns.NewFromConfig(once(c)) }).Of
	models := protocol.NewClients(url, caller, func(c aws.Config) *sagemaker.Client {
		return sagemaker.NewFromConfig(once(c))
	}).Of
	machines := protocol.NewClients(url, caller, func(c aws.Config) *sfn.Client { return sfn.NewFromConfig(once(c)) }).Of
	catalog := asl.Catalog{
		"sagemaker:createTransformJob":      jobs.requested(),
		"sagemaker:createTransformJob.sync": jobs.followed(),
	}
	for action, integration := range map[string]asl.Integration{
		"sagemaker:stopTransformJob": sdk("SageMaker", models, (*sagemaker.Client).StopTransformJob, "TransformJobName"),
		"sfn:describeStateMachine":   sdk("Sfn", machines, (*sfn.Client).DescribeStateMachine, "StateMachineArn"),

		"s3:listObjectsV2": sdk("S3", objects, (*s3.Client).ListObjectsV2, "Bucket"),
		"s3:putObject":     sdk("S3", objects, (*s3.Client).PutObject, "Bucket", "Key"),
		"s3:deleteObject":  sdk("S3", objects, (*s3.Client).DeleteObject, "Bucket", "Key"),
		"s3:headObject":    sdk("S3", objects, (*s3.Client).HeadObject, "Bucket", "Key"),
		"sns:publish":      sdk("Sns", topics, (*sns.Client).Publish, "Message"),
	} {
		catalog["aws-sdk:"+action] = named("aws-sdk:"+action, integration)
	}
	return catalog
}

// once keeps clients from trying again: a state says whether to.
func once(c aws.Config) aws.Config {
	c.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	return c
}
