package dataplane_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/cloud"
	"sagehost/internal/measure/batchrun"
	"sagehost/internal/measure/evaluation"
	"sagehost/internal/measure/evaluation/report"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
)

// machine stands for a state machine whose executions are one transform job each, over the object they are given.
type machine struct {
	batchrun.States
	w *world
	// job is what the jobs have in common.
	job sagemaker.CreateTransformJobInput
	// inputs are those of the executions, and requests those for their jobs, by the executions' names.
	inputs, requests map[string]*string
}

// executions begin the ARNs of the executions.
const executions = "arn:aws:states:us-east-1:123456789012:execution:b-dev:"

// batch is a batch "b" of a stack "dev", which is found as those of stacks are.
func (w *world) batch(model string, changes ...func(*sagemaker.CreateTransformJobInput)) *batchrun.Batch {
	w.tb.Helper()
	m := &machine{w: w, inputs: map[string]*string{}, requests: map[string]*string{}}
	m.job = sagemaker.CreateTransformJobInput{
		ModelName:      &model,
		TransformInput: &types.TransformInput{ContentType: aws.String("text/csv"), SplitType: types.SplitTypeLine},
		TransformOutput: &types.TransformOutput{
			Accept: aws.String("text/csv"), AssembleWith: types.AssemblyTypeLine,
		},
		TransformResources: &types.TransformResources{
			InstanceCount: aws.Int32(1), InstanceType: types.TransformInstanceTypeMlM5Large,
		},
	}
	for _, change := range changes {
		change(&m.job)
	}
	config := cloud.Local(w.url, region)
	_, err := ssm.NewFromConfig(config).PutParameter(w.tb.Context(), &ssm.PutParameterInput{
		Name: aws.String("/sagehost/dev/batch/b"), Type: ssmtypes.ParameterTypeString, Value: aws.String(
			`{"stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:b-dev","bucket":"` + bucket +
				`","inputPrefix":"b-dev/input/","runsPrefix":"b-dev/runs/"}`),
	})
	require.NoError(w.tb, err)
	reach := batchrun.NewClients(config)
	reach.States = m
	b, err := batchrun.Find(w.tb.Context(), reach, "dev", "b")
	require.NoError(w.tb, err)
	return b
}

func (m *machine) DescribeStateMachine(
	context.Context, *sfn.DescribeStateMachineInput, ...func(*sfn.Options),
) (*sfn.DescribeStateMachineOutput, error) {
	parameters, err := json.Marshal(m.job)
	if err != nil {
		return nil, err
	}
	definition := `{"States":{"Transform":{"Parameters":` + string(parameters) + `}}}`
	return &sfn.DescribeStateMachineOutput{Definition: &definition}, nil
}

func (m *machine) StartExecution(
	ctx context.Context, in *sfn.StartExecutionInput, _ ...func(*sfn.Options),
) (*sfn.StartExecutionOutput, error) {
	var given struct{ Input struct{ Bucket, Key string } }
	if err := json.Unmarshal([]byte(aws.ToString(in.Input)), &given); err != nil {
		return nil, err
	}
	run := "b-dev/runs/" + aws.ToString(in.Name) + "/"
	manifest := fmt.Sprintf(`[{"prefix":"s3://%s/"},%q]`, given.Input.Bucket, given.Input.Key)
	job, source, output := m.job, *m.job.TransformInput, *m.job.TransformOutput
	source.DataSource = &types.TransformDataSource{S3DataSource: &types.TransformS3DataSource{
		S3DataType: types.S3DataTypeManifestFile, S3Uri: aws.String(m.w.upload(run+"manifest.json", []byte(manifest))),
	}}
	output.S3OutputPath = aws.String("s3://" + bucket + "/" + run + "output/")
	job.TransformJobName, job.TransformInput, job.TransformOutput = in.Name, &source, &output
	if _, err := m.w.sagemaker.CreateTransformJob(ctx, &job); err != nil {
		return nil, err
	}
	request, err := json.Marshal(job)
	if err != nil {
		return nil, err
	}
	m.inputs[aws.ToString(in.Name)], m.requests[aws.ToString(in.Name)] = in.Input, aws.String(string(request))
	return &sfn.StartExecutionOutput{
		ExecutionArn: aws.String(executions + aws.ToString(in.Name)), StartDate: aws.Time(m.w.clock.Now()),
	}, nil
}

func (m *machine) DescribeExecution(
	ctx context.Context, in *sfn.DescribeExecutionInput, _ ...func(*sfn.Options),
) (*sfn.DescribeExecutionOutput, error) {
	name := strings.TrimPrefix(aws.ToString(in.ExecutionArn), executions)
	if m.inputs[name] == nil {
		return nil, &sfntypes.ExecutionDoesNotExist{}
	}
	job, err := m.w.sagemaker.DescribeTransformJob(ctx,
		&sagemaker.DescribeTransformJobInput{TransformJobName: &name})
	if err != nil {
		return nil, err
	}
	out := &sfn.DescribeExecutionOutput{
		Status: sfntypes.ExecutionStatusRunning, StartDate: job.CreationTime, StopDate: job.TransformEndTime,
		Input: m.inputs[name],
	}
	switch job.TransformJobStatus {
	case types.TransformJobStatusCompleted:
		out.Status = sfntypes.ExecutionStatusSucceeded
	case types.TransformJobStatusFailed:
		cause, err := json.Marshal(job)
		if err != nil {
			return nil, err
		}
		out.Status, out.Error = sfntypes.ExecutionStatusFailed, aws.String("States.TaskFailed")
		out.Cause = aws.String(string(cause))
	default:
	}
	return out, nil
}

