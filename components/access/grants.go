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
	eventRule        = "aws:cloudwatch/eventRule:EventRule"
	eventTarget      = "aws:cloudwatch/eventTarget:EventTarget"
	logGroup         = "aws:cloudwatch/logGroup:LogGroup"
)

// ARNs of what stacks consist of. Models, endpoint configurations and roles have generated names that begin with
// whatever the user has called the model.
const (
	models          = "sagemaker:{region}:{account}:model/*"
	endpointConfigs = "sagemaker:{region}:{account}:endpoint-config/*"
	endpoints       = "sagemaker:{region}:{account}:endpoint/*-{stack}"
	packageGroups   = "sagemaker:{region}:{account}:model-package-group/*"
	scalableTargets = "application-autoscaling:{region}:{account}:scalable-target/*"
	roles           = "iam::{account}:role/*"
	policies        = "iam::{account}:policy/*"
	keys            = "kms:{region}:{account}:key/*"
	topics          = "sns:{region}:{account}:{project}-{stack}-*"
	buckets         = "s3:::{project}-{stack}-*"
	allAlarms       = "cloudwatch:{region}:{account}:alarm:*"
)

func hosting() []Grant {
	return []Grant{
		{
			Sid: "Models", Types: []string{model}, Resources: []string{models},
			Actions: []string{"sagemaker:CreateModel", "sagemaker:DeleteModel", "sagemaker:DescribeModel"},
		},
		{
			Sid: "EndpointConfigurations", Types: []string{endpointConfig}, Resources: []string{endpointConfigs},
			Actions: []string{
				"sagemaker:CreateEndpointConfig", "sagemaker:DeleteEndpointConfig", "sagemaker:DescribeEndpointConfig",
			},
		},
		{
			// SageMaker checks the right to create and update an endpoint on its configuration, too.
			Sid: "Endpoints", Types: []string{endpoint}, Resources: []string{endpointConfigs, endpoints},
			Actions: []string{
				"sagemaker:CreateEndpoint", "sagemaker:DeleteEndpoint", "sagemaker:DescribeEndpoint",
				"sagemaker:UpdateEndpoint",
			},
		},
		{
			Sid: "ModelPackageGroups", Types: []string{packageGroup, packagePolicy}, Resources: []string{packageGroups},
			Actions: []string{
				"sagemaker:CreateModelPackageGroup", "sagemaker:DeleteModelPackageGroup",
				"sagemaker:DeleteModelPackageGroupPolicy", "sagemaker:DescribeModelPackageGroup",
				"sagemaker:GetModelPackageGroupPolicy", "sagemaker:PutModelPackageGroupPolicy",
			},
		},
		{
			Sid: "SageMakerTags", Types: []string{model, endpointConfig, endpoint, packageGroup},
			Resources: []string{endpointConfigs, endpoints, models, packageGroups},
			Actions:   []string{"sagemaker:AddTags", "sagemaker:DeleteTags", "sagemaker:ListTags"},
		},
	}
}

func scaling() []Grant {
	types := []string{scalableTarget, scalingPolicy, scheduledAction}
	const serviceRole = "sagemaker.application-autoscaling.amazonaws.com"
	return []Grant{
		{
			Sid: "Scaling", Types: types, Resources: []string{scalableTargets},
			Actions: []string{
				"application-autoscaling:DeleteScalingPolicy", "application-autoscaling:DeleteScheduledAction",
				"application-autoscaling:DeregisterScalableTarget", "application-autoscaling:PutScalingPolicy",
				"application-autoscaling:PutScheduledAction", "application-autoscaling:RegisterScalableTarget",
			},
			Conditions: map[string]map[string]string{
				"StringEquals": {"application-autoscaling:service-namespace": "sagemaker"},
			},
		},
		{
			Sid: "ScalingTags", Types: []string{scalableTarget}, Resources: []string{scalableTargets},
			Actions: []string{
				"application-autoscaling:ListTagsForResource", "application-autoscaling:TagResource",
				"application-autoscaling:UntagResource",
			},
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
			Resources: []string{"cloudwatch:{region}:{account}:alarm:TargetTracking-endpoint/*"},
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

func identity() []Grant {
	return []Grant{
		{
			Sid: "Roles", Types: []string{role, rolePolicy}, Resources: []string{roles},
			Actions: []string{
				"iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:GetRole", "iam:GetRolePolicy",
				"iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies",
				"iam:ListRoleTags", "iam:PutRolePolicy", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy",
				"iam:UpdateRole", "iam:UpdateRoleDescription",
			},
		},
		{
			// A model names the role that SageMaker is to assume.
			Sid: "PassRolesToSageMaker", Types: []string{model}, Resources: []string{roles},
			Actions:    []string{"iam:PassRole"},
			Conditions: map[string]map[string]string{"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
		},
		{
			Sid: "Policies", Types: []string{policy}, Resources: []string{policies},
			Actions: []string{
				"iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion",
				"iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions", "iam:TagPolicy", "iam:UntagPolicy",
			},
		},
		{
			// Policies of this account only: AWS's own include one that allows everything.
			Sid: "PolicyAttachments", Types: []string{policyAttachment}, Resources: []string{roles},
			Actions: []string{"iam:AttachRolePolicy", "iam:DetachRolePolicy"},
			Conditions: map[string]map[string]string{
				"ArnLike": {"iam:PolicyARN": "arn:{partition}:" + policies},
			},
		},
	}
}
