package access

// The resource types of pulumi-aws that grants are for.
const (
	model            = "aws:sagemaker/model:Model"
	endpointConfig   = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
	endpoint         = "aws:sagemaker/endpoint:Endpoint"
	packageGroup     = "aws:sagemaker/modelPackageGroup:ModelPackageGroup"
	packagePolicy    = "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy"
	scalableTarget   = "aws:appautoscaling/target:Target"
	scalingPolicy    = "aws:appautoscaling/policy:Policy"
	scheduledAction  = "aws:appautoscaling/scheduledAction:ScheduledAction"
	alarm            = "aws:cloudwatch/metricAlarm:MetricAlarm"
	role             = "aws:iam/role:Role"
	rolePolicy       = "aws:iam/rolePolicy:RolePolicy"
	policy           = "aws:iam/policy:Policy"
	policyAttachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	key              = "aws:kms/key:Key"
	keyAlias         = "aws:kms/alias:Alias"
	parameter        = "aws:ssm/parameter:Parameter"
	topic            = "aws:sns/topic:Topic"
	topicPolicy      = "aws:sns/topicPolicy:TopicPolicy"
	subscription     = "aws:sns/topicSubscription:TopicSubscription"
	bucket           = "aws:s3/bucketV2:BucketV2"
	bucketVersioning = "aws:s3/bucketVersioningV2:BucketVersioningV2"
	bucketEncryption = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	bucketBlock      = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
	bucketOwnership  = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
	bucketPolicy     = "aws:s3/bucketPolicy:BucketPolicy"
	bucketLifecycle  = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
	bucketObject     = "aws:s3/bucketObjectv2:BucketObjectv2"
	bucketEvents     = "aws:s3/bucketNotification:BucketNotification"
	stateMachine     = "aws:sfn/stateMachine:StateMachine"
	schedule         = "aws:scheduler/schedule:Schedule"
	scheduleGroup    = "aws:scheduler/scheduleGroup:ScheduleGroup"
	eventRule        = "aws:cloudwatch/eventRule:EventRule"
	eventTarget      = "aws:cloudwatch/eventTarget:EventTarget"
	logGroup         = "aws:cloudwatch/logGroup:LogGroup"
)

// ARNs of what stacks consist of. Models, endpoint configurations, roles and policies have generated names that begin
// with whatever the user has called the model. Roles and policies have a path of the stack's own: tags would not do,
// because IAM does not tell tagging what is new from tagging what is there, and so taking it over.
const (
	models          = "sagemaker:{region}:{account}:model/*"
	endpointConfigs = "sagemaker:{region}:{account}:endpoint-config/*"
	endpoints       = "sagemaker:{region}:{account}:endpoint/*-{stack}"
	packageGroups   = "sagemaker:{region}:{account}:model-package-group/*"
	scalableTargets = "application-autoscaling:{region}:{account}:scalable-target/*"
	roles           = "iam::{account}:role/{project}/{stack}/*"
	policies        = "iam::{account}:policy/{project}/{stack}/*"
	keys            = "kms:{region}:{account}:key/*"
	topics          = "sns:{region}:{account}:{project}-{stack}-*"
	buckets         = "s3:::{project}-{stack}-*"
	allAlarms       = "cloudwatch:{region}:{account}:alarm:*"
)

