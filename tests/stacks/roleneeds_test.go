package stacks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/kit/awsref"
	"sagehost/kit/s3uri"
	"sagehost/tests/harness"
)

// theirKey encrypts what others own. The stack knows nothing of it.
const theirKey = "arn:aws-cn:kms:cn-north-1:210987654321:key/theirs"

// TestARoleMayDoAllThatItsModelNeeds derives what SageMaker will ask of AWS from what is declared to it, and asks the
// policy of the model's role.
func TestARoleMayDoAllThatItsModelNeeds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		config := drawHosting(rt)
		graph := harness.Run(t, program, harness.Stack("dev"), harness.Config(config),
			harness.Reports(vpcEndpointType, "prefixListId", "pl-s3"))
		policy, err := harness.ReadPolicy(graph.Named(t, rolePolicyType, "m").Inputs["policy"].(string))
		require.NoError(t, err)
		asked := &asked{t: t, graph: graph}
		asked.ofModel(graph.Named(t, modelType, "m").Inputs)
		if len(graph.All(configType)) > 0 {
			asked.ofEndpoint(graph.Named(t, configType, "e").Inputs, graph.Named(t, endpointType, "e").Inputs)
		}
		for _, request := range asked.requests {
			if !policy.Allows(request) {
				rt.Fatalf("the role may not %v; settings: %v", request, config)
			}
		}
	})
}

// asked collects what SageMaker asks as the role of a model.
type asked struct {
	t        *testing.T
	graph    *harness.Graph
	requests []harness.Request
}

func (a *asked) add(resource string, context map[string]string, actions ...string) {
	keys := map[string][]string{}
	for key, value := range context {
		keys[key] = []string{value}
	}
	for _, action := range actions {
		a.requests = append(a.requests, harness.Request{Action: action, Resource: resource, Context: keys})
	}
}

// ofModel is what CreateModel and every start of an instance ask.
func (a *asked) ofModel(model map[string]any) {
	for _, container := range append(members(model["primaryContainer"]), members(model["containers"])...) {
		a.ofContainer(container)
	}
	if network := members(model["vpcConfig"]); len(network) > 0 {
		const ec2 = "arn:aws-cn:ec2:cn-north-1:123456789012:"
		for _, id := range append(words(network[0]["subnets"]), words(network[0]["securityGroupIds"])...) {
			kind := "security-group/"
			if !slices.Contains(words(network[0]["securityGroupIds"]), id) {
				kind = "subnet/"
			}
			a.add(ec2+kind+id, nil, "ec2:CreateNetworkInterface")
		}
		a.add(ec2+"network-interface/eni-1", nil, "ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission",
			"ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission")
		a.add("*", nil, "ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups",
			"ec2:DescribeSubnets", "ec2:DescribeVpcs")
	}
	a.add("*", map[string]string{"cloudwatch:namespace": "/aws/sagemaker/Endpoints"}, "cloudwatch:PutMetricData")
}

