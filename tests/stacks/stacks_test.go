package stacks_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

const (
	alarmType        = "aws:cloudwatch/metricAlarm:MetricAlarm"
	batchType        = "aws:sfn/stateMachine:StateMachine"
	notificationType = "aws:s3/bucketNotification:BucketNotification"
	bucketType       = "aws:s3/bucketV2:BucketV2"
	callerPolicyType = "aws:iam/policy:Policy"
	configType       = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
	fleetsType       = "pulumi:index:Stash"
	emailType        = "aws:sns/topicSubscription:TopicSubscription"
	endpointType     = "aws:sagemaker/endpoint:Endpoint"
	keyType          = "aws:kms/key:Key"
	logGroupType     = "aws:cloudwatch/logGroup:LogGroup"
	modelType        = "aws:sagemaker/model:Model"
	objectType       = "aws:s3/bucketObjectv2:BucketObjectv2"
	parameterType    = "aws:ssm/parameter:Parameter"
	policyType       = "aws:appautoscaling/policy:Policy"
	rolePolicyType   = "aws:iam/rolePolicy:RolePolicy"
	roleType         = "aws:iam/role:Role"
	scheduleType     = "aws:appautoscaling/scheduledAction:ScheduledAction"
	targetType       = "aws:appautoscaling/target:Target"
	topicType        = "aws:sns/topic:Topic"
	vpcEndpointType  = "aws:ec2/vpcEndpoint:VpcEndpoint"

	bucketEncryptionType = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
)

// foundations is how many resources of each type every stack has: buckets and a topic.
var foundations = map[string]int{
	"sagehost:alerts:Alerts":       1,
	"sagehost:artifacts:Artifacts": 1,

	keyType:                            1,
	topicType:                          1,
	"aws:sns/topicPolicy:TopicPolicy":  1,
	bucketType:                         3,
	"aws:s3/bucketPolicy:BucketPolicy": 3,
	"aws:s3/bucketVersioningV2:BucketVersioningV2":                         3,
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":               3,
	"aws:s3/bucketOwnershipControls:BucketOwnershipControls":               3,
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": 3,
	bucketEncryptionType: 3,
}

// with is the foundations and these resources.
func with(more map[string]int) map[string]int {
	all := maps.Clone(foundations)
	maps.Copy(all, more)
	return all
}

func TestDevHasAnEndpointOfEachKindAndNobodyToMail(t *testing.T) {
	t.Parallel()
	assert.Equal(t, with(map[string]int{
		"sagehost:alarms:Alarms":       4,
		"sagehost:archive:Archive":     4, // one each of flowers and petals, two of penguins
		"sagehost:batch:Batch":         2,
		"sagehost:discovery:Discovery": 6, // 4 of endpoints, 2 of batch transforms
		"sagehost:endpoint:Endpoint":   4,
		"sagehost:execrole:Role":       4,
		"sagehost:folder:Folder":       1,
		"sagehost:model:Model":         4,
		"sagehost:scaling:Scaling":     1,

		// 7 for each on instances, and the one on the end of flowers' scaling, 3 on many models, 2 on the containers of a
		// pipeline; 6 without instances; 2 for each batch transform.
		alarmType:      37,
		logGroupType:   6, // of each endpoint and batch transform
		policyType:     1,
		targetType:     1,
		roleType:       6,
		rolePolicyType: 6,
		endpointType:   4,
		configType:     4,
		fleetsType:     4,
		modelType:      4,
		objectType:     5, // four archives, and a folder for those to come
		parameterType:  6,
		batchType:      2,

		notificationType: 1,
	}), run(t, "dev").Counts())
}

