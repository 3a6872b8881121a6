package components_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/components/batch"
	"sagehost/tests/harness"
)

// everyMember is a batch in which everything is given that a transform job can be told.
var everyMember = batch.Spec{
	InstanceType: "ml.m5.large", InstanceCount: new(3), Input: "s3://lake/flowers/daily/", ContentType: "text/csv",
	Accept: "text/csv", CompressionType: "Gzip", SplitType: "Line", Strategy: "SingleRecord", AssembleWith: "Line",
	MaxPayloadMB: new(0), MaxConcurrentTransforms: new(8), InvocationsTimeout: new(90 * time.Second),
	InvocationsMaxRetries: new(0), InputFilter: "$[1:]", OutputFilter: "$[0,-1]", JoinSource: "Input",
	Environment: map[string]string{"LOG_LEVEL": "debug"}, Timeout: new(2 * time.Hour),
}

// The file shows the definition as Step Functions reads it.
func TestTheStateMachineIsWhatItsFileSays(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newBatch(everyMember, underKey))
	for _, r := range graph.Resources {
		if r.Type == machineType {
			r.Inputs["definition"] = r.JSON(t, "definition")
		}
	}
	graph.Golden(t, "testdata/batch.json")
}

// Nothing of a definition is left to the time or the order at which it is made.
func TestTheStateMachineIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	first := harness.Run(t, newBatch(everyMember, underKey)).One(t, machineType).Inputs["definition"]
	for range 10 {
		again := harness.Run(t, newBatch(everyMember, underKey)).One(t, machineType).Inputs["definition"]
		assert.Equal(t, first, again)
	}
}
