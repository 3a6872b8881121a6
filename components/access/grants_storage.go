package access

func encryption() []Grant {
	aliases := "kms:{region}:{account}:alias/{project}-{stack}*"
	return []Grant{
		{
			// A key that is being made has neither a name nor tags to tell it by, and AWS KMS lets no policy tell its tagging
			// from that of another key (its developer guide, "Controlling access to tags" and "Managing KMS key tags with API
			// operations"): keys with the tag or the alias of others are excluded.
			Sid: "NewKeys", Types: []string{key}, Actions: []string{"kms:CreateKey"},
			Conditions: newInStack(),
		},
		{
			Sid: "NewKeysTags", Types: []string{key}, Resources: []string{keys}, Actions: []string{"kms:TagResource"},
			Conditions: merged(newInStack(), notElsewhere()),
		},
		{
			// Making a key needs the right to set its policy later, before the key has tags; and it takes up to five minutes
			// until tags count for what may be done (same place, "Default key policy" and "ABAC for AWS KMS"). An alias has no
			// tags; AWS KMS checks the right on the key, too.
			Sid: "FreshKeys", Types: []string{key, keyAlias}, Resources: []string{aliases, keys},
			Conditions: notElsewhere(),
			Actions: []string{
				"kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:PutKeyPolicy", "kms:UpdateAlias",
			},
		},
		{
			Sid: "Keys", Types: []string{key}, Resources: []string{keys}, Conditions: inStack(),
			Actions: []string{
				"kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateKeyDescription",
			},
		},
		{
			Sid: "KeyLookups", Types: []string{key}, Resources: []string{keys},
			Actions: []string{
				"kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags",
			},
		},
		{Sid: "AliasLookups", Types: []string{keyAlias}, Actions: []string{"kms:ListAliases"}},
		{
			// Uploading to a bucket that encrypts under a key.
			Sid: "EncryptUploads", Types: []string{bucketObject}, Resources: []string{keys},
			Actions:    []string{"kms:Decrypt", "kms:GenerateDataKey"},
			Conditions: map[string]map[string]string{"StringLike": {"kms:ViaService": "s3.{region}.amazonaws.com*"}},
		},
		{
			// SageMaker uses a key for volumes by a grant of whoever makes the endpoint.
			Sid: "EncryptVolumes", Types: []string{endpointConfig, endpoint}, Resources: []string{keys},
			Actions: []string{"kms:CreateGrant"},
			Conditions: map[string]map[string]string{
				"Bool":       {"kms:GrantIsForAWSResource": "true"},
				"StringLike": {"kms:ViaService": "sagemaker.{region}.amazonaws.com*"},
			},
		},
	}
}

func storage() []Grant {
	return []Grant{
		{
			Sid: "Buckets", Resources: []string{buckets},
			Types: []string{
				bucket, bucketVersioning, bucketEncryption, bucketBlock, bucketOwnership, bucketPolicy, bucketLifecycle,
				bucketEvents,
			},
			Actions: []string{
				"s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:GetAccelerateConfiguration",
				"s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLogging", "s3:GetBucketNotification",
				"s3:GetBucketObjectLockConfiguration",
				"s3:GetBucketOwnershipControls", "s3:GetBucketPolicy", "s3:GetBucketPublicAccessBlock",
				"s3:GetBucketRequestPayment", "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetBucketWebsite",
				"s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration",
				"s3:ListBucket", "s3:ListBucketVersions", "s3:PutBucketNotification", "s3:PutBucketOwnershipControls",
				"s3:PutBucketPolicy",
				"s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging", "s3:PutBucketVersioning",
				"s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
			},
		},
		{
			// The provider removes all versions of an object, and with forceDestroy all objects of a bucket.
			Sid: "Objects", Types: []string{bucket, bucketObject}, Resources: []string{buckets + "/*"},
			Actions: []string{"s3:AbortMultipartUpload", "s3:DeleteObject", "s3:DeleteObjectVersion"},
		},
		{
			// Nothing is uploaded to other buckets, and what was captured is nobody's business who deploys.
			Sid: "Archives", Types: []string{bucketObject}, Resources: []string{"s3:::{project}-{stack}-models-*/*"},
			Actions: []string{"s3:GetObject", "s3:GetObjectTagging", "s3:PutObject", "s3:PutObjectTagging"},
		},
		{
			Sid: "Parameters", Types: []string{parameter},
			Resources: []string{"ssm:{region}:{account}:parameter/{project}/{stack}/*"},
			Actions: []string{
				"ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:GetParameter", "ssm:GetParameters",
				"ssm:ListTagsForResource", "ssm:PutParameter", "ssm:RemoveTagsFromResource",
			},
		},
		{Sid: "ParameterLookups", Types: []string{parameter}, Actions: []string{"ssm:DescribeParameters"}},
	}
}

func observation() []Grant {
	return []Grant{
		{
			Sid: "Topics", Types: []string{topic, topicPolicy, subscription}, Resources: []string{topics},
			Actions: []string{
				"sns:CreateTopic", "sns:DeleteTopic", "sns:GetTopicAttributes", "sns:ListTagsForResource",
				"sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:UntagResource",
			},
		},
		{
			Sid: "Subscriptions", Types: []string{subscription},
			Actions: []string{"sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Unsubscribe"},
		},
		{
			Sid: "Alarms", Types: []string{alarm}, Resources: []string{"cloudwatch:{region}:{account}:alarm:*-{stack}.*"},
			Actions: []string{
				"cloudwatch:DeleteAlarms", "cloudwatch:ListTagsForResource", "cloudwatch:PutMetricAlarm",
				"cloudwatch:TagResource", "cloudwatch:UntagResource",
			},
		},
		{
			Sid: "AlarmLookups", Types: []string{alarm, scalingPolicy}, Resources: []string{allAlarms},
			Actions: []string{"cloudwatch:DescribeAlarms"},
		},
		{
			// Most actions name a group with its streams, ":*"; those on tags and keys name it alone.
			Sid: "LogGroups", Types: []string{logGroup},
			Resources: []string{
				"logs:{region}:{account}:log-group:/aws/sagemaker/Endpoints/*-{stack}",
				"logs:{region}:{account}:log-group:/aws/sagemaker/Endpoints/*-{stack}:*",
				"logs:{region}:{account}:log-group:/aws/vendedlogs/states/*-{stack}",
				"logs:{region}:{account}:log-group:/aws/vendedlogs/states/*-{stack}:*",
				"logs:{region}:{account}:log-group:/vpc/{project}-{stack}-*",
			},
			Actions: []string{
				"logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DeleteRetentionPolicy",
				"logs:DisassociateKmsKey", "logs:ListTagsForResource", "logs:PutRetentionPolicy", "logs:TagResource",
				"logs:UntagResource",
			},
		},
		{
			Sid: "LogGroupLookups", Types: []string{logGroup}, Resources: []string{"logs:{region}:{account}:log-group:*"},
			Actions: []string{"logs:DescribeLogGroups"},
		},
	}
}
