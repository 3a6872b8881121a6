package awsprovider

import (
	"reflect"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/appautoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2" //nolint:depguard // to compare it; the network compiles it anyway
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/scheduler"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
)

const sdkPath = "github.com/pulumi/pulumi-aws/sdk/v6/go/aws"

// used are the resources and functions of pulumi-aws that the components use: the structs whose tags name what a
// program sends and what it gets. Their tokens follow from the structs, by the rule that all of pulumi-aws follows.
var used = []usage{
	{sagemaker.ModelArgs{}, sagemaker.Model{}},
	{sagemaker.EndpointConfigurationArgs{}, sagemaker.EndpointConfiguration{}},
	{sagemaker.EndpointArgs{}, sagemaker.Endpoint{}},
	{sagemaker.ModelPackageGroupArgs{}, sagemaker.ModelPackageGroup{}},
	{sagemaker.ModelPackageGroupPolicyArgs{}, sagemaker.ModelPackageGroupPolicy{}},
	{appautoscaling.TargetArgs{}, appautoscaling.Target{}},
	{appautoscaling.PolicyArgs{}, appautoscaling.Policy{}},
	{appautoscaling.ScheduledActionArgs{}, appautoscaling.ScheduledAction{}},
	{s3.BucketV2Args{}, s3.BucketV2{}},
	{s3.BucketVersioningV2Args{}, s3.BucketVersioningV2{}},
	{s3.BucketServerSideEncryptionConfigurationV2Args{}, s3.BucketServerSideEncryptionConfigurationV2{}},
	{s3.BucketPublicAccessBlockArgs{}, s3.BucketPublicAccessBlock{}},
	{s3.BucketOwnershipControlsArgs{}, s3.BucketOwnershipControls{}},
	{s3.BucketPolicyArgs{}, s3.BucketPolicy{}},
	{s3.BucketLifecycleConfigurationV2Args{}, s3.BucketLifecycleConfigurationV2{}},
	{s3.BucketObjectv2Args{}, s3.BucketObjectv2{}},
	{iam.RoleArgs{}, iam.Role{}},
	{iam.RolePolicyArgs{}, iam.RolePolicy{}},
	{iam.PolicyArgs{}, iam.Policy{}},
	{iam.OpenIdConnectProviderArgs{}, iam.OpenIdConnectProvider{}},
	{iam.RolePolicyAttachmentArgs{}, iam.RolePolicyAttachment{}},
	{cloudwatch.MetricAlarmArgs{}, cloudwatch.MetricAlarm{}},
	{sns.TopicArgs{}, sns.Topic{}},
	{sns.TopicPolicyArgs{}, sns.TopicPolicy{}},
	{sns.TopicSubscriptionArgs{}, sns.TopicSubscription{}},
	{cloudwatch.LogGroupArgs{}, cloudwatch.LogGroup{}},
	{cloudwatch.EventRuleArgs{}, cloudwatch.EventRule{}},
	{cloudwatch.EventTargetArgs{}, cloudwatch.EventTarget{}},
	{sfn.StateMachineArgs{}, sfn.StateMachine{}},
	{scheduler.ScheduleArgs{}, scheduler.Schedule{}},
	{scheduler.ScheduleGroupArgs{}, scheduler.ScheduleGroup{}},
	{s3.BucketNotificationArgs{}, s3.BucketNotification{}},
	{vpc.SecurityGroupEgressRuleArgs{}, vpc.SecurityGroupEgressRule{}},
	{vpc.SecurityGroupIngressRuleArgs{}, vpc.SecurityGroupIngressRule{}},
	{kms.KeyArgs{}, kms.Key{}},
	{kms.AliasArgs{}, kms.Alias{}},
	{ssm.ParameterArgs{}, ssm.Parameter{}},
	{aws.GetCallerIdentityArgs{}, aws.GetCallerIdentityResult{}},
	{aws.GetPartitionArgs{}, aws.GetPartitionResult{}},
	{aws.GetRegionArgs{}, aws.GetRegionResult{}},
	{aws.GetAvailabilityZonesArgs{}, aws.GetAvailabilityZonesResult{}},
	{ec2.VpcArgs{}, ec2.Vpc{}},
	{ec2.SubnetArgs{}, ec2.Subnet{}},
	{ec2.RouteTableArgs{}, ec2.RouteTable{}},
	{ec2.RouteTableAssociationArgs{}, ec2.RouteTableAssociation{}},
	{ec2.RouteArgs{}, ec2.Route{}},
	{ec2.InternetGatewayArgs{}, ec2.InternetGateway{}},
	{ec2.NatGatewayArgs{}, ec2.NatGateway{}},
	{ec2.EipArgs{}, ec2.Eip{}},
	{ec2.VpcEndpointArgs{}, ec2.VpcEndpoint{}},
	{ec2.SecurityGroupArgs{}, ec2.SecurityGroup{}},
	{ec2.DefaultSecurityGroupArgs{}, ec2.DefaultSecurityGroup{}},
	{ec2.FlowLogArgs{}, ec2.FlowLog{}},
	{ec2.LookupSubnetArgs{}, ec2.LookupSubnetResult{}},
	{ec2.LookupSecurityGroupArgs{}, ec2.LookupSecurityGroupResult{}},
}

type usage struct {
	args, result any
}

// name is the SDK's name of the resource or function, such as "Model" or "GetRegion".
func (u usage) name() string {
	return got(strings.TrimSuffix(reflect.TypeOf(u.args).Name(), "Args"))
}

// got is the name of a function. The SDK calls it LookupX where GetX is taken.
func got(name string) string {
	if looked, ok := strings.CutPrefix(name, "Lookup"); ok {
		return "Get" + looked
	}
	return name
}

// module is the SDK's package, empty for its root.
func (u usage) module() string {
	return strings.TrimPrefix(strings.TrimPrefix(reflect.TypeOf(u.args).PkgPath(), sdkPath), "/")
}

func (u usage) function() bool {
	return strings.HasPrefix(u.name(), "Get")
}

func (u usage) token() string {
	module, name := u.module(), u.name()
	if module == "" {
		module = "index"
	}
	file := strings.ToLower(name[:1]) + name[1:]
	if u.function() {
		name = file
	}
	return "aws:" + module + "/" + file + ":" + name
}

// sent is the struct type whose tags name what a program sends.
func (u usage) sent() reflect.Type {
	if inputs, ok := u.args.(interface{ ElementType() reflect.Type }); ok {
		return inputs.ElementType()
	}
	return reflect.TypeOf(u.args)
}
