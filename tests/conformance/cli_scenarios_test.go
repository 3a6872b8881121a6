package conformance_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	role          = "arn:aws:iam::123456789012:role/runner"
	oneVariant    = "VariantName=v,ModelName=m,InstanceType=ml.m5.large,InitialInstanceCount=1"
	describeShop  = `{"EndpointName":"shop"}`
	inService     = `"EndpointStatus":"InService"`
	onlyCompleted = `"TransformJobStatus":"Completed"`
)

// oneContainer has the model of the examples.
func oneContainer(region string) string {
	return "Image=" + registry(region) + "scoring,ModelDataUrl=s3://" + bucket + "/" + modelKey
}

// refused and misused are the exit codes for errors of services and for arguments that are missing: those of version 1
// of the CLI, and of version 2.
var refused, misused = []int{255, 254}, []int{2, 252}

func TestTheAWSCLI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, row := range []struct {
		title, region string
		scenario      func(*cli, *testing.T)
	}{
		{"hosts a model", "eu-west-3", (*cli).hostsAModel},
		{"runs a transform job", "us-west-1", (*cli).runsATransformJob},
		{"invokes asynchronously and scales a variant", "ap-south-1", (*cli).scalesAVariant},
		{"turns pages", "sa-east-1", (*cli).turnsPages},
		{"tells of errors", "ca-west-1", (*cli).tellsErrors},
	} {
		t.Run(row.title, func(t *testing.T) {
			t.Parallel()
			row.scenario(newCLI(t, w, row.region), t)
		})
	}
}

func (c *cli) hostsAModel(t *testing.T) {
	t.Helper()
	model, err := filepath.Abs("../../examples/flowers/model.tar.gz")
	require.NoError(t, err)
	c.does(t, "s3", "mb", "s3://cli-models")
	c.does(t, "s3", "cp", model, "s3://cli-models/flowers/model.tar.gz")
	c.answers(t, `{"ModelArn":`+c.arn("model/m")+`}`, "sagemaker", "create-model", "--model-name", "m",
		"--execution-role-arn", role,
		"--primary-container", "Image="+registry(c.region)+"scoring,ModelDataUrl=s3://cli-models/flowers/model.tar.gz")
	for _, name := range []string{"blue", "green"} {
		c.answers(t, `{"EndpointConfigArn":`+c.arn("endpoint-config/"+name)+`}`, "sagemaker", "create-endpoint-config",
			"--endpoint-config-name", name, "--production-variants", oneVariant)
	}
	c.answers(t, `{"EndpointArn":`+c.arn("endpoint/shop")+`}`, "sagemaker", "create-endpoint",
		"--endpoint-name", "shop", "--endpoint-config-name", "blue")
	c.until(t, inService, "DescribeEndpoint", describeShop)
	c.does(t, "sagemaker", "wait", "endpoint-in-service", "--endpoint-name", "shop")

	require.NoError(t, os.WriteFile(filepath.Join(c.dir, "in.csv"), []byte("5.1,3.5,1.4,0.2\n"), 0o600))
	c.answers(t, `{"ContentType":"text/csv","InvokedProductionVariant":"v"}`, "sagemaker-runtime", "invoke-endpoint",
		"--endpoint-name", "shop", "--content-type", "text/csv", "--body", "fileb://in.csv", "out.csv")
	assert.Equal(t, "setosa,0.9995617568787971\n", c.file(t, "out.csv"))

	c.answers(t, `{"EndpointArn":`+c.arn("endpoint/shop")+`}`, "sagemaker", "update-endpoint",
		"--endpoint-name", "shop", "--endpoint-config-name", "green")
	c.until(t, inService, "DescribeEndpoint", describeShop)
	c.answers(t, `["green","InService",1]`, "sagemaker", "describe-endpoint", "--endpoint-name", "shop",
		"--query", "[EndpointConfigName,EndpointStatus,ProductionVariants[0].CurrentInstanceCount]")

	c.does(t, "sagemaker", "delete-endpoint", "--endpoint-name", "shop")
	c.does(t, "sagemaker", "wait", "endpoint-deleted", "--endpoint-name", "shop")
	for _, name := range []string{"blue", "green"} {
		c.does(t, "sagemaker", "delete-endpoint-config", "--endpoint-config-name", name)
	}
	c.does(t, "sagemaker", "delete-model", "--model-name", "m")
	c.answers(t, `{"Models":[]}`, "sagemaker", "list-models")
}

