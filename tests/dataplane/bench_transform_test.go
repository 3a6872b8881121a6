package dataplane_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/require"
)

// BenchmarkTransform measures transform jobs over one object of many rows, from their creation to their end, and how
// much memory the process with the gateway and the engine of the jobs takes at most meanwhile, also as a multiple of
// what it took for the object before. Memory grows until the buffers for requests, answers and uploads are full, which
// they are with a million of these rows, and not from there on.
func BenchmarkTransform(b *testing.B) {
	w, _ := serveFlowers(b)
	flowers := newSample(b, w, "flowers")
	jobs := 0
	var smaller memory
	for _, size := range []struct {
		name string
		rows int
	}{{"100k", 100_000}, {"1M", 1_000_000}, {"3M", 3_000_000}} {
		input := w.upload("rows/"+size.name, flowers.rows(size.rows))
		var most memory
		b.Run(size.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				jobs++
				name := fmt.Sprintf("job-%d", jobs)
				end := watchMemory()
				b.StartTimer()
				w.transformRows(name, input)
				b.StopTimer()
				most = most.max(end())
				w.checkOutput(b, flowers, name+"/"+size.name+".out", size.rows)
				b.StartTimer()
			}
			b.ReportMetric(float64(size.rows*b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(most.heap, "peak-heap-MiB")
			b.ReportMetric(most.held, "peak-held-MiB")
			if smaller != (memory{}) {
				b.ReportMetric(most.heap/smaller.heap, "times-heap-before")
				b.ReportMetric(most.held/smaller.held, "times-held-before")
			}
		})
		smaller = most
	}
}

// transformRows runs a job over the lines of an object with the model "flowers", and waits for its end.
func (w *world) transformRows(name, input string) {
	w.tb.Helper()
	_, err := w.sagemaker.CreateTransformJob(w.tb.Context(), &sagemaker.CreateTransformJobInput{
		TransformJobName: &name, ModelName: aws.String("flowers"), BatchStrategy: types.BatchStrategyMultiRecord,
		TransformInput: &types.TransformInput{
			ContentType: aws.String("text/csv"), SplitType: types.SplitTypeLine,
			DataSource: &types.TransformDataSource{S3DataSource: &types.TransformS3DataSource{
				S3DataType: types.S3DataTypeS3Prefix, S3Uri: &input,
			}},
		},
		TransformOutput: &types.TransformOutput{
			S3OutputPath: aws.String("s3://" + bucket + "/" + name), AssembleWith: types.AssemblyTypeLine,
			Accept: aws.String("text/csv"),
		},
		TransformResources: &types.TransformResources{
			InstanceType: types.TransformInstanceTypeMlM5Large, InstanceCount: aws.Int32(1),
		},
	})
	require.NoError(w.tb, err)
	for {
		job, err := w.sagemaker.DescribeTransformJob(w.tb.Context(), &sagemaker.DescribeTransformJobInput{
			TransformJobName: &name,
		})
		require.NoError(w.tb, err)
		if job.TransformJobStatus != types.TransformJobStatusInProgress {
			require.Equal(w.tb, types.TransformJobStatusCompleted, job.TransformJobStatus, aws.ToString(job.FailureReason))
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// checkOutput compares what a job has written.
func (w *world) checkOutput(b *testing.B, flowers sample, key string, rows int) {
	b.Helper()
	output, err := w.s3.GetObject(b.Context(), &s3.GetObjectInput{Bucket: aws.String(bucket), Key: &key})
	require.NoError(b, err)
	defer output.Body.Close()
	flowers.check(b, output.Body, rows)
}
