package dataplane_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// transform starts a job over lines of CSV below "in/", whose results go to "out/".
func (w *world) transform(model string, changes ...func(*sagemaker.CreateTransformJobInput)) {
	w.tb.Helper()
	input := &sagemaker.CreateTransformJobInput{
		TransformJobName: aws.String("job"), ModelName: &model,
		TransformInput: &types.TransformInput{
			DataSource: &types.TransformDataSource{S3DataSource: &types.TransformS3DataSource{
				S3DataType: types.S3DataTypeS3Prefix, S3Uri: aws.String("s3://models/in/"),
			}},
			ContentType: aws.String("text/csv"), SplitType: types.SplitTypeLine,
		},
		TransformOutput: &types.TransformOutput{
			S3OutputPath: aws.String("s3://models/out"), Accept: aws.String("text/csv"),
			AssembleWith: types.AssemblyTypeLine,
		},
		TransformResources: &types.TransformResources{
			InstanceCount: aws.Int32(1), InstanceType: types.TransformInstanceTypeMlM5Large,
		},
	}
	for _, change := range changes {
		change(input)
	}
	_, err := w.sagemaker.CreateTransformJob(w.tb.Context(), input)
	require.NoError(w.tb, err)
}

// one sends each record by itself.
func one(in *sagemaker.CreateTransformJobInput) { in.BatchStrategy = types.BatchStrategySingleRecord }

// ended waits until the job is over.
func (w *world) ended() *sagemaker.DescribeTransformJobOutput {
	w.tb.Helper()
	var described *sagemaker.DescribeTransformJobOutput
	require.Eventually(w.tb, func() bool {
		var err error
		described, err = w.sagemaker.DescribeTransformJob(w.tb.Context(),
			&sagemaker.DescribeTransformJobInput{TransformJobName: aws.String("job")})
		require.NoError(w.tb, err)
		return described.TransformJobStatus != types.TransformJobStatusInProgress &&
			described.TransformJobStatus != types.TransformJobStatusStopping
	}, soon, often)
	return described
}

// heldOut is the flowers that no model has seen, with their species in the last column and without the header.
func heldOut(tb testing.TB) string {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join(root, "examples", "flowers", "data", "held-out.csv"))
	require.NoError(tb, err)
	_, rows, _ := strings.Cut(string(text), "\n")
	return rows
}

func TestAJobPredictsFlowersThatNobodyHasSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("flowers", scoring(w.uploadExample("flowers/model.tar.gz")))
	rows := heldOut(t)
	w.upload("in/held-out.csv", []byte(rows))
	w.transform("flowers", func(in *sagemaker.CreateTransformJobInput) {
		in.DataProcessing = &types.DataProcessing{
			InputFilter: aws.String("$[0:4]"), JoinSource: types.JoinSourceInput, OutputFilter: aws.String("$[4,5]"),
		}
	})
	ended := w.ended()
	require.Equal(t, types.TransformJobStatusCompleted, ended.TransformJobStatus, aws.ToString(ended.FailureReason))
	assert.Equal(t, []string{"out/held-out.csv.out"}, w.keys("out/"))
	content, _ := w.object("s3://models/out/held-out.csv.out")
	assert.Equal(t, 29, right(t, content, 30))
	status, progress := w.admin("GET", "/_local/sagemaker/transform-jobs/job/progress?region="+region, "")
	assert.Equal(t, 200, status)
	assert.JSONEq(t, `{"Objects": 1, "TotalObjects": 1, "Bytes": 760, "TotalBytes": 760, "Records": 30}`, progress)
}

func TestAPoisonedRecordFailsAJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("flowers", scoring(w.uploadExample("flowers/model.tar.gz")))
	w.upload("in/a.csv", []byte(flower+"\n"+"1,2,poison,4\n"))
	w.upload("in/b.csv", []byte(flower+"\n"))
	w.transform("flowers", one)
	ended := w.ended()
	assert.Equal(t, types.TransformJobStatusFailed, ended.TransformJobStatus)
	assert.Equal(t, "ClientError: See job logs for more information. models/in/a.csv, record 2: ClientError: 400: "+
		`{"error":"row 1, column 3: \"poison\" is not a finite number"}`,
		strings.TrimSpace(aws.ToString(ended.FailureReason)))
	assert.Equal(t, []string{"out/b.csv.out"}, w.keys("out/"))
	assert.Equal(t, flowerSeen, w.awaitObject("s3://models/out/b.csv.out"))
}

func TestAJobStopsInTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("slow", told("v1"))
	began := filepath.Join(w.dir, "began")
	w.upload("in/a.csv", []byte("first\n"+order{Began: began, Until: filepath.Join(w.dir, "never")}.String()+"\nthird\n"))
	w.transform("slow", one)
	awaitFile(t, began)
	_, progress := w.admin("GET", "/_local/sagemaker/transform-jobs/job/progress?region="+region, "")
	assert.Contains(t, progress, `"Records":1`)
	_, err := w.sagemaker.StopTransformJob(t.Context(),
		&sagemaker.StopTransformJobInput{TransformJobName: aws.String("job")})
	require.NoError(t, err)
	ended := w.ended()
	assert.Equal(t, types.TransformJobStatusStopped, ended.TransformJobStatus)
	assert.Empty(t, aws.ToString(ended.FailureReason))
	assert.Empty(t, w.keys("out/"))
	status, _ := w.admin("GET", "/_local/sagemaker/transform-jobs/other/progress?region="+region, "")
	assert.Equal(t, 404, status)
}

func TestAJobPredictsPenguinsWithAPipeline(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("penguins", w.penguins()...)
	text, err := os.ReadFile(filepath.Join(root, "examples", "penguins", "data", "held-out.csv"))
	require.NoError(t, err)
	_, rows, _ := strings.Cut(string(text), "\n")
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err = writer.Write([]byte(rows))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	w.upload("in/held-out.csv.gz", packed.Bytes())
	w.transform("penguins", func(in *sagemaker.CreateTransformJobInput) {
		in.TransformInput.CompressionType = types.CompressionTypeGzip
		in.MaxConcurrentTransforms = aws.Int32(4)
		in.DataProcessing = &types.DataProcessing{
			InputFilter: aws.String("$[0:6]"), JoinSource: types.JoinSourceInput, OutputFilter: aws.String("$[6,7]"),
		}
	})
	ended := w.ended()
	require.Equal(t, types.TransformJobStatusCompleted, ended.TransformJobStatus, aws.ToString(ended.FailureReason))
	keys := w.keys("out/")
	assert.Equal(t, []string{"out/held-out.csv.gz.out"}, keys)
	content, _ := w.object("s3://models/" + keys[0])
	assert.Equal(t, 66, right(t, content, 67))
}

// right counts the lines whose species is the predicted one.
func right(tb testing.TB, content string, lines int) int {
	tb.Helper()
	all := strings.Split(strings.TrimSuffix(content, "\n"), "\n")
	require.Len(tb, all, lines)
	n := 0
	for _, line := range all {
		species, predicted, found := strings.Cut(line, ",")
		assert.True(tb, found, line)
		if species == predicted {
			n++
		}
	}
	return n
}
