package dataplane_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/require"
)

// BenchmarkColdStart measures how long an endpoint with one container takes from its creation until it is in service
// and has answered once.
func BenchmarkColdStart(b *testing.B) {
	w, _ := serveFlowers(b)
	endpoints := 0
	for b.Loop() {
		endpoints++
		name := fmt.Sprintf("flowers-%d", endpoints)
		w.create(name, "flowers")
		for status := types.EndpointStatusCreating; status != types.EndpointStatusInService; {
			described := w.describe(name)
			status = described.EndpointStatus
			require.NotEqual(b, types.EndpointStatusFailed, status, aws.ToString(described.FailureReason))
			time.Sleep(time.Millisecond)
		}
		w.assertAnswer(flowerSeen, name, flower)
		b.StopTimer()
		_, err := w.sagemaker.DeleteEndpoint(b.Context(), &sagemaker.DeleteEndpointInput{EndpointName: &name})
		require.NoError(b, err)
		b.StartTimer()
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms/start")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkFirstUse measures how long a multi-model endpoint takes to answer with a model that it has to load, and how
// long when it asks that model again.
func BenchmarkFirstUse(b *testing.B) {
	w := newWorld(b)
	many := scoring("s3://" + bucket + "/many/")
	many.Mode = types.ContainerModeMultiModel
	w.upload("many/", nil) // SageMaker takes no prefix without an object
	w.serve("many", many)
	archive, err := os.ReadFile(filepath.Join(root, "examples", "flowers", "model.tar.gz"))
	require.NoError(b, err)
	var first, again latencies
	for b.Loop() {
		b.StopTimer()
		model := fmt.Sprintf("%d.tar.gz", len(first))
		w.upload("many/"+model, archive)
		ask := func() (string, error) {
			out, err := w.invoke(b.Context(), "many", flower, targeting(model))
			if err != nil {
				return "", err
			}
			return string(out.Body), nil
		}
		b.StartTimer()
		first.measure(b, ask)
		again.measure(b, ask)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(microseconds(first.percentile(50))/1e3, "p50-first-ms")
	b.ReportMetric(microseconds(first.percentile(99))/1e3, "p99-first-ms")
	b.ReportMetric(microseconds(again.percentile(50))/1e3, "p50-again-ms")
}
