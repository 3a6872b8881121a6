package stacks_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

const (
	alarmType    = "aws:cloudwatch/metricAlarm:MetricAlarm"
	bucketType   = "aws:s3/bucketV2:BucketV2"
	configType   = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
	endpointType = "aws:sagemaker/endpoint:Endpoint"
	modelType    = "aws:sagemaker/model:Model"
	objectType   = "aws:s3/bucketObjectv2:BucketObjectv2"
	targetType   = "aws:appautoscaling/target:Target"
	scheduleType = "aws:appautoscaling/scheduledAction:ScheduledAction"
	emailType    = "aws:sns/topicSubscription:TopicSubscription"
)

// common is how many resources of each type both stacks have: two endpoints, one of which scales.
var common = map[string]int{
	"sagehost:alarms:Alarms":       2,
	"sagehost:alerts:Alerts":       1,
	"sagehost:archive:Archive":     2,
	"sagehost:artifacts:Artifacts": 1,
	"sagehost:endpoint:Endpoint":   2,
	"sagehost:execrole:Role":       2,
	"sagehost:model:Model":         2,
	"sagehost:scaling:Scaling":     1,

	alarmType:                          15, // 7 for each, and the one on the scaling's end
	"aws:appautoscaling/policy:Policy": 1,
	targetType:                         1,
	"aws:iam/role:Role":                2,
	"aws:iam/rolePolicy:RolePolicy":    2,
	"aws:kms/key:Key":                  1,
	endpointType:                       2,
	configType:                         2,
	modelType:                          2,
	objectType:                         2,
	"aws:sns/topic:Topic":              1,
	"aws:sns/topicPolicy:TopicPolicy":  1,
	bucketType:                         3,
	"aws:s3/bucketPolicy:BucketPolicy": 3,
	"aws:s3/bucketVersioningV2:BucketVersioningV2":                                               3,
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":                                     3,
	"aws:s3/bucketOwnershipControls:BucketOwnershipControls":                                     3,
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2":                       3,
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": 3,
}

func TestDevHasTwoEndpointsAndNobodyToMail(t *testing.T) {
	t.Parallel()
	assert.Equal(t, common, run(t, "dev").Counts())
}

func TestProdHasTwoSchedulesAndASubscriberOnTop(t *testing.T) {
	t.Parallel()
	want := maps.Clone(common)
	want[scheduleType], want[emailType] = 2, 1
	assert.Equal(t, want, run(t, "prod").Counts())
}

// protected counts the protected resources of each type.
func protected(graph *harness.Graph) map[string]int {
	counts := map[string]int{}
	for _, r := range graph.Resources {
		if r.Protect {
			counts[r.Type]++
		}
	}
	return counts
}

func TestOnlyProdIsProtected(t *testing.T) {
	t.Parallel()
	assert.Empty(t, protected(run(t, "dev")))
	assert.Equal(t, map[string]int{endpointType: 2, bucketType: 3}, protected(run(t, "prod")))
}

func TestOnlyDevsBucketsCanBeDestroyedWithWhatTheyHold(t *testing.T) {
	t.Parallel()
	for stack, want := range map[string]bool{"dev": true, "prod": false} {
		buckets := run(t, stack).All(bucketType)
		require.Len(t, buckets, 3)
		for _, bucket := range buckets {
			assert.Equal(t, want, bucket.Inputs["forceDestroy"], bucket.URN)
		}
	}
}

func TestProdAlwaysHasTwoInstances(t *testing.T) {
	t.Parallel()
	graph := run(t, "prod")
	for _, name := range []string{"flowers", "petals"} {
		variants, ok := graph.Named(t, configType, name).Inputs["productionVariants"].([]any)
		require.True(t, ok)
		require.Len(t, variants, 1)
		assert.GreaterOrEqual(t, variants[0].(map[string]any)["initialInstanceCount"], 2.0)
	}
	assert.GreaterOrEqual(t, graph.One(t, targetType).Inputs["minCapacity"], 2.0)
	schedules := graph.All(scheduleType)
	require.Len(t, schedules, 2)
	for _, schedule := range schedules {
		assert.GreaterOrEqual(t, schedule.Inputs["scalableTargetAction"].(map[string]any)["minCapacity"], 2.0)
	}
}

func TestProdRunsImagesByDigest(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"flowers", "petals"} {
		container, ok := run(t, "prod").Named(t, modelType, name).Inputs["primaryContainer"].(map[string]any)
		require.True(t, ok)
		assert.Regexp(t, `@sha256:[0-9a-f]{64}$`, container["image"])
	}
}

func TestEveryStackIsExportedByName(t *testing.T) {
	t.Parallel()
	for _, stack := range []string{"dev", "prod"} {
		endpoints := map[string]any{}
		for _, name := range []string{"flowers", "petals"} {
			endpoints[name] = map[string]any{
				"name":       name + "-" + stack,
				"arn":        "arn:aws-cn:test:cn-north-1:123456789012:" + name + "-endpoint",
				"configName": name + "-endpointconfiguration",
			}
		}
		assert.Equal(t, map[string]any{
			"buckets": map[string]any{
				"models":  "sagehost-" + stack + "-models-bucketv2",
				"capture": "sagehost-" + stack + "-capture-bucketv2",
				"batch":   "sagehost-" + stack + "-batch-bucketv2",
			},
			"alertsTopicArn": "arn:aws-cn:test:cn-north-1:123456789012:sagehost-" + stack + "-topic",
			"models":         map[string]any{"flowers": "flowers-model", "petals": "petals-model"},
			"endpoints":      endpoints,
		}, run(t, stack).Exports)
	}
}

