// Package components_test holds the graph of each component against what it is meant to be.
package components_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

// Images and secrets that several tests use. The image is in another account and region than the program.
const (
	digest    = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	image     = "210987654321.dkr.ecr.cn-northwest-1.amazonaws.com.cn/team/flowers@" + digest
	artifact  = "s3://models/flowers/1.0.0/model.tar.gz"
	secretARN = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:flowers-AbCdEf"
	topicARN  = "arn:aws-cn:sns:cn-north-1:123456789012:alerts"
	stackKey  = "arn:aws-cn:kms:cn-north-1:123456789012:key/stack"
)

var tags = pulumi.StringMap{"team": pulumi.String("vision")}

// wantTags are the tags as an input.
const wantTags = `"tags": {"team": "vision"}`

// unknown is an input that is not known in a preview, as JSON.
const unknown = `"` + harness.Unknown + `"`

// declaration maps "type name" to the inputs of a resource as JSON, in which policies are objects.
type declaration map[string]string

// requireDeclares expects of a graph exactly these resources with exactly these inputs.
func requireDeclares(t *testing.T, graph *harness.Graph, want declaration) {
	t.Helper()
	have := map[string]harness.Resource{}
	for _, r := range graph.Resources {
		have[r.Type+" "+r.Name] = r
	}
	require.Len(t, have, len(graph.Resources))
	require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(have)))
	for key, inputs := range want {
		assert.JSONEq(t, inputs, readable(t, have[key]), key)
	}
}

// readable is a resource's inputs as JSON, with the policies in it decoded.
func readable(t *testing.T, r harness.Resource) string {
	t.Helper()
	inputs := maps.Clone(r.Inputs)
	for _, policy := range []string{"policy", "assumeRolePolicy", "resourcePolicy"} {
		if text, ok := inputs[policy]; ok && text != harness.Unknown {
			inputs[policy] = r.JSON(t, policy)
		}
	}
	text, err := json.Marshal(inputs)
	require.NoError(t, err)
	return string(text)
}

// requireUnder expects that one component of a type stands under the stack, and everything else under the component.
func requireUnder(t *testing.T, graph *harness.Graph, component string) {
	t.Helper()
	parent := graph.One(t, component)
	assert.Contains(t, parent.Parent, "::pulumi:pulumi:Stack::")
	for _, r := range graph.Resources {
		if r.Custom {
			assert.Equal(t, parent.URN, r.Parent, r.URN)
		}
	}
}

// requireFails expects that a program registers nothing and fails with exactly these lines, which the SDK wraps.
func requireFails(t *testing.T, program pulumi.RunFunc, lines ...string) {
	t.Helper()
	want := "1 error occurred:\n\t* " + strings.Join(lines, "\n") + "\n\n"
	assert.EqualError(t, harness.Fail(t, program), want)
}

// protected are the types of the resources that are protected.
func protected(graph *harness.Graph) []string {
	var types []string
	for _, r := range graph.Resources {
		if r.Protect {
			types = append(types, r.Type)
		}
	}
	return types
}

// before are the URNs of what must be there before a resource, directly or not.
func before(graph *harness.Graph, urn string) []string {
	var urns []string
	for _, r := range graph.Resources {
		if r.URN != urn {
			continue
		}
		for _, dependency := range r.Dependencies {
			urns = append(append(urns, dependency), before(graph, dependency)...)
		}
	}
	return urns
}
