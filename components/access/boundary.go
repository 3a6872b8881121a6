package access

import "slices"

// boundaryPath is where in IAM the boundaries are: outside of the stacks' own paths, on which a deployer may change
// policies.
const boundaryPath = "/permissions-boundary/"

// boundary is the ARN of a stack's permissions boundary, in the form of Grant.Resources.
const boundary = "iam::{account}:policy" + boundaryPath + "{project}-{stack}"

// BoundaryPath and BoundaryName are where in IAM a stack's permissions boundary is, and how it is called.
func BoundaryPath() string { return boundaryPath }

// BoundaryName is the name in IAM of a stack's permissions boundary.
func BoundaryName(project, stack string) string { return project + "-" + stack }

// BoundaryARN is the ARN of a stack's permissions boundary.
func BoundaryARN(s Scope) string { return s.replace("arn:{partition}:" + boundary) }

// Boundary is the most that the roles of a stack may do, whatever their policies say: what models, batch transforms,
// schedules, rules, flow logs and callers need. Of what is not the stack's own it allows what has the stack's tag, what
// other accounts allow by policies of theirs, and the buckets that are named here. Nothing in it changes identities,
// assumes roles, or reads what was captured.
func Boundary(buckets ...string) Part {
	grants := slices.Concat(boundaryOfData(), boundaryOfHosting(), boundaryOfBatches())
	part := Part{Name: "boundary", Grants: grants}
	if len(buckets) > 0 {
		shared := Grant{
			Sid: "SharedBuckets", Types: []string{role},
			Actions: []string{"s3:AbortMultipartUpload", "s3:GetObject", "s3:ListBucket", "s3:PutObject"},
		}
		for _, name := range buckets {
			shared.Resources = append(shared.Resources, "s3:::"+name, "s3:::"+name+"/*")
		}
		part.Grants = append(part.Grants, shared)
	}
	return part
}

// boundaryOfData is for what is read and written, and for keys. Through a service, a key decrypts only what that
// service hands out.
func boundaryOfData() []Grant {
	const schedules = "scheduler:{region}:{account}:schedule/*-{stack}/*"
	types := []string{role}
	return []Grant{
		{
			Sid: "ReadObjects", Types: types, Actions: []string{"s3:GetObject", "s3:ListBucket"},
			Resources: []string{"s3:::{project}-{stack}-batch-*", "s3:::{project}-{stack}-models-*"},
		},
		{
			Sid: "WriteObjects", Types: types, Actions: []string{"s3:AbortMultipartUpload", "s3:PutObject"},
			Resources: []string{"s3:::{project}-{stack}-batch-*/*", "s3:::{project}-{stack}-capture-*/*"},
		},
		{
			Sid: "RemoveMarks", Types: types, Actions: []string{"s3:DeleteObject"},
			Resources: []string{"s3:::{project}-{stack}-batch-*/*"},
		},
		{
			Sid: "UseTopics", Types: types, Actions: []string{"sns:Publish"}, Resources: []string{topics},
		},
		{
			Sid: "UseTagged", Types: types, Conditions: inStack(),
			Actions: []string{"lambda:InvokeFunction", "secretsmanager:GetSecretValue", "sns:Publish"},
			Resources: []string{
				"lambda:{region}:{account}:function:*", "secretsmanager:{region}:{account}:secret:*",
				"sns:{region}:{account}:*",
			},
		},
		{
			// Their own policies must allow it, too.
			Sid: "UseOtherAccounts", Types: types,
			Actions: []string{
				"lambda:InvokeFunction", "s3:GetObject", "s3:ListBucket", "secretsmanager:GetSecretValue", "sns:Publish",
			},
			Conditions: map[string]map[string]string{
				"Null": {"aws:ResourceAccount": "false"}, "StringNotEquals": {"aws:ResourceAccount": "{account}"},
			},
		},
		{
			Sid: "UseKeys", Types: types, Resources: []string{"kms:{region}:*:key/*"},
			Actions:    []string{"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"},
			Conditions: map[string]map[string]string{"StringLike": {"kms:ViaService": "*.{region}.amazonaws.com*"}},
		},
		{
			Sid: "EncryptVolumes", Types: types, Resources: []string{keys}, Actions: []string{"kms:CreateGrant"},
			Conditions: map[string]map[string]string{
				"Bool":       {"kms:GrantIsForAWSResource": "true"},
				"StringLike": {"kms:ViaService": "sagemaker.{region}.amazonaws.com*"},
			},
		},
		{
			Sid: "ReadSchedules", Types: types, Resources: []string{keys}, Actions: []string{"kms:Decrypt"},
			Conditions: map[string]map[string]string{"ArnLike": {
				"kms:EncryptionContext:aws:scheduler:schedule:arn": "arn:{partition}:" + schedules,
			}},
		},
	}
}