func (a *asked) ofContainer(container map[string]any) {
	uri, _ := container["image"].(string)
	if config := members(container["imageConfig"]); len(config) > 0 && config[0]["repositoryAccessMode"] == "Vpc" {
		for _, login := range members(config[0]["repositoryAuthConfig"]) {
			a.add(login["repositoryCredentialsProviderArn"].(string), nil, "lambda:InvokeFunction")
		}
	} else if uri != "" {
		image, err := awsref.ParseImage(uri)
		require.NoError(a.t, err)
		a.add(fmt.Sprintf("arn:aws-cn:ecr:%s:%s:repository/%s", image.Region, image.Account, image.Repository), nil,
			"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
		a.add("*", nil, "ecr:GetAuthorizationToken")
	}
	data, _ := container["modelDataUrl"].(string)
	switch {
	case data == "":
	case container["mode"] == "MultiModel":
		a.reads(data, true)
	default:
		a.reads(data, false)
	}
	for _, source := range members(container["modelDataSource"]) {
		for _, s3 := range members(source["s3DataSources"]) {
			a.reads(s3["s3Uri"].(string), s3["s3DataType"] == "S3Prefix")
		}
	}
	environment, _ := container["environment"].(map[string]any)
	for _, value := range environment {
		if text := value.(string); strings.Contains(text, ":secretsmanager:") {
			a.add(text, nil, "secretsmanager:GetSecretValue")
		} else if strings.HasPrefix(text, "s3://") {
			a.reads(text, true)
		}
	}
}

// ofEndpoint is what an endpoint asks while it serves, and while it is updated.
func (a *asked) ofEndpoint(config, endpoint map[string]any) {
	logs := "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/Endpoints/" + endpoint["name"].(string)
	a.add(logs+":log-stream:main/i-1", nil, "logs:CreateLogStream", "logs:PutLogEvents")
	for _, capture := range members(config["dataCaptureConfig"]) {
		a.writes(capture["destinationS3Uri"].(string), capture["kmsKeyId"])
	}
	for _, async := range members(config["asyncInferenceConfig"]) {
		output := members(async["outputConfig"])[0]
		a.writes(output["s3OutputPath"].(string), output["kmsKeyId"])
		a.writes(output["s3FailurePath"].(string), output["kmsKeyId"])
		a.reads("s3://sagehost-dev-batch-bucketv2/e-dev/async-input/1.csv", false)
		for _, topics := range members(output["notificationConfig"]) {
			for _, topic := range []any{topics["successTopic"], topics["errorTopic"]} {
				if topic != nil {
					a.publishes(topic.(string))
				}
			}
		}
	}
	for _, deployment := range members(endpoint["deploymentConfig"]) {
		for _, rollback := range members(deployment["autoRollbackConfiguration"]) {
			for _, alarm := range members(rollback["alarms"]) {
				a.add("arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:"+alarm["alarmName"].(string), nil,
					"cloudwatch:DescribeAlarms")
			}
		}
	}
}

// reads an object, or all beneath a prefix, decrypted under the key of its bucket.
func (a *asked) reads(uri string, prefix bool) {
	bucket, key, ok := s3uri.Split(uri)
	require.True(a.t, ok, uri)
	if prefix {
		a.add("arn:aws-cn:s3:::"+bucket, map[string]string{"s3:prefix": key}, "s3:ListBucket")
		key += "some/object"
	}
	a.add("arn:aws-cn:s3:::"+bucket+"/"+key, nil, "s3:GetObject")
	a.uses(a.keyOf(bucket), "arn:aws-cn:s3:::"+bucket, "/"+key, "kms:Decrypt")
}

// writes objects beneath a prefix, encrypted under the key, or the one of their bucket.
func (a *asked) writes(prefix string, keyID any) {
	bucket, key, ok := s3uri.Split(prefix)
	require.True(a.t, ok, prefix)
	a.add("arn:aws-cn:s3:::"+bucket+"/"+key+"some/object", nil, "s3:PutObject")
	arn, given := keyID.(string)
	if !given {
		arn = a.keyOf(bucket)
	}
	a.uses(arn, "arn:aws-cn:s3:::"+bucket, "/"+key+"some/object", "kms:GenerateDataKey", "kms:Decrypt")
}

// uses a key through Amazon S3, which names the object, or the bucket where that has a bucket key.
func (a *asked) uses(key, bucket, object string, actions ...string) {
	if key == "" {
		return
	}
	for _, about := range []string{bucket, bucket + object} {
		a.add(key, map[string]string{
			"kms:ViaService": "s3.cn-north-1.amazonaws.com.cn", "kms:EncryptionContext:aws:s3:arn": about,
		}, actions...)
	}
}

// keyOf is the key under which a bucket encrypts: none of AWS KMS in one of the stack without a key of its own.
func (a *asked) keyOf(bucket string) string {
	for _, encryption := range a.graph.All(bucketEncryptionType) {
		if encryption.Inputs["bucket"] == bucket {
			rule := members(encryption.Inputs["rules"])[0]
			key, _ := members(rule["applyServerSideEncryptionByDefault"])[0]["kmsMasterKeyId"].(string)
			return key
		}
	}
	return theirKey
}

// publishes to a topic, which is encrypted.
func (a *asked) publishes(topic string) {
	a.add(topic, nil, "sns:Publish")
	key := theirKey
	if own := a.graph.One(a.t, topicType); strings.HasSuffix(topic, ":"+own.Name+"-topic") {
		key = own.Inputs["kmsMasterKeyId"].(string)
	}
	through := map[string]string{"kms:ViaService": "sns.cn-north-1.amazonaws.com.cn"}
	a.add(key, through, "kms:GenerateDataKey", "kms:Decrypt")
}

// members are the objects of a value that is one, or a list of them.
func members(value any) []map[string]any {
	switch v := value.(type) {
	case map[string]any:
		return []map[string]any{v}
	case []any:
		var all []map[string]any
		for _, each := range v {
			all = append(all, members(each)...)
		}
		return all
	default:
		return nil
	}
}

func words(value any) []string {
	var all []string
	for _, each := range value.([]any) {
		all = append(all, each.(string))
	}
	return all
}
