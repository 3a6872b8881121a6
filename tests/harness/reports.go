package harness

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
)

// Reports makes the provider answer with this value for a property of all resources of a type, whatever the program
// asked for: a deployment that AWS took back looks like that.
func Reports(typ, property string, value any) Option {
	return func(info *pulumi.RunInfo) {
		mocks, ok := info.Mocks.(*recorder)
		if !ok {
			return
		}
		if mocks.reports == nil {
			mocks.reports = map[string]resource.PropertyMap{}
		}
		if mocks.reports[typ] == nil {
			mocks.reports[typ] = resource.PropertyMap{}
		}
		mocks.reports[typ][resource.PropertyKey(property)] = resource.NewPropertyValue(value)
	}
}

// RunError runs a program that must fail once its resources are known, and returns its error.
func RunError(t *testing.T, program pulumi.RunFunc, options ...Option) error {
	t.Helper()
	graph, err := record(program, options)
	require.Error(t, err)
	require.NotEmpty(t, graph.Resources, "the program registered nothing")
	return err
}

// Answers makes a function answer with these properties, by the ID that it is asked for.
func Answers(token string, byID map[string]map[string]any) Option {
	return func(info *pulumi.RunInfo) {
		mocks, ok := info.Mocks.(*recorder)
		if !ok {
			return
		}
		if mocks.answers == nil {
			mocks.answers = map[string]map[string]map[string]any{}
		}
		mocks.answers[token] = byID
	}
}
