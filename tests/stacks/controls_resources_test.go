package stacks_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/tests/harness"
)

// prodKeyed expects that all resources of a type are under prod's key.
func prodKeyed(typ, input string) func(*testing.T, *harness.Graph) { return has(typ, input, prodKey) }

var hostingControls = []control{
	{
		"SageMaker.4 sagemaker-endpoint-config-prod-instance-count",
		every(configType, func(t *testing.T, r harness.Resource) {
			t.Helper()
			for _, variant := range objects(t, r.Inputs["productionVariants"]) {
				assert.Greater(t, variant["initialInstanceCount"], 1.0, r.URN)
			}
		}),
	},
	{
		"SageMaker.5 sagemaker-model-isolation-enabled CKV_AWS_370",
		has(modelType, "enableNetworkIsolation", true),
	},
	{
		"sagemaker-model-in-vpc",
		has(modelType, "vpcConfig", map[string]any{
			"subnets":          []any{"isolated-1", "isolated-2"},
			"securityGroupIds": []any{"sagehost-prod-models-securitygroup-id"},
		}),
	},
	{"sagemaker-endpoint-configuration-kms-key-configured CKV_AWS_98 W1200", prodKeyed(configType, "kmsKeyArn")},
}

var storageControls = []control{
	{
		"S3.2 S3.3 S3.8 CKV_AWS_53 CKV_AWS_54 CKV_AWS_55 CKV_AWS_56 CKV2_AWS_6",
		eachBucket("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", func(t *testing.T, r harness.Resource) {
			t.Helper()
			for _, input := range []string{"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"} {
				assert.Equal(t, true, r.Inputs[input], "%s: %s", r.URN, input)
			}
		}),
	},
	{
		"S3.5", eachBucket("aws:s3/bucketPolicy:BucketPolicy", func(t *testing.T, r harness.Resource) {
			t.Helper()
			bucket := "arn:aws-cn:s3:::" + r.Inputs["bucket"].(string)
			assert.Contains(t, r.JSON(t, "policy")["Statement"], map[string]any{
				"Sid": "DenyWithoutTLS", "Effect": "Deny", "Principal": "*", "Action": []any{"s3:*"},
				"Resource":  []any{bucket, bucket + "/*"},
				"Condition": map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
			})
		}),
	},
	{
		// Nobody is allowed anything, and so no other account.
		"S3.6", eachBucket("aws:s3/bucketPolicy:BucketPolicy", func(t *testing.T, r harness.Resource) {
			t.Helper()
			for _, s := range objects(t, r.JSON(t, "policy")["Statement"]) {
				assert.Equal(t, "Deny", s["Effect"], r.URN)
			}
		}),
	},
	{
		"S3.10 S3.13 CKV2_AWS_61",
		eachBucket("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
			func(t *testing.T, r harness.Resource) {
				t.Helper()
				enabled := map[any]any{}
				for _, rule := range objects(t, r.Inputs["rules"]) {
					enabled[rule["id"]] = rule["status"]
				}
				assert.Equal(t, "Enabled", enabled["expire-noncurrent-versions"], r.URN)
			}),
	},
	{
		"CKV_AWS_21", eachBucket("aws:s3/bucketVersioningV2:BucketVersioningV2", func(t *testing.T, r harness.Resource) {
			t.Helper()
			assert.Equal(t, map[string]any{"status": "Enabled"}, r.Inputs["versioningConfiguration"], r.URN)
		}),
	},
	{
		"S3.12", eachBucket("aws:s3/bucketOwnershipControls:BucketOwnershipControls",
			func(t *testing.T, r harness.Resource) {
				t.Helper()
				assert.Equal(t, map[string]any{"objectOwnership": "BucketOwnerEnforced"}, r.Inputs["rule"], r.URN)
			}),
	},
	{
		"CKV_AWS_19 CKV_AWS_145", eachBucket(bucketEncryptionType, func(t *testing.T, r harness.Resource) {
			t.Helper()
			rules := objects(t, r.Inputs["rules"])
			if assert.Len(t, rules, 1) {
				assert.Equal(t, map[string]any{"sseAlgorithm": "aws:kms", "kmsMasterKeyId": prodKey},
					rules[0]["applyServerSideEncryptionByDefault"], r.URN)
			}
		}),
	},
	{"SNS.1 CKV_AWS_26", prodKeyed(topicType, "kmsMasterKeyId")},
	{"CKV_AWS_297", prodKeyed("aws:scheduler/schedule:Schedule", "kmsKeyArn")},
	{"KMS.4 CKV_AWS_7", has(keyType, "enableKeyRotation", true)},
}

