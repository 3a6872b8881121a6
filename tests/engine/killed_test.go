package engine_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/deploy"
)

// killer kills the engine when AWS has done something and before the engine hears of it.
type killer struct {
	// operation is at which operation of SageMaker it kills; it does so once.
	operation atomic.Value
	engine    func() int
}

func (k *killer) through(aws http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		operation, _ := k.operation.Load().(string)
		if operation == "" || !strings.HasSuffix(r.Header.Get("X-Amz-Target"), "."+operation) {
			aws.ServeHTTP(rw, r)
			return
		}
		k.operation.Store("")
		aws.ServeHTTP(httptest.NewRecorder(), r)
		_ = syscall.Kill(k.engine(), syscall.SIGKILL)
		// Nobody is there to be answered; the provider, which lives on, must not try again.
		rw.WriteHeader(http.StatusBadRequest)
	})
}

// enginePID is the process that changes a stack, which its lock names.
func (w *world) enginePID() int {
	files, err := filepath.Glob(filepath.Join(deploy.BackendDir(w.dir), ".pulumi", "locks", "*", "*", "*", "*.json"))
	require.NoError(w.tb, err)
	require.Len(w.tb, files, 1)
	text, err := os.ReadFile(files[0])
	require.NoError(w.tb, err)
	var lock struct{ PID int }
	require.NoError(w.tb, json.Unmarshal(text, &lock))
	return lock.PID
}

const killedFile = `config:
  aws:region: eu-west-1
  sagehost:models:
    flowers:
      image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1.0.0
      artifactFile: examples/flowers/model.tar.gz
  sagehost:endpoints:
    flowers: {variants: [{name: main, model: flowers, instanceType: ml.m5.large}]}
`

// TestNothingIsLeftOfUpdatesThatWereKilled kills updates in the middle: once when a new model is there, and once when
// its configuration is, of which neither is in the state. What looks like them and is somebody else's stays.
func TestNothingIsLeftOfUpdatesThatWereKilled(t *testing.T) {
	t.Parallel()
	k := &killer{}
	w := newWorldBehind(t, k.through)
	k.engine = w.enginePID
	w.up(w.file("killed", killedFile))
	require.NotContains(t, w.out.String(), "permissions-boundary", "that there is none is no error")
	foreign := w.foreignHosting(t)

	next := w.file("killed", strings.Replace(killedFile, "scoring:1.0.0", "scoring:1.1.0", 1))
	for _, operation := range []string{"CreateModel", "CreateEndpointConfig"} {
		k.operation.Store(operation)
		_, _, err := w.open(next).Up(t.Context())
		require.Error(t, err)
		require.Empty(t, k.operation.Load(), "the update has come to "+operation)
	}
	w.out.Reset()
	w.up(next)
	require.Contains(t, w.out.String(), "An earlier update of stack \"killed\" was killed: taking over its lock.")
	require.Regexp(t, `Deleting endpoint configuration flowers-[0-9a-f]{7} in eu-west-1, which an update of stack `+
		`"killed" that was killed has left behind\.`, w.out.String())

	serving := *w.clients.endpoint(t, "flowers-killed").EndpointConfigName
	configs, err := w.clients.sagemaker.ListEndpointConfigs(t.Context(), nil)
	require.NoError(t, err)
	var names []string
	for _, config := range configs.EndpointConfigs {
		names = append(names, *config.EndpointConfigName)
	}
	require.ElementsMatch(t, append(foreign, serving), names)
	models, err := w.clients.models(t.Context())
	require.NoError(t, err)
	require.Len(t, models, 2, "one that serves, and one of somebody else's")

	changes, err := w.open(next).Drift(t.Context())
	require.NoError(t, err, w.out.String())
	require.Zero(t, changes[deploy.Leftover])
}

// foreignHosting makes a model and configurations that are not the stack's although something of their names or tags
// is, and returns the configurations' names.
func (w *world) foreignHosting(t *testing.T) []string {
	t.Helper()
	model := "other-1a2b3c4"
	_, err := w.clients.sagemaker.CreateModel(t.Context(), &sagemaker.CreateModelInput{
		ModelName: &model, ExecutionRoleArn: new("arn:aws:iam::123456789012:role/other"),
		PrimaryContainer: &types.ContainerDefinition{
			Image: new("123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1.0.0"),
		},
	})
	require.NoError(t, err)
	rows := []struct{ name, stack, endpoint string }{
		{"flowers-0000001", "killed-2", "flowers"}, // of another stack
		{"flowers-0000002", "", ""},                // without tags
		{"flowers-by-hand", "killed", "flowers"},   // with a name that Pulumi does not give
		{"flowers-0000003", "killed", "tulips"},    // with the tags of something else
		{"flowers-0000004", "killed", "flowers"},   // which serves, although no state says so
	}
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = row.name
		input := &sagemaker.CreateEndpointConfigInput{
			EndpointConfigName: &row.name,
			ProductionVariants: []types.ProductionVariant{{
				VariantName: new("main"), ModelName: &model, InstanceType: types.ProductionVariantInstanceTypeMlM5Large,
				InitialInstanceCount: new(int32(1)),
			}},
		}
		if row.stack != "" {
			input.Tags = []types.Tag{
				{Key: new("sagehost:stack"), Value: &row.stack}, {Key: new("sagehost:endpoint"), Value: &row.endpoint},
			}
		}
		_, err := w.clients.sagemaker.CreateEndpointConfig(t.Context(), input)
		require.NoError(t, err)
	}
	_, err = w.clients.sagemaker.CreateEndpoint(t.Context(), &sagemaker.CreateEndpointInput{
		EndpointName: new("copy"), EndpointConfigName: new("flowers-0000004"),
	})
	require.NoError(t, err)
	return names
}