func TestAPreviewDeclaresWhatADeploymentDoes(t *testing.T) {
	t.Parallel()
	for _, stack := range []string{"dev", "prod"} {
		assert.Equal(t, run(t, stack).Counts(), run(t, stack, harness.Preview()).Counts())
	}
}

func TestEverythingIsTaggedWithWhatItBelongsTo(t *testing.T) {
	t.Parallel()
	graph := run(t, "dev")
	for of, want := range map[[2]string]map[string]any{
		{modelType, "petals"}:                   {"sagehost:stack": "dev", "sagehost:model": "petals"},
		{objectType, "petals"}:                  {"sagehost:stack": "dev", "sagehost:model": "petals"},
		{"aws:iam/role:Role", "petals"}:         {"sagehost:stack": "dev", "sagehost:model": "petals"},
		{endpointType, "petals"}:                {"sagehost:stack": "dev", "sagehost:endpoint": "petals"},
		{configType, "petals"}:                  {"sagehost:stack": "dev", "sagehost:endpoint": "petals"},
		{targetType, "flowers.main"}:            {"sagehost:stack": "dev", "sagehost:endpoint": "flowers"},
		{"aws:sns/topic:Topic", "sagehost-dev"}: {"sagehost:stack": "dev"},
		{"aws:kms/key:Key", "sagehost-dev"}:     {"sagehost:stack": "dev"},
	} {
		assert.Equal(t, want, graph.Named(t, of[0], of[1]).Inputs["tags"], of)
	}
}

func TestARolledBackEndpointFailsTheStack(t *testing.T) {
	t.Parallel()
	err := harness.RunError(t, program, append(options(t, "dev"),
		harness.Reports(endpointType, "endpointConfigName", "flowers-old"))...)
	assert.ErrorContains(t, err, `endpoint "flowers-dev" was rolled back: it serves the configuration "flowers-old", `+
		`not "flowers-endpointconfiguration"`)
}

func TestBadSettingsRegisterNothing(t *testing.T) {
	t.Parallel()
	err := harness.Fail(t, program, harness.Stack("dev"), harness.Config(map[string]string{
		"sagehost:models": `{"flowers": {"image": "nginx", "environment": {"TOKEN": "` + harness.PlainSecret + `"}}}`,
	}))
	assert.EqualError(t, err, "1 error occurred:\n\t* "+strings.Join([]string{
		"Pulumi.dev.yaml: 2 problems",
		"  sagehost:models.flowers.environment.TOKEN: looks like a secret in plain text; " +
			"store it in AWS Secrets Manager and give the secret's ARN",
		`  sagehost:models.flowers.image: "nginx" is not an image in Amazon ECR; expected one like ` +
			`"123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:…"`,
	}, "\n")+"\n\n")
}

// The engine hands all keys to the program in the environment, of which the SDK looks up single ones.
func TestAMistypedKeyRegistersNothing(t *testing.T) {
	t.Setenv(pulumi.EnvConfig, `{"sagehost:endpionts": "{}", "aws:region": "eu-west-1"}`)
	err := harness.Fail(t, program, harness.Stack("dev"))
	assert.EqualError(t, err, "1 error occurred:\n\t* Pulumi.dev.yaml: 1 problem\n"+
		"  sagehost:endpionts: is an unknown key; did you mean \"endpoints\"?\n\n")
}

// hosted is a stack of one endpoint whose variant has this scaling, as JSON.
func hosted(scaling string) harness.Option {
	return harness.Config(map[string]string{
		"sagehost:models": `{"flowers": {"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/flowers:1"}}`,
		"sagehost:endpoints": `{"flowers": {"variants": [{"name": "main", "model": "flowers",
			"instanceType": "ml.m5.large", "initialInstanceCount": 2, "scaling": ` + scaling + `}]}}`,
	})
}

func TestAnEmptyStackIsBucketsAndATopic(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, program)
	want := maps.Clone(common)
	for _, typ := range []string{
		"sagehost:alarms:Alarms", "sagehost:endpoint:Endpoint", "sagehost:execrole:Role", "sagehost:model:Model",
		"sagehost:scaling:Scaling", alarmType, "aws:appautoscaling/policy:Policy", targetType, "aws:iam/role:Role",
		"aws:iam/rolePolicy:RolePolicy", endpointType, configType, modelType, objectType, "sagehost:archive:Archive",
	} {
		delete(want, typ)
	}
	assert.Equal(t, want, graph.Counts())
}

// A variant with as many instances as ever is not at the end of its scaling, but where it was put.
func TestAFixedNumberOfInstancesIsNoAlarm(t *testing.T) {
	t.Parallel()
	for scaling, want := range map[string]int{
		`{"min": 1, "max": 2, "invocationsPerInstance": 600}`: 8,
		`{"min": 2, "max": 2, "invocationsPerInstance": 600}`: 7,
	} {
		assert.Equal(t, want, harness.Run(t, program, hosted(scaling)).Counts()[alarmType], scaling)
	}
}

func TestTheAlarmAtMaximumCapacityKnowsTheSchedules(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, program, hosted(`{"min": 1, "max": 4, "invocationsPerInstance": 600,
		"schedules": [{"name": "peak", "schedule": "rate(1 day)", "min": 2, "max": 9}]}`))
	assert.InDelta(t, 9, graph.Named(t, alarmType, "flowers.main.at-max-capacity").Inputs["threshold"], 0)
}