func (c *cli) runsATransformJob(t *testing.T) {
	t.Helper()
	c.does(t, "sagemaker", "create-model", "--model-name", "m", "--execution-role-arn", role,
		"--primary-container", oneContainer(c.region))
	c.answers(t, `{"TransformJobArn":`+c.arn("transform-job/batch")+`}`, "sagemaker", "create-transform-job",
		"--transform-job-name", "batch", "--model-name", "m",
		"--transform-input", "DataSource={S3DataSource={S3DataType=S3Prefix,S3Uri=s3://"+bucket+"/flowers/two.csv}},"+
			"ContentType=text/csv,SplitType=Line",
		"--transform-output", "S3OutputPath=s3://"+bucket+"/cli-out,AssembleWith=Line",
		"--transform-resources", "InstanceType=ml.m5.large,InstanceCount=1")
	c.until(t, onlyCompleted, "DescribeTransformJob", `{"TransformJobName":"batch"}`)
	c.does(t, "sagemaker", "wait", "transform-job-completed-or-stopped", "--transform-job-name", "batch")
	c.does(t, "s3", "cp", "s3://"+bucket+"/cli-out/two.csv.out", "two.out")
	assert.Equal(t, "setosa,0.9995617568787971\nvirginica,0.999080469856391\n", c.file(t, "two.out"))
	c.answers(t, `[["batch","Completed"]]`, "sagemaker", "list-transform-jobs", "--status-equals", "Completed",
		"--query", "TransformJobSummaries[].[TransformJobName,TransformJobStatus]")
}

func (c *cli) scalesAVariant(t *testing.T) {
	t.Helper()
	c.world.prepareInvocations(t, c.region)
	var accepted struct{ InferenceID, OutputLocation string }
	require.NoError(t, json.Unmarshal([]byte(c.does(t, "sagemaker-runtime", "invoke-endpoint-async",
		"--endpoint-name", "later", "--input-location", "s3://"+bucket+"/flowers/two.csv", "--content-type", "text/csv",
		"--inference-id", "a-3")), &accepted))
	assert.Equal(t, "a-3", accepted.InferenceID)
	path, ok := strings.CutPrefix(accepted.OutputLocation, "s3:/")
	require.True(t, ok, accepted.OutputLocation)
	c.world.until(t, "setosa,0.9995617568787971\nvirginica,0.999080469856391\n",
		request{method: http.MethodGet, service: "s3", region: c.region, path: path})

	target := []string{
		"--service-namespace", "sagemaker", "--resource-id", "endpoint/now/variant/v",
		"--scalable-dimension", "sagemaker:variant:DesiredInstanceCount",
	}
	scaling := func(operation string, more ...string) []string {
		return append(append([]string{"application-autoscaling", operation}, target...), more...)
	}
	c.does(t, scaling("register-scalable-target", "--min-capacity", "1", "--max-capacity", "3")...)
	c.answers(t, `2`, scaling("put-scaling-policy", "--policy-name", "busy", "--policy-type", "TargetTrackingScaling",
		"--target-tracking-scaling-policy-configuration", "TargetValue=70,PredefinedMetricSpecification="+
			"{PredefinedMetricType=SageMakerVariantInvocationsPerInstance}", "--query", "length(Alarms)")...)
	c.answers(t, `[["busy",70.0]]`, scaling("describe-scaling-policies",
		"--query", "ScalingPolicies[].[PolicyName,TargetTrackingScalingPolicyConfiguration.TargetValue]")...)
	c.answers(t, `[["endpoint/now/variant/v",1,3]]`, "application-autoscaling", "describe-scalable-targets",
		"--service-namespace", "sagemaker", "--query", "ScalableTargets[].[ResourceId,MinCapacity,MaxCapacity]")
	c.does(t, scaling("delete-scaling-policy", "--policy-name", "busy")...)
	c.does(t, scaling("deregister-scalable-target")...)
	c.fails(t, refused, "An error occurred (ObjectNotFoundException) when calling the DeregisterScalableTarget "+
		"operation: No scalable target found for service namespace: sagemaker, resource ID: endpoint/now/variant/v, "+
		"scalable dimension: sagemaker:variant:DesiredInstanceCount", scaling("deregister-scalable-target")...)
}