// boundaryOfHosting is for what runs a model, and for its callers.
func boundaryOfHosting() []Grant {
	types := []string{role}
	const groups = "logs:{region}:{account}:log-group:"
	return []Grant{
		{
			Sid: "PullImages", Types: types, Resources: []string{"ecr:*:*:repository/*"},
			Actions: []string{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"},
		},
		{
			Sid: "PublishMetrics", Types: types, Actions: []string{"cloudwatch:PutMetricData"},
			Conditions: map[string]map[string]string{"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}},
		},
		{
			// None of these knows a resource.
			Sid: "Lookups", Types: types,
			Actions: []string{
				"ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups",
				"ec2:DescribeSubnets", "ec2:DescribeVpcs", "ecr:GetAuthorizationToken",
			},
		},
		{
			Sid: "WriteLogs", Types: types,
			Actions: []string{
				"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents",
			},
			Resources: []string{
				groups + "/aws/sagemaker/Endpoints/*-{stack}:*", groups + "/aws/sagemaker/TransformJobs",
				groups + "/aws/sagemaker/TransformJobs:*", groups + "/vpc/{project}-{stack}-*",
			},
		},
		{
			Sid: "WatchAlarms", Types: types, Resources: []string{allAlarms}, Actions: []string{"cloudwatch:DescribeAlarms"},
		},
		{
			Sid: "JoinNetwork", Types: types, Actions: []string{"ec2:CreateNetworkInterface"},
			Resources: []string{
				"ec2:{region}:*:security-group/*", "ec2:{region}:*:subnet/*", "ec2:{region}:{account}:network-interface/*",
			},
		},
		{
			Sid: "UseNetwork", Types: types, Resources: []string{"ec2:{region}:{account}:network-interface/*"},
			Actions: []string{
				"ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface",
				"ec2:DeleteNetworkInterfacePermission",
			},
		},
		{
			Sid: "Invoke", Types: types, Resources: []string{endpoints},
			Actions: []string{"sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync"},
		},
	}
}

// boundaryOfBatches is for state machines and what starts them. The names of jobs do not always hold the stack's, but
// their tags do.
func boundaryOfBatches() []Grant {
	types := []string{role}
	const jobs = "sagemaker:{region}:{account}:transform-job/*"
	return []Grant{
		{
			Sid: "NewJobs", Types: types, Resources: []string{jobs}, Conditions: newInStack(),
			Actions: []string{"sagemaker:AddTags", "sagemaker:CreateTransformJob"},
		},
		{
			Sid: "Jobs", Types: types, Resources: []string{jobs}, Conditions: inStack(),
			Actions: []string{"sagemaker:DescribeTransformJob", "sagemaker:ListTags", "sagemaker:StopTransformJob"},
		},
		{
			Sid: "Machines", Types: types, Resources: []string{"states:{region}:{account}:stateMachine:*-{stack}"},
			Actions: []string{"states:DescribeStateMachine", "states:StartExecution"},
		},
		{
			Sid: "HearOfJobs", Types: types,
			Resources: []string{"events:{region}:{account}:rule/StepFunctionsGetEventsForSageMakerTransformJobsRule"},
			Actions:   []string{"events:DescribeRule", "events:PutRule", "events:PutTargets"},
		},
		{
			// None of these knows a resource.
			Sid: "Deliveries", Types: types,
			Actions: []string{
				"logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups",
				"logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries",
				"logs:PutResourcePolicy", "logs:UpdateLogDelivery", "xray:GetSamplingRules", "xray:GetSamplingTargets",
				"xray:PutTelemetryRecords", "xray:PutTraceSegments",
			},
		},
	}
}
