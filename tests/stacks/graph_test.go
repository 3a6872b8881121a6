// Package stacks_test holds the graphs of the repository's own stacks against what they are meant to be.
package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/stackfile"
	"sagehost/stacks"
	"sagehost/tests/harness"
)

// options are how one of the repository's stacks is run.
func options(t *testing.T, stack string) []harness.Option {
	t.Helper()
	file, err := stackfile.Load("../..", stack)
	require.NoError(t, err)
	config, err := file.Config()
	require.NoError(t, err)
	return []harness.Option{
		harness.Stack(stack), harness.Config(config), harness.Reports(vpcEndpointType, "prefixListId", "pl-s3"),
	}
}

// program is run from the repository's root, as Pulumi does.
var program = stacks.In("../..")

// run records the graph of one of the repository's stacks.
func run(t *testing.T, stack string, more ...harness.Option) *harness.Graph {
	t.Helper()
	return harness.Run(t, program, append(options(t, stack), more...)...)
}

func TestTheDevStackIsWhatItsFileDeclares(t *testing.T) {
	t.Parallel()
	run(t, "dev").Golden(t, "testdata/dev.json")
}

func TestTheProdStackIsWhatItsFileDeclares(t *testing.T) {
	t.Parallel()
	run(t, "prod").Golden(t, "testdata/prod.json")
}