func (c *cli) turnsPages(t *testing.T) {
	t.Helper()
	for _, name := range []string{"a", "b", "c"} {
		got := c.world.call(t, "sagemaker", c.region, "CreateModel", []byte(
			`{"ModelName":"`+name+`","ExecutionRoleArn":"`+role+`","PrimaryContainer":{"Image":"`+
				registry(c.region)+`scoring"}}`))
		require.Equal(t, http.StatusOK, got.status, "%s", got.body)
	}
	list := func(more ...string) []string {
		return append([]string{"sagemaker", "list-models", "--sort-by", "Name", "--sort-order", "Ascending"}, more...)
	}
	c.answers(t, `["a","b","c"]`, list("--page-size", "1", "--query", "Models[].ModelName")...)
	var first struct {
		Models    []struct{ ModelName string }
		NextToken string
	}
	require.NoError(t, json.Unmarshal([]byte(c.does(t, list("--max-items", "2")...)), &first))
	require.Len(t, first.Models, 2)
	require.NotEmpty(t, first.NextToken)
	c.answers(t, `["c"]`, list("--max-items", "2", "--starting-token", first.NextToken,
		"--query", "Models[].ModelName")...)
	c.answers(t, `[]`, "sagemaker", "list-endpoints", "--query", "Endpoints")
	c.answers(t, `[]`, "sagemaker", "list-endpoint-configs", "--query", "EndpointConfigs")
}

func (c *cli) tellsErrors(t *testing.T) {
	t.Helper()
	gone := `"arn:aws:sagemaker:ca-west-1:123456789012:endpoint/gone"`
	c.fails(t, refused, "An error occurred (ValidationException) when calling the CreateModel operation: "+
		"1 validation error detected: Value 'a_b' at 'modelName' failed to satisfy constraint: Member must satisfy regular "+
		`expression pattern: [a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?`,
		"sagemaker", "create-model", "--model-name", "a_b", "--execution-role-arn", role,
		"--primary-container", oneContainer(c.region))
	c.fails(t, refused, "An error occurred (ValidationException) when calling the DescribeEndpoint operation: "+
		"Could not find endpoint "+gone+".", "sagemaker", "describe-endpoint", "--endpoint-name", "gone")
	c.fails(t, refused, "Waiter EndpointInService failed: ",
		"sagemaker", "wait", "endpoint-in-service", "--endpoint-name", "gone")
	c.fails(t, refused, "An error occurred (ValidationException) when calling the DescribeTransformJob operation: "+
		"Could not find requested job with name: gone",
		"sagemaker", "describe-transform-job", "--transform-job-name", "gone")
	c.fails(t, refused, "An error occurred (ValidationError) when calling the InvokeEndpoint operation: "+
		"Endpoint gone of account 123456789012 not found.",
		"sagemaker-runtime", "invoke-endpoint", "--endpoint-name", "gone", "--body", "MQ==", "out")
	c.fails(t, refused, "An error occurred (InvalidNextTokenException) when calling the DescribeScalableTargets "+
		"operation: The next token supplied was invalid.", "application-autoscaling", "describe-scalable-targets",
		"--service-namespace", "sagemaker", "--no-paginate", "--next-token", "x")
	c.fails(t, misused, "--endpoint-config-name", "sagemaker", "create-endpoint", "--endpoint-name", "e")
}