func TestProdHasANetworkAKeyCallersSchedulesAndASubscriberOnTop(t *testing.T) {
	t.Parallel()
	assert.Equal(t, with(map[string]int{
		"sagehost:access:Caller":         2,
		"sagehost:alarms:Alarms":         4,
		"sagehost:archive:Archive":       4,
		"sagehost:batch:Batch":           2,
		"sagehost:discovery:Discovery":   6,
		"sagehost:encryption:Encryption": 1,
		"sagehost:endpoint:Endpoint":     4,
		"sagehost:execrole:Role":         4,
		"sagehost:folder:Folder":         1,
		"sagehost:model:Model":           4,
		"sagehost:network:Network":       1,
		"sagehost:scaling:Scaling":       2,

		"awsx:ec2:Vpc": 1,
		"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":         1,
		"aws:ec2/securityGroup:SecurityGroup":                       2, // of models, and of endpoints
		"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":   3, // to S3, to endpoints, and to each other
		"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": 2, // of endpoints, and from each other
		vpcEndpointType:           8, // to S3, and to 7 services
		"aws:ec2/flowLog:FlowLog": 1,
		logGroupType:              7, // of each endpoint and batch transform, and of the flow logs

		// 7 for each in real time, 7 and the 2 on the backlog for petals, the ones on the ends of two scalings, 3 on many
		// models, 2 on the containers of a pipeline, and 2 that roll flowers back; 4 and 3 for the batch transforms.
		alarmType:             46,
		policyType:            2,
		targetType:            2,
		scheduleType:          2,
		callerPolicyType:      2,
		roleType:              9, // of each model, of the flow logs, and 2 of each batch transform
		rolePolicyType:        9,
		"aws:kms/alias:Alias": 1,
		endpointType:          4,
		configType:            4,
		fleetsType:            4,
		modelType:             4,
		objectType:            5,
		parameterType:         6,
		emailType:             1,
		batchType:             2,

		"aws:cloudwatch/eventRule:EventRule":        1,
		"aws:cloudwatch/eventTarget:EventTarget":    1,
		notificationType:                            1,
		"aws:scheduler/schedule:Schedule":           1,
		"aws:scheduler/scheduleGroup:ScheduleGroup": 1,
	}), run(t, "prod").Counts())
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
	assert.Equal(t, map[string]int{
		endpointType: 4, logGroupType: 4, bucketType: 3, keyType: 1,
	}, protected(run(t, "prod")))
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
	for _, name := range []string{"flowers", "garden", "penguins", "petals"} {
		assert.GreaterOrEqual(t, onlyVariant(t, graph, name)["initialInstanceCount"], 2.0, name)
	}
	targets := graph.All(targetType)
	require.Len(t, targets, 2)
	for _, target := range targets {
		assert.GreaterOrEqual(t, target.Inputs["minCapacity"], 2.0, target.Name)
	}
	schedules := graph.All(scheduleType)
	require.Len(t, schedules, 2)
	for _, schedule := range schedules {
		action, ok := schedule.Inputs["scalableTargetAction"].(map[string]any)
		require.True(t, ok)
		assert.GreaterOrEqual(t, action["minCapacity"], 2.0, schedule.Name)
	}
}

func TestProdRunsImagesByDigest(t *testing.T) {
	t.Parallel()
	images := 0
	for _, model := range run(t, "prod").All(modelType) {
		for _, container := range containers(t, model) {
			assert.Regexp(t, `@sha256:[0-9a-f]{64}$`, container["image"], model.Name)
			images++
		}
	}
	assert.Equal(t, 5, images, "one of each model, two of the pipeline")
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
		{modelType, "petals"}:               {"sagehost:stack": "dev", "sagehost:model": "petals"},
		{objectType, "petals"}:              {"sagehost:stack": "dev", "sagehost:model": "petals"},
		{roleType, "petals"}:                {"sagehost:stack": "dev", "sagehost:model": "petals"},
		{endpointType, "petals"}:            {"sagehost:stack": "dev", "sagehost:endpoint": "petals"},
		{configType, "petals"}:              {"sagehost:stack": "dev", "sagehost:endpoint": "petals"},
		{targetType, "flowers.main"}:        {"sagehost:stack": "dev", "sagehost:endpoint": "flowers"},
		{topicType, "sagehost-dev"}:         {"sagehost:stack": "dev"},
		{keyType, "sagehost-dev"}:           {"sagehost:stack": "dev"},
		{parameterType, "garden"}:           {"sagehost:stack": "dev", "sagehost:endpoint": "garden"},
		{alarmType, "garden.main.5xx"}:      {"sagehost:stack": "dev", "sagehost:endpoint": "garden"},
		{objectType, "penguins.preprocess"}: {"sagehost:stack": "dev", "sagehost:model": "penguins"},
		{batchType, "penguins"}:             {"sagehost:stack": "dev", "sagehost:batch": "penguins"},
		{logGroupType, "penguins"}:          {"sagehost:stack": "dev", "sagehost:batch": "penguins"},
		{parameterType, "penguins.batch"}:   {"sagehost:stack": "dev", "sagehost:batch": "penguins"},
	} {
		assert.Equal(t, want, graph.Named(t, of[0], of[1]).Inputs["tags"], of)
	}
	graph = run(t, "prod")
	for of, want := range map[[2]string]map[string]any{
		{callerPolicyType, "flowers.website"}:   {"sagehost:stack": "prod", "sagehost:endpoint": "flowers"},
		{callerPolicyType, "garden.tenant-one"}: {"sagehost:stack": "prod", "sagehost:endpoint": "garden"},
		{keyType, "sagehost-prod"}:              {"sagehost:stack": "prod"},
	} {
		assert.Equal(t, want, graph.Named(t, of[0], of[1]).Inputs["tags"], of)
	}
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
	graph := harness.Run(t, program, harness.Config(map[string]string{"sagehost:models": "{}"}))
	assert.Equal(t, foundations, graph.Counts())
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
