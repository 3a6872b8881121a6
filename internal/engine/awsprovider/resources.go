package awsprovider

// providerType is the type of the provider itself, whose properties are its configuration.
const providerType = "pulumi:providers:aws"

// resources are the properties that pulumi-aws shapes by hand, per resource type. Everything else follows from
// Terraform's schema in the same way on both sides.
var resources = map[string]fields{
	"aws:appautoscaling/scheduledAction:ScheduledAction": {
		"scalableTargetAction": {inner: fields{"maxCapacity": {shape: texted}, "minCapacity": {shape: texted}}},
	},
	"aws:cloudwatch/metricAlarm:MetricAlarm":            {"name": {name: "alarmName"}},
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": inlineRules,
	"aws:ec2/securityGroup:SecurityGroup":               inlineRules,
	providerType:                                        {"defaultTags": {shape: boxed}, "ignoreTags": {shape: boxed}},
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": {"rules": {inner: fields{
		"abortIncompleteMultipartUpload": {name: "abortIncompleteMultipartUploads", shape: boxed},
		"expiration":                     {name: "expirations", shape: boxed},
		"filter": {name: "filters", shape: boxed, inner: fields{
			"and": {name: "ands", shape: boxed},
			"tag": {name: "tags", shape: boxed},
		}},
		"noncurrentVersionExpiration": {name: "noncurrentVersionExpirations", shape: boxed},
	}}},
	"aws:s3/bucketObjectv2:BucketObjectv2": {"source": {shape: filed}},
	"aws:s3/bucketV2:BucketV2": {
		"lifecycleRules": {inner: fields{
			"expirations":                  {name: "expiration", shape: unboxed},
			"noncurrentVersionExpirations": {name: "noncurrentVersionExpiration", shape: unboxed},
		}},
		"loggings": {name: "logging", shape: unboxed},
		"objectLockConfiguration": {inner: fields{"rules": {name: "rule", shape: unboxed, inner: fields{
			"defaultRetentions": {name: "defaultRetention", shape: unboxed},
		}}}},
		"replicationConfigurations": {name: "replicationConfiguration", shape: unboxed, inner: replication},
		"serverSideEncryptionConfigurations": {
			name: "serverSideEncryptionConfiguration", shape: unboxed, inner: fields{
				"rules": {name: "rule", shape: unboxed, inner: fields{
					"applyServerSideEncryptionByDefaults": {name: "applyServerSideEncryptionByDefault", shape: unboxed},
				}},
			},
		},
		"versionings": {name: "versioning", shape: unboxed},
		"websites":    {name: "website", shape: unboxed},
	},
	"aws:sns/topicSubscription:TopicSubscription": {"topic": {name: "topicArn"}},
}

// inlineRules are the rules that a security group shows, also those that stand beside it.
var inlineRules = fields{"egress": {name: "egresses"}, "ingress": {name: "ingresses"}}

// replication is the part of a bucket that copies it to another.
var replication = fields{"rules": {inner: fields{
	"destinations": {name: "destination", shape: unboxed, inner: fields{
		"accessControlTranslations": {name: "accessControlTranslation", shape: unboxed},
		"metrics":                   {shape: unboxed},
		"replicationTimes":          {name: "replicationTime", shape: unboxed},
	}},
	"filters": {name: "filter", shape: unboxed},
	"sourceSelectionCriterias": {name: "sourceSelectionCriteria", shape: unboxed, inner: fields{
		"sseKmsEncryptedObjects": {shape: unboxed},
	}},
}}}