// hosting are the actions on SageMaker. What has no name of the stack's is told by its tag: the one it is made with,
// and the one it has. Tags are only given to what is being made, or is the stack's (SageMaker developer guide, "Provide
// permissions for tagging SageMaker AI resources").
func hosting() []Grant {
	tagged := []string{endpointConfigs, models, packageGroups}
	return []Grant{
		{
			Sid: "NewHosting", Types: []string{model, endpointConfig, packageGroup}, Resources: tagged,
			Actions: []string{
				"sagemaker:CreateEndpointConfig", "sagemaker:CreateModel", "sagemaker:CreateModelPackageGroup",
			},
			Conditions: newInStack(),
		},
		{
			Sid: "NewHostingTags", Types: []string{model, endpointConfig, packageGroup}, Resources: tagged,
			Actions:    []string{"sagemaker:AddTags"},
			Conditions: merged(newInStack(), map[string]map[string]string{"Null": {"sagemaker:TaggingAction": "false"}}),
		},
		{
			Sid: "Hosting", Types: []string{model, endpointConfig, packageGroup, packagePolicy}, Resources: tagged,
			Actions: []string{
				"sagemaker:AddTags", "sagemaker:DeleteEndpointConfig", "sagemaker:DeleteModel",
				"sagemaker:DeleteModelPackageGroup", "sagemaker:DeleteModelPackageGroupPolicy", "sagemaker:DeleteTags",
				"sagemaker:PutModelPackageGroupPolicy",
			},
			Conditions: inStack(),
		},
		{
			Sid: "HostingLookups", Types: []string{model, endpointConfig, packageGroup, packagePolicy}, Resources: tagged,
			Actions: []string{
				"sagemaker:DescribeEndpointConfig", "sagemaker:DescribeModel", "sagemaker:DescribeModelPackageGroup",
				"sagemaker:GetModelPackageGroupPolicy", "sagemaker:ListTags",
			},
		},
		{
			// What is in no state is looked for among all, and is not deleted while anything refers to it.
			Sid: "LeftoverLookups", Types: []string{model, endpointConfig},
			Actions: []string{
				"sagemaker:ListEndpointConfigs", "sagemaker:ListEndpoints", "sagemaker:ListModels",
				"sagemaker:ListTransformJobs",
			},
		},
		{
			Sid: "UserLookups", Types: []string{model, endpointConfig},
			Resources: []string{
				"sagemaker:{region}:{account}:endpoint/*", "sagemaker:{region}:{account}:transform-job/*",
			},
			Actions: []string{"sagemaker:DescribeEndpoint", "sagemaker:DescribeTransformJob"},
		},
		{
			// SageMaker checks the right to create and update an endpoint on its configuration, too: no model of another
			// stack's is served.
			Sid: "EndpointsOnConfigs", Types: []string{endpoint}, Resources: []string{endpointConfigs},
			Actions: []string{"sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"}, Conditions: inStack(),
		},
		{
			Sid: "EndpointsThemselves", Types: []string{endpoint}, Resources: []string{endpoints},
			Actions: []string{
				"sagemaker:AddTags", "sagemaker:CreateEndpoint", "sagemaker:DeleteEndpoint", "sagemaker:DeleteTags",
				"sagemaker:DescribeEndpoint", "sagemaker:ListTags", "sagemaker:UpdateEndpoint",
			},
		},
	}
}

func scaling() []Grant {
	types := []string{scalableTarget, scalingPolicy, scheduledAction}
	// A target that is made has no tags yet; one that is there keeps its own.
	untagged := map[string]map[string]string{"Null": {"aws:ResourceTag/" + stackTag: "true"}}
	ofSageMaker := newInStack()
	ofSageMaker["StringEquals"]["application-autoscaling:service-namespace"] = "sagemaker"
	const serviceRole = "sagemaker.application-autoscaling.amazonaws.com"
	return []Grant{
		{
			Sid: "NewScaling", Types: []string{scalableTarget}, Resources: []string{scalableTargets},
			Actions: []string{"application-autoscaling:RegisterScalableTarget"}, Conditions: merged(untagged, ofSageMaker),
		},
		{
			Sid: "NewScalingTags", Types: []string{scalableTarget}, Resources: []string{scalableTargets},
			Actions: []string{"application-autoscaling:TagResource"}, Conditions: merged(untagged, newInStack()),
		},
		{
			Sid: "Scaling", Types: types, Resources: []string{scalableTargets}, Conditions: inStack(),
			Actions: []string{
				"application-autoscaling:DeleteScalingPolicy", "application-autoscaling:DeleteScheduledAction",
				"application-autoscaling:DeregisterScalableTarget", "application-autoscaling:PutScalingPolicy",
				"application-autoscaling:PutScheduledAction", "application-autoscaling:RegisterScalableTarget",
				"application-autoscaling:TagResource", "application-autoscaling:UntagResource",
			},
		},
		{
			Sid: "ScalingTags", Types: []string{scalableTarget}, Resources: []string{scalableTargets},
			Actions: []string{"application-autoscaling:ListTagsForResource"},
		},
		{
			Sid: "ScalingLookups", Types: types,
			Actions: []string{
				"application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingPolicies",
				"application-autoscaling:DescribeScheduledActions",
			},
		},
		{
			// Application Auto Scaling asks whether its caller could do itself what it will do (its user guide, "SageMaker
			// endpoint variants" and "Permissions needed to make API calls").
			Sid: "ScalingOfEndpoints", Types: types, Resources: []string{endpoints},
			Actions: []string{"sagemaker:UpdateEndpointWeightsAndCapacities"},
		},
		{
			Sid: "ScalingAlarms", Types: []string{scalingPolicy},
			Resources: []string{"cloudwatch:{region}:{account}:alarm:TargetTracking-endpoint/*-{stack}/variant/*"},
			Actions:   []string{"cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm"},
		},
		{
			// The first scalable target of an account makes the role under which all are scaled.
			Sid: "ScalingServiceRole", Types: []string{scalableTarget},
			Resources: []string{"iam::{account}:role/aws-service-role/" + serviceRole +
				"/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"},
			Actions:    []string{"iam:CreateServiceLinkedRole"},
			Conditions: map[string]map[string]string{"StringEquals": {"iam:AWSServiceName": serviceRole}},
		},
	}
}
