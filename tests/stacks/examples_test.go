package stacks_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/stackfile"
	"sagehost/tests/harness"
)

// shapes are what each of examples/settings shows, as it stands in the inputs of resources.
var shapes = map[string][]string{
	"asynchronous":        {`"maxConcurrentInvocationsPerInstance":4`, `"minCapacity":0`, `"policyType":"StepScaling"`},
	"callers":             {`\"sagemaker:TargetModel\":\"one/*\"`, `role/partner`},
	"data-capture":        {`"initialSamplingPercentage":10`, `"csvContentTypes":["text/csv"]`},
	"encryption":          {`"kmsKeyArn":"` + exportedARN + `sagehost-example-key"`, `"deletionWindowInDays":30`},
	"model-package":       {`"modelPackageName":"arn:aws-cn:sagemaker:cn-north-1:123456789012:model-package/flowers/3"`},
	"multi-model":         {`"mode":"MultiModel"`, `"modelCacheSetting":"Enabled"`},
	"network":             {`"numberOfAvailabilityZones":3`, `"trafficType":"ALL"`, `"securityGroupIds"`},
	"network-adopted":     {`"subnets":["subnet-0a1b2c3d4e5f60718","subnet-1a2b3c4d5e6f70819"]`},
	"pipeline":            {`"containerHostname":"preprocess"`, `"containerHostname":"scoring"`},
	"pipeline-direct":     {`"mode":"Direct"`},
	"private-registry":    {`"repositoryAccessMode":"Vpc"`, `"lambda:InvokeFunction`},
	"release":             {`@sha256:`},
	"serverless":          {`"provisionedConcurrency":1`, `"SageMakerVariantProvisionedConcurrencyUtilization"`},
	"shadow":              {`"shadowProductionVariants":[`, `"initialVariantWeight":0.5`},
	"single-container":    {`"primaryContainer":`, `"SageMakerVariantInvocationsPerInstance"`},
	"uncompressed-prefix": {`"compressionType":"None"`, `"modelDataDownloadTimeoutInSeconds":1200`},
	"update-canary":       {`"type":"CANARY"`, `"terminationWaitInSeconds":300`},
	"update-linear":       {`"type":"LINEAR"`, `"value":34`},
	"update-rolling":      {`"rollingUpdatePolicy":`, `"maximumExecutionTimeoutInSeconds":7200`},
	"variants": {
		`"initialVariantWeight":9`, `"routingStrategy":"LEAST_OUTSTANDING_REQUESTS"`,
		`"inferenceAmiVersion":"al2-ami-sagemaker-inference-gpu-3-1"`, `"containerStartupHealthCheckTimeoutInSeconds":300`,
	},
}

// exampleFolder is that of the examples of settings.
const exampleFolder = "../../examples/settings"

// abroad moves what settings refer to into the partition and the region of the harness.
var abroad = strings.NewReplacer("arn:aws:", "arn:aws-cn:", "eu-west-1.amazonaws.com", "cn-north-1.amazonaws.com.cn",
	"eu-west-1", "cn-north-1")

// example is the configuration of an example. One that has ARNs is moved into the partition of the harness.
func example(t *testing.T, shape string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	for from, to := range map[string]string{
		filepath.Join(exampleFolder, shape+".yaml"): "Pulumi.example.yaml", "../../Pulumi.yaml": "Pulumi.yaml",
	} {
		text, err := os.ReadFile(from)
		require.NoError(t, err)
		moved := string(text)
		if strings.Contains(moved, "arn:aws:") {
			moved = abroad.Replace(moved)
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, to), []byte(moved), 0o600))
	}
	file, err := stackfile.Load(dir, "example")
	require.NoError(t, err)
	config, err := file.Config()
	require.NoError(t, err)
	return config
}

// lacking are the fragments that are not in a text.
func lacking(text string, fragments []string) []string {
	return slices.DeleteFunc(slices.Clone(fragments), func(f string) bool { return strings.Contains(text, f) })
}

func TestEveryExampleOfSettingsDeclaresItsShape(t *testing.T) {
	t.Parallel()
	for shape, want := range shapes {
		t.Run(shape, func(t *testing.T) {
			t.Parallel()
			there := map[string]any{"vpcId": "vpc-1", "availabilityZone": "cn-north-1a"}
			graph := harness.Run(t, program, harness.Stack("example"), harness.Config(example(t, shape)),
				harness.Answers("aws:ec2/getSubnet:getSubnet", map[string]map[string]any{
					"subnet-0a1b2c3d4e5f60718": there,
					"subnet-1a2b3c4d5e6f70819": {"vpcId": "vpc-1", "availabilityZone": "cn-north-1b"},
				}),
				harness.Answers("aws:ec2/getSecurityGroup:getSecurityGroup", map[string]map[string]any{
					"sg-0a1b2c3d4e5f60718": there,
				}))
			var inputs strings.Builder
			encoder := json.NewEncoder(&inputs)
			encoder.SetEscapeHTML(false)
			for _, r := range graph.Resources {
				require.NoError(t, encoder.Encode(r.Inputs))
			}
			assert.Empty(t, lacking(inputs.String(), want), "what no resource has")
		})
	}
}

func TestEveryExampleOfSettingsIsTestedAndListed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(exampleFolder + "/*")
	require.NoError(t, err)
	var found, links []string
	readme, err := os.ReadFile("../../examples/README.md")
	require.NoError(t, err)
	for _, file := range files {
		shape, isYAML := strings.CutSuffix(filepath.Base(file), ".yaml")
		assert.True(t, isYAML, file)
		found = append(found, shape)
		links = append(links, "(settings/"+shape+".yaml)")
	}
	assert.Empty(t, lacking(string(readme), links), "what the README does not list")
	assert.ElementsMatch(t, slices.Collect(maps.Keys(shapes)), found)
}
