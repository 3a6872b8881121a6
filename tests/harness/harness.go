// Package harness runs a Pulumi program without an engine, records the graph it declares, and holds every graph against
// the invariants that must never break.
package harness

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/require"
)

// Where the recorded programs run. The partition is one that a hard-coded "arn:aws:" does not fit.
const (
	Project   = "sagehost"
	Partition = "aws-cn"
	Region    = "cn-north-1"
	Account   = "123456789012"
)

// Option changes how a program is run.
type Option func(*pulumi.RunInfo)

// Config gives the program a configuration, such as "sagehost:models", in the region of the recorded programs unless it
// names another.
func Config(values map[string]string) Option {
	config := map[string]string{"aws:region": Region}
	maps.Copy(config, values)
	return func(info *pulumi.RunInfo) { info.Config = config }
}

// Stack names the stack; "test" where it is not given.
func Stack(name string) Option {
	return func(info *pulumi.RunInfo) { info.Stack = name }
}

// Preview runs the program as a preview does, in which what resources produce is not known yet.
func Preview() Option {
	return func(info *pulumi.RunInfo) { info.DryRun = true }
}

// Run records the graph of a program that must succeed, and checks all invariants.
func Run(tb testing.TB, program pulumi.RunFunc, options ...Option) *Graph {
	tb.Helper()
	graph, err := record(program, options)
	require.NoError(tb, err)
	require.NotEmpty(tb, graph.Resources, "the program registered nothing")
	require.Empty(tb, Violations(graph))
	return graph
}

// Fail runs a program that must fail before it registers anything, and returns its error.
func Fail(t *testing.T, program pulumi.RunFunc, options ...Option) error {
	t.Helper()
	graph, err := record(program, options)
	require.Error(t, err)
	require.Empty(t, graph.Resources, "a program with bad input registered resources")
	return err
}

func record(program pulumi.RunFunc, options []Option) (*Graph, error) {
	mocks := &recorder{}
	graph := &Graph{Exports: map[string]any{}}
	run := func(ctx *pulumi.Context) error {
		if err := registerVPC(ctx); err != nil {
			return err
		}
		if err := program(ctx); err != nil {
			return err
		}
		exports := ctx.GetCurrentExportMap()
		for _, name := range slices.Sorted(maps.Keys(exports)) {
			result, err := internals.UnsafeAwaitOutput(ctx.Context(), pulumi.ToOutput(exports[name]))
			if err != nil {
				return fmt.Errorf("export %q: %w", name, err)
			}
			graph.Exports[name] = result.Value
		}
		return nil
	}
	settle := func(info *pulumi.RunInfo) {
		for _, option := range options {
			option(info)
		}
		mocks.preview = info.DryRun
		mocks.stack = info.Stack
	}
	err := pulumi.RunErr(run, pulumi.WithMocks(Project, "test", mocks), settle)
	graph.Resources = mocks.resources
	slices.SortFunc(graph.Resources, byURN)
	return graph, err
}