var networkControls = []control{
	{
		"EC2.2 CKV2_AWS_12", func(t *testing.T, g *harness.Graph) {
			t.Helper()
			// A group without rules in the program is one whose rules are taken away.
			rules := g.One(t, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").Inputs
			assert.NotContains(t, rules, "ingress")
			assert.NotContains(t, rules, "egress")
		},
	},
	{
		"EC2.6 CKV2_AWS_11", func(t *testing.T, g *harness.Graph) {
			t.Helper()
			log := g.One(t, "aws:ec2/flowLog:FlowLog").Inputs
			assert.Equal(t, "ALL", log["trafficType"])
			assert.Equal(t, g.All("aws:ec2/securityGroup:SecurityGroup")[0].Inputs["vpcId"], log["vpcId"])
		},
	},
	{"EC2.10", reaches("ec2")},
	{"EC2.55", reaches("ecr.api")},
	{"EC2.56", reaches("ecr.dkr")},
	{
		// The subnets are those that awsx makes of this: none of the kind that gives public addresses.
		"EC2.15", has("awsx:ec2:Vpc", "subnetSpecs", []any{
			map[string]any{"type": "Isolated", "name": "models", "cidrMask": 19.0},
		}),
	},
	{
		"EC2.18 EC2.19 CKV_AWS_24 CKV_AWS_25 CKV_AWS_260",
		every("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", func(t *testing.T, r harness.Resource) {
			t.Helper()
			assert.NotContains(t, r.Inputs, "cidrIpv4", r.URN)
			assert.NotContains(t, r.Inputs, "cidrIpv6", r.URN)
			assert.NotEmpty(t, r.Inputs["referencedSecurityGroupId"], r.URN)
		}),
	},
	{
		"CKV2_AWS_5", func(t *testing.T, g *harness.Graph) {
			t.Helper()
			used := map[any]bool{}
			for _, r := range append(g.All(vpcEndpointType), g.All(modelType)...) {
				in, _ := r.Inputs["vpcConfig"].(map[string]any)
				for _, groups := range []any{r.Inputs["securityGroupIds"], in["securityGroupIds"]} {
					list, _ := groups.([]any)
					for _, id := range list {
						used[id] = true
					}
				}
			}
			every("aws:ec2/securityGroup:SecurityGroup", func(t *testing.T, r harness.Resource) {
				t.Helper()
				assert.True(t, used[r.Name+"-securitygroup-id"], r.URN)
			})(t, g)
		},
	},
}

// reaches expects an interface endpoint of a service.
func reaches(service string) func(*testing.T, *harness.Graph) {
	return func(t *testing.T, g *harness.Graph) {
		t.Helper()
		found := 0
		for _, r := range g.All(vpcEndpointType) {
			name, _ := r.Inputs["serviceName"].(string)
			if r.Inputs["vpcEndpointType"] == "Interface" && strings.HasSuffix(name, "."+service) {
				found++
				assert.Equal(t, true, r.Inputs["privateDnsEnabled"])
			}
		}
		assert.Equal(t, 1, found)
	}
}

var observationControls = []control{
	{"CKV_AWS_158", prodKeyed(logGroupType, "kmsKeyId")},
	{
		"CKV_AWS_338", every(logGroupType, func(t *testing.T, r harness.Resource) {
			t.Helper()
			assert.GreaterOrEqual(t, r.Inputs["retentionInDays"], 365.0, r.URN)
		}),
	},
	{
		"StepFunctions.1 CKV_AWS_285", every(batchType, func(t *testing.T, r harness.Resource) {
			t.Helper()
			logging, _ := r.Inputs["loggingConfiguration"].(map[string]any)
			assert.Equal(t, "ALL", logging["level"], r.URN)
			assert.NotEmpty(t, logging["logDestination"], r.URN)
		}),
	},
	{"CKV_AWS_284", has(batchType, "tracingConfiguration", map[string]any{"enabled": true})},
	{
		// Actions are enabled where nothing disables them, and there is one on each alarm but those that only SageMaker
		// watches.
		"CKV_AWS_319", every(alarmType, func(t *testing.T, r harness.Resource) {
			t.Helper()
			assert.NotEqual(t, false, r.Inputs["actionsEnabled"], r.URN)
			if !strings.Contains(r.Name, "rollback") {
				assert.NotEmpty(t, r.Inputs["alarmActions"], r.URN)
			}
		}),
	},
}
