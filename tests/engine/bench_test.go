package engine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/awsprovider"
	"sagehost/localaws/services/sagemaker"
	"sagehost/stacks"
	"sagehost/tests/harness"
)

// BenchmarkPreview compares the preview of the dev stack with that of the same resources declared without components.
func BenchmarkPreview(b *testing.B) {
	w := newWorld(b, sagemaker.Durations{})
	dev := w.repository("dev")
	for name, program := range map[string]pulumi.RunFunc{"components": stacks.In(root), "flat": flat(b, w)} {
		b.Run(name, func(b *testing.B) {
			stack := w.openProgram(dev, program)
			for b.Loop() {
				w.out.Reset()
				_, err := stack.Preview(b.Context())
				require.NoError(b, err, w.out.String())
			}
		})
	}
}

// flat is a program that declares the resources which the dev stack's components declare, one after the other.
func flat(b *testing.B, w *world) pulumi.RunFunc {
	b.Helper()
	config, err := w.repository("dev").Config()
	require.NoError(b, err)
	graph := harness.Run(b, stacks.In(root), harness.Stack("dev"), harness.Config(config))
	return func(ctx *pulumi.Context) error {
		for i, r := range graph.Resources {
			if !r.Custom {
				continue
			}
			inputs := pulumi.Map{}
			for key, value := range inThisPartition(b, r.Inputs) {
				inputs[key] = pulumi.Any(value)
				if file, ok := value.(map[string]any); ok && key == "source" {
					inputs[key] = pulumi.NewFileAsset(file["path"].(string))
				}
			}
			// Components may have children of the same name; without them, their names would clash.
			name := fmt.Sprintf("%s-%d", r.Name, i)
			var resource pulumi.CustomResourceState
			// The SDK names its version, too: without it, the engine would look for another provider.
			err := ctx.RegisterResource(r.Type, name, inputs, &resource, pulumi.Version(awsprovider.Version))
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// inThisPartition are inputs that the harness recorded, whose ARNs are those of another partition: a state machine with
// them is refused here.
func inThisPartition(b *testing.B, recorded map[string]any) map[string]any {
	b.Helper()
	text, err := json.Marshal(recorded)
	require.NoError(b, err)
	inputs := map[string]any{}
	text = bytes.ReplaceAll(text, []byte("arn:"+harness.Partition+":"), []byte("arn:aws:"))
	require.NoError(b, json.Unmarshal(text, &inputs))
	return inputs
}
