package batch

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// logPrefix begins the names of log groups for services that deliver logs: the policy that lets them is limited in
	// length, and names with this beginning share one entry (Step Functions developer guide, "CloudWatch Logs").
	logPrefix = "/aws/vendedlogs/states/"
	// logRetentionDays is how long the log of executions is kept: a year, as auditors ask for.
	logRetentionDays = 365
)

// newLog creates the log group of the state machine's executions.
func (a *Args) newLog(ctx *pulumi.Context, name string, parent pulumi.ResourceOption) (*cloudwatch.LogGroup, error) {
	group := &cloudwatch.LogGroupArgs{
		Name:            pulumi.String(logPrefix + a.Name),
		RetentionInDays: pulumi.Int(logRetentionDays),
		Tags:            a.Tags,
	}
	if a.KMSKeyARN != nil {
		group.KmsKeyId = a.KMSKeyARN.ToStringOutput()
	}
	return cloudwatch.NewLogGroup(ctx, name, group, parent)
}
