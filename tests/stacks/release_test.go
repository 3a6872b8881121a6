package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/tests/harness"
)

func TestAModelInSageMakerSaysWhichReleaseItIs(t *testing.T) {
	t.Parallel()
	const id = "a98d0e03cc15c572c829e6a2b629f8325bb3ea737518b1ec27426dc1a19c1b17"
	graph := harness.Run(t, program, harness.Stack("dev"), harness.Config(map[string]string{
		"sagehost:models": `{"flowers": {"release": "` + id + `"}}`,
	}))
	assert.Equal(t, map[string]any{"sagehost:model": "flowers", "sagehost:release": id, "sagehost:stack": "dev"},
		graph.One(t, "aws:sagemaker/model:Model").Inputs["tags"])
	assert.NotContains(t, graph.One(t, "aws:iam/role:Role").Inputs["tags"], "sagehost:release")
}