func (m *machine) GetExecutionHistory(
	_ context.Context, in *sfn.GetExecutionHistoryInput, _ ...func(*sfn.Options),
) (*sfn.GetExecutionHistoryOutput, error) {
	return &sfn.GetExecutionHistoryOutput{Events: []sfntypes.HistoryEvent{{
		TaskScheduledEventDetails: &sfntypes.TaskScheduledEventDetails{
			Resource:   aws.String("createTransformJob.sync"),
			Parameters: m.requests[strings.TrimPrefix(aws.ToString(in.ExecutionArn), executions)],
		},
	}}}, nil
}

func example(path string) string { return filepath.Join(root, "examples", filepath.FromSlash(path)) }

func TestTheShippedModelHasTheMetricsThatFormulasGive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("flowers", scoring(w.uploadExample("flowers/model.tar.gz")))
	var steps []string
	result, err := evaluation.Run(t.Context(), evaluation.Request{
		Batch: w.batch("flowers", func(in *sagemaker.CreateTransformJobInput) {
			in.TransformOutput.Accept = aws.String("application/jsonlines")
		}),
		Objects: w.s3, Data: example("flowers/data/held-out.csv"), Label: "species",
		Watch: batchrun.Watch{Counts: batchrun.LocalCounts(w.url, region)},
		Step:  func(text string) { steps = append(steps, strings.Fields(text)[0]) },
	})
	require.NoError(t, err)
	// Computed in another language from the model's weights, by the formulas of the metrics.
	assert.InDeltaMapValues(t, map[string]float64{
		"accuracy": 29. / 30, "precision": 0.9696969696969697, "recall": 0.9666666666666667, "f1": 0.9665831244778613,
		"logLoss": 0.07713105604477809, "auc": 1,
	}, result.Summary.Values, 1e-14)
	assert.Equal(t, 29./30, result.Summary.Values["accuracy"])
	assert.Equal(t, [][]int64{{10, 0, 0}, {0, 10, 0}, {0, 1, 9}}, result.Summary.Confusion)
	assert.Equal(t, "b5e47a8ae49c", result.Data[:12])
	assert.Equal(t, int64(30), *result.Outcome.Records)
	assert.Equal(t, &batchrun.Size{Objects: 1, Bytes: 480}, result.Outcome.Read)
	assert.Equal(t, []string{"reading", "writing", "running", "comparing"}, steps)

	limits := gates.Evaluation{"accuracy": {Min: new(0.9), MaxDrop: new(0.01)}}
	before := result.Measured()
	judgement := limits.Judge(result.Measured(), &before)
	assert.Equal(t, release.Pass, judgement.Result)
	var page bytes.Buffer
	require.NoError(t, (&report.Report{Model: "flowers", Stack: "dev", Result: result, Judgement: judgement}).Write(&page))
	assert.Contains(t, page.String(), `<td class="n">0.966667</td>`)
}

func TestAModelIsEvaluatedThroughABatchThatJoinsAndFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("petals", scoring(w.uploadExample("flowers/petals.tar.gz")))
	result, err := evaluation.Run(t.Context(), evaluation.Request{
		Batch: w.batch("petals", func(in *sagemaker.CreateTransformJobInput) {
			in.DataProcessing = &types.DataProcessing{
				InputFilter: aws.String("$[2:]"), JoinSource: types.JoinSourceInput,
			}
		}),
		Objects: w.s3, Data: example("flowers/data/held-out.csv"), Label: "species",
	})
	require.NoError(t, err)
	assert.Equal(t, 28./30, result.Summary.Values["accuracy"])
	assert.Equal(t, [][]int64{{10, 0, 0}, {0, 10, 0}, {0, 2, 8}}, result.Summary.Confusion)
	assert.Contains(t, result.Summary.Missing, "logLoss")
	assert.NotContains(t, result.Summary.Values, "logLoss")
}

func TestAPipelineIsEvaluatedOnAnObjectThroughCompressedInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("penguins", w.penguins()...)
	held, err := os.ReadFile(example("penguins/data/held-out.csv"))
	require.NoError(t, err)
	request := evaluation.Request{
		Batch: w.batch("penguins", func(in *sagemaker.CreateTransformJobInput) {
			in.TransformInput.CompressionType = types.CompressionTypeGzip
		}),
		Objects: w.s3, Data: w.upload("data/penguins.csv", held), Label: "species",
	}
	result, err := evaluation.Run(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, 66./67, result.Summary.Values["accuracy"])
	assert.Equal(t, int64(67), result.Summary.Rows)

	// The island "Atlantis" is none that the model knows.
	request.Data = w.upload("data/atlantis.csv", bytes.Replace(held, []byte("\nTorgersen,"), []byte("\nAtlantis,"), 1))
	_, err = evaluation.Run(t.Context(), request)
	require.ErrorContains(t, err, "ended with FAILED: States.TaskFailed: ClientError: See job logs for more information.")
	assert.ErrorContains(t, err, "Atlantis")
}

// Nothing but what tests have put there is in the bucket when an evaluation has been refused.
func TestAHeldOutSetThatIsNotSoundIsNotWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	batch := w.batch("none")
	file := filepath.Join(w.dir, "held-out.csv")
	require.NoError(t, os.WriteFile(file, []byte("a,b\n1,x\n2\n"), 0o600))
	for label, want := range map[string]string{
		"b": file + ": line 3: has 1 columns, the header has 2",
		"c": file + `: has no column "c" for the label; did you mean "a"?`,
	} {
		_, err := evaluation.Run(t.Context(), evaluation.Request{Batch: batch, Objects: w.s3, Data: file, Label: label})
		require.EqualError(t, err, want)
	}
	listed, err := w.s3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(bucket)})
	require.NoError(t, err)
	assert.Empty(t, listed.Contents)
}
