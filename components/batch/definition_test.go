package batch

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everyMember is a batch in which everything is given that a request can hold.
func everyMember() *program {
	return &program{
		spec: &Spec{
			InstanceType: "ml.m5.large", InstanceCount: new(3), ContentType: "text/csv", Accept: "application/jsonlines",
			CompressionType: "Gzip", SplitType: line, Strategy: "SingleRecord", AssembleWith: line, MaxPayloadMB: new(0),
			MaxConcurrentTransforms: new(8), InvocationsTimeout: new(90 * time.Second), InvocationsMaxRetries: new(0),
			InputFilter: "$[1:]", OutputFilter: "$[0,-1]", JoinSource: inputSource,
			Environment: map[string]string{"LOG_LEVEL": "debug"}, Timeout: new(2 * time.Hour),
		},
		name: "Flowers-prod", partition: "aws-cn", model: "flowers-0123abc", bucket: "batch", inputBucket: "lake",
		input: "flowers/daily/", keyARN: "arn:aws-cn:kms:cn-north-1:123456789012:key/stack",
		tags: map[string]string{"team": "vision", "cost": "1"},
	}
}

// least is a batch in which nothing is given that has a default.
func least() *program {
	return &program{
		spec: &Spec{InstanceType: "ml.m5.large"}, name: "flowers-dev", partition: "aws-cn", model: "flowers-0123abc",
		bucket: "batch", inputBucket: "batch", input: "flowers-dev/input/",
	}
}

// decoded is the definition as Step Functions reads it.
func decoded(t *testing.T, p *program) map[string]any {
	t.Helper()
	text, err := p.definition()
	require.NoError(t, err)
	var definition map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &definition))
	return definition
}

// following are the names of the states that a state can go on to.
func following(t *testing.T, state any) []string {
	t.Helper()
	members, ok := state.(map[string]any)
	require.True(t, ok)
	var names []string
	for _, key := range []string{"Next", "Default"} {
		if name, given := members[key].(string); given {
			names = append(names, name)
		}
	}
	for _, key := range []string{"Choices", "Catch"} {
		list, _ := members[key].([]any)
		for _, element := range list {
			names = append(names, following(t, element)...)
		}
	}
	return names
}

func TestEveryStateIsReachedAndGoesOnOrEnds(t *testing.T) {
	t.Parallel()
	for _, p := range []*program{everyMember(), least()} {
		definition := decoded(t, p)
		states, ok := definition["States"].(map[string]any)
		require.True(t, ok)
		reached := map[string]bool{}
		next := []string{definition["StartAt"].(string)}
		for len(next) > 0 {
			name := next[0]
			next = next[1:]
			require.Contains(t, states, name)
			if reached[name] {
				continue
			}
			reached[name] = true
			following := following(t, states[name])
			state := states[name].(map[string]any)
			ends := state["End"] == true || state["Type"] == "Fail"
			assert.Equal(t, ends, len(following) == 0, "%s goes on to %v", name, following)
			next = append(next, following...)
		}
		assert.Equal(t, slices.Sorted(maps.Keys(states)), slices.Sorted(maps.Keys(reached)))
		assert.Len(t, reached, 44)
	}
}

// fields are what Amazon States Language knows of each type of state in the dialect of JSONPath.
var fields = map[string][]string{
	"Pass": {"Type", "InputPath", "Parameters", "ResultPath", "Next", "End"},
	"Task": {
		"Type", "Resource", "Parameters", "ResultSelector", "ResultPath", "Retry", "Catch", "TimeoutSecondsPath", "Next",
	},
	"Choice": {"Type", "Choices", "Default"},
	"Wait":   {"Type", "Seconds", "SecondsPath", "Next"},
	"Fail":   {"Type", "Error", "ErrorPath", "Cause", "CausePath"},
}

func TestEveryStateHasOnlyFieldsOfItsType(t *testing.T) {
	t.Parallel()
	for name, state := range decoded(t, everyMember())["States"].(map[string]any) {
		members := state.(map[string]any)
		known, ok := fields[members["Type"].(string)]
		require.True(t, ok, name)
		assert.Subset(t, known, slices.Collect(maps.Keys(members)), name)
	}
}

// Each call tries again: all that a state machine asks of AWS can be throttled.
func TestEveryCallIsRetried(t *testing.T) {
	t.Parallel()
	tasks := 0
	for name, state := range decoded(t, least())["States"].(map[string]any) {
		members := state.(map[string]any)
		if members["Type"] != "Task" {
			continue
		}
		tasks++
		assert.NotEmpty(t, members["Retry"], name)
		assert.True(t, strings.HasPrefix(members["Resource"].(string), "arn:aws-cn:states:::"), name)
	}
	assert.Equal(t, 11, tasks)
}

// A prefix would take every object whose key begins like the declared one's.
func TestOneDeclaredObjectGoesIntoAManifest(t *testing.T) {
	t.Parallel()
	p := least()
	p.spec.Input, p.inputBucket, p.input = "s3://lake/rows.csv", "lake", "rows.csv"
	states := decoded(t, p)["States"].(map[string]any)
	assert.Equal(t, object{
		"type": "ManifestFile", "bucket": "lake", "prefix": "rows.csv", "uri": "s3://lake/rows.csv",
		"head": object{"prefix": "s3://lake/"},
	}, states["UseDeclaredInput"].(object)["Parameters"])
}

func TestARequestHoldsOnlyWhatIsGiven(t *testing.T) {
	t.Parallel()
	assert.Equal(t, object{
		"TransformJobName.$": "$.job.name", "ModelName.$": "$.model.ModelName",
		"TransformInput":     object{"DataSource": object{"S3DataSource.$": "$.source"}},
		"TransformOutput":    object{"S3OutputPath.$": "$.job.output"},
		"TransformResources": object{"InstanceType": "ml.m5.large", "InstanceCount": 1},
		"MaxPayloadInMB":     6,
		"ModelClientConfig":  object{"InvocationsTimeoutInSeconds": 600, "InvocationsMaxRetries": 3},
	}, least().request())
}

// The job is stopped, and the run's folder marked, before Step Functions ends the execution.
func TestARunHasTimeToStopItsJobBeforeItEnds(t *testing.T) {
	t.Parallel()
	definition := decoded(t, least())
	states := definition["States"].(map[string]any)
	assert.InDelta(t, 6*3600+300, definition["TimeoutSeconds"], 0)
	assert.InDelta(t, 6*3600, states["Begin"].(map[string]any)["Parameters"].(map[string]any)["left"], 0)
	assert.Equal(t, "$.left", states["Transform"].(map[string]any)["TimeoutSecondsPath"])
	assert.InDelta(t, 6*3600+300, states["AwaitLimit"].(map[string]any)["Seconds"], 0,
		"it is the execution's limit that ends it")
}

// SageMaker refuses a key for a volume that is not there, and takes one for the predictions.
func TestDisksOfInstancesGetNoKey(t *testing.T) {
	t.Parallel()
	p := everyMember()
	p.spec.InstanceType = "ml.g5.xlarge"
	request := p.request()
	assert.NotContains(t, request["TransformResources"], "VolumeKmsKeyId")
	assert.Equal(t, p.keyARN, request["TransformOutput"].(object)["KmsKeyId"])
}
