// Package logs declares log groups that end: services that make their own keep everything for ever, and under no key of
// the stack's.
package logs

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/check"
)

// DefaultRetentionDays is how long logs are kept, in days: the year that Checkov asks for (CKV_AWS_338).
const DefaultRetentionDays = 365

// Spec is what a user decides about logs.
type Spec struct {
	// RetentionDays is how long logs are kept, in days. Range: one of the periods of CloudWatch Logs, 1 to 3653.
	// Default: 365.
	RetentionDays *int `json:"retentionDays"`
}

// retentions are the periods, in days, that CloudWatch Logs knows (PutRetentionPolicy).
var retentions = []int{
	1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

// Check reports what is wrong.
func (s *Spec) Check(at check.At) {
	if days := s.days(); !slices.Contains(retentions, days) {
		at.Key("retentionDays").Addf("%d is not a period of CloudWatch Logs; expected one of %v", days, retentions)
	}
}

func (s *Spec) days() int {
	if s.RetentionDays == nil {
		return DefaultRetentionDays
	}
	return *s.RetentionDays
}

// OfEndpoint is the name of the log group that the containers of an endpoint write to.
func OfEndpoint(name string) string { return "/aws/sagemaker/Endpoints/" + name }

// OfStateMachine is the name of the log group of a state machine's executions. The policy that lets AWS deliver logs is
// limited in length, and names with this beginning share one entry (Step Functions developer guide, "CloudWatch Logs").
func OfStateMachine(name string) string { return "/aws/vendedlogs/states/" + name }

// Args configures a log group. Spec has been checked by whoever calls NewGroup.
type Args struct {
	Spec

	// GroupName is the group's name, such as "/aws/sagemaker/Endpoints/flowers-prod". Required.
	GroupName string

	// KMSKeyARN is the key that encrypts the group. Its policy must let CloudWatch Logs use it for this group. Default:
	// none, a key of CloudWatch Logs' own.
	KMSKeyARN pulumi.StringInput

	// Tags are added to the group, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// NewGroup creates a log group. The deployment fails where there is one of this name, which the stack does not own:
// `sagehost up --adopt` takes it over.
func NewGroup(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*cloudwatch.LogGroup, error) {
	group := &cloudwatch.LogGroupArgs{
		Name:            pulumi.String(args.GroupName),
		RetentionInDays: pulumi.Int(args.days()),
		Tags:            args.Tags,
	}
	if args.KMSKeyARN != nil {
		group.KmsKeyId = args.KMSKeyARN.ToStringOutput()
	}
	return cloudwatch.NewLogGroup(ctx, name, group, opts...)
}
