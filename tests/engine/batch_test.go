package engine_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	s3bucket "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/batch"
	"sagehost/components/model"
)

const (
	testBatch   = "flowers-test"
	testRows    = testFlower + "\n" + testFlower + "\n"
	testAnswers = testAnswer + testAnswer
)

// batchWorld is a batch transform under test: the component in a program of its own, with a model of the examples.
type batchWorld struct {
	*hosted
	states *sfn.Client
	// machine is the state machine's ARN.
	machine string
	// tag is that of the model's image.
	tag string
}

// transformed is a batch transform of lines of CSV.
var transformed = batch.Spec{
	InstanceType: "ml.m5.large", ContentType: "text/csv", Accept: "text/csv", SplitType: "Line",
	Strategy: "SingleRecord", AssembleWith: "Line",
}

func newBatchWorld(t *testing.T, spec batch.Spec) *batchWorld {
	t.Helper()
	h := newHosted(t)
	w := &batchWorld{hosted: h, states: newStates(h.aws.URL()), tag: "1.0.0"}
	w.deployBatch(t, spec)
	return w
}

// program deploys the batch transform with a model.
func (w *batchWorld) program(spec batch.Spec) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		m, err := model.New(ctx, "flowers", &model.Args{
			Spec:    model.Spec{Container: model.Container{Image: testImage + w.tag, Artifact: testArtifact}},
			RoleARN: pulumi.String("arn:aws:iam::123456789012:role/runner"),
		})
		if err != nil {
			return err
		}
		b, err := batch.New(ctx, "flowers", &batch.Args{
			Spec: spec, Name: testBatch, ModelName: m.Name, Bucket: pulumi.String(testBucket),
			TopicARN: pulumi.String("arn:aws:sns:eu-west-1:123456789012:alerts"),
			Tags:     pulumi.StringMap{"team": pulumi.String("vision")},
		})
		if err != nil {
			return err
		}
		ctx.Export("machine", b.StateMachineARN)
		if spec.Arrivals {
			_, err = s3bucket.NewBucketNotification(ctx, "events", &s3bucket.BucketNotificationArgs{
				Bucket: pulumi.String(testBucket), Eventbridge: pulumi.Bool(true),
			})
		}
		return err
	}
}

// deployBatch deploys the batch transform, and returns the number of resources by operation.
func (w *batchWorld) deployBatch(t *testing.T, spec batch.Spec) map[string]int {
	t.Helper()
	w.out.Reset()
	changes, outputs, err := w.openProgram(w.file, w.program(spec)).Up(t.Context())
	require.NoError(t, err, w.out.String())
	w.machine = outputs["machine"].(string)
	return changes
}

// start starts a run under a name.
func (w *batchWorld) start(t *testing.T, name, input string) {
	t.Helper()
	_, err := w.states.StartExecution(t.Context(), &sfn.StartExecutionInput{
		StateMachineArn: &w.machine, Name: &name, Input: &input,
	})
	require.NoError(t, err)
}

// ended waits for the end of a run.
func (w *batchWorld) ended(t *testing.T, name string) *sfn.DescribeExecutionOutput {
	t.Helper()
	arn := strings.Replace(w.machine, ":stateMachine:", ":execution:", 1) + ":" + name
	var run *sfn.DescribeExecutionOutput
	require.Eventually(t, func() bool {
		var err error
		run, err = w.states.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn})
		return err == nil && run.Status != sfntypes.ExecutionStatusRunning
	}, time.Minute, 50*time.Millisecond, name)
	return run
}

// succeeds expects a run to succeed.
func (w *batchWorld) succeeds(t *testing.T, name string) {
	t.Helper()
	run := w.ended(t, name)
	require.Equal(t, sfntypes.ExecutionStatusSucceeded, run.Status, "%s: %s", name, aws.ToString(run.Cause))
}

// failed is the error and the cause of a run that is expected to fail.
func (w *batchWorld) failed(t *testing.T, name string) (problem, cause string) {
	t.Helper()
	run := w.ended(t, name)
	require.Equal(t, sfntypes.ExecutionStatusFailed, run.Status)
	return aws.ToString(run.Error), aws.ToString(run.Cause)
}

// folder is what is in the folder of a run, by the rest of the keys.
func (w *batchWorld) folder(t *testing.T, run string) map[string]string {
	t.Helper()
	prefix := testBatch + "/runs/" + run + "/"
	page, err := w.clients.s3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{
		Bucket: aws.String(testBucket), Prefix: &prefix,
	})
	require.NoError(t, err)
	found := map[string]string{}
	for _, object := range page.Contents {
		answer, err := w.clients.s3.GetObject(t.Context(), &s3.GetObjectInput{
			Bucket: aws.String(testBucket), Key: object.Key,
		})
		require.NoError(t, err)
		content, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		found[strings.TrimPrefix(*object.Key, prefix)] = string(content)
	}
	return found
}

// mark is what a mark in the folder of a run says.
func mark(t *testing.T, text string) map[string]string {
	t.Helper()
	var said map[string]string
	require.NoError(t, json.Unmarshal([]byte(text), &said), text)
	return said
}

// alarmIs waits until an alarm of the batch transform is in a state, and returns it.
func (w *batchWorld) alarmIs(t *testing.T, name string, want cwtypes.StateValue) (alarm cwtypes.MetricAlarm) {
	t.Helper()
	require.Eventually(t, func() bool {
		page, err := w.clients.cloudwatch.DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{
			AlarmNames: []string{testBatch + "." + name},
		})
		if err != nil || len(page.MetricAlarms) != 1 {
			return false
		}
		alarm = page.MetricAlarms[0]
		return alarm.StateValue == want
	}, time.Minute, 50*time.Millisecond, name)
	return alarm
}

// TestABatchTransformLives follows a batch transform on demand from creation over runs of every outcome to destruction.
// The steps build on each other.
func TestABatchTransformLives(t *testing.T) {
	t.Parallel()
	w := newBatchWorld(t, transformed)
	require.Equal(t, map[string]int{"same": 10}, w.deployBatch(t, transformed), "a second update changes nothing")

	t.Run("a run without input is refused before it writes anything", func(t *testing.T) {
		w.start(t, "empty", "{}")
		problem, cause := w.failed(t, "empty")
		assert.Equal(t, "Batch.NoInput: there is nothing at s3://models/flowers-test/input/", problem+": "+cause)
		assert.Empty(t, w.folder(t, "empty"))
		w.refusesInput(t)
	})

	t.Run("two runs at once do not collide", func(t *testing.T) {
		w.store(t, testBatch+"/input/day/a.csv", []byte(testRows))
		w.start(t, "one", "{}")
		w.start(t, "two", "{}")
		jobs := map[string]bool{}
		for _, name := range []string{"one", "two"} {
			w.succeeds(t, name)
			folder := w.folder(t, name)
			success := mark(t, folder["_SUCCESS"])
			delete(folder, "_SUCCESS")
			assert.Equal(t, map[string]string{"output/day/a.csv.out": testAnswers}, folder)
			assert.Regexp(t, `^flowers-test-[0-9a-f]{32}-1$`, success["job"])
			assert.Equal(t, "s3://models/flowers-test/runs/"+name+"/output/", success["output"])
			assert.Equal(t, "s3://models/flowers-test/input/", success["input"])
			assert.Equal(t, name, success["run"])
			jobs[success["job"]] = true
		}
		assert.Len(t, jobs, 2)
		page, err := w.clients.sagemaker.ListTransformJobs(t.Context(), &sagemaker.ListTransformJobsInput{})
		require.NoError(t, err)
		require.Len(t, page.TransformJobSummaries, 2)
		tagged, err := w.clients.sagemaker.ListTags(t.Context(), &sagemaker.ListTagsInput{
			ResourceArn: page.TransformJobSummaries[0].TransformJobArn,
		})
		require.NoError(t, err)
		require.Len(t, tagged.Tags, 1)
		assert.Equal(t, "team=vision", *tagged.Tags[0].Key+"="+*tagged.Tags[0].Value)
	})

	t.Run("exactly one object is transformed if one is named", func(t *testing.T) {
		w.store(t, testBatch+"/evaluation/a", []byte(testFlower+"\n"))
		w.store(t, testBatch+"/evaluation/ab", []byte("poison\n"))
		w.start(t, "object", `{"input": {"bucket": "models", "key": "flowers-test/evaluation/a"}}`)
		w.succeeds(t, "object")
		folder := w.folder(t, "object")
		assert.JSONEq(t, `[{"prefix": "s3://models/"}, "flowers-test/evaluation/a"]`, folder["manifest.json"])
		assert.Equal(t, testAnswer, folder["output/flowers-test/evaluation/a.out"])
		assert.Len(t, folder, 3)
		w.start(t, "no-object", `{"input": {"bucket": "models", "key": "flowers-test/evaluation/"}}`)
		problem, _ := w.failed(t, "no-object")
		assert.Equal(t, "Batch.NoInput", problem, "a folder is no object")
	})

	t.Run("exactly one object is transformed if it is the declared input", func(t *testing.T) {
		declared := transformed
		declared.Input = "https://s3.eu-west-1.amazonaws.com/models/flowers-test/evaluation/a"
		w.deployBatch(t, declared)
		w.start(t, "declared", "{}")
		w.succeeds(t, "declared")
		folder := w.folder(t, "declared")
		assert.JSONEq(t, `[{"prefix": "s3://models/"}, "flowers-test/evaluation/a"]`, folder["manifest.json"])
		assert.Equal(t, testAnswer, folder["output/flowers-test/evaluation/a.out"])
		assert.Len(t, folder, 3)
		w.deployBatch(t, transformed)
	})

	t.Run("a folder that is there already is left alone", func(t *testing.T) {
		w.store(t, testBatch+"/runs/old/_SUCCESS", []byte("{}"))
		w.start(t, "old", "{}")
		problem, cause := w.failed(t, "old")
		assert.Equal(t, "Batch.RunExists: there is a run of the name old already", problem+": "+cause)
		assert.Equal(t, map[string]string{"_SUCCESS": "{}"}, w.folder(t, "old"))
	})

	t.Run("a job that is throttled at first is tried again", func(t *testing.T) {
		w.refuse(t, "ThrottlingException", 2)
		w.speed(t, 60)
		w.start(t, "throttled", "{}")
		w.succeeds(t, "throttled")
		w.speed(t, 1)
		assert.Contains(t, w.folder(t, "throttled"), "_SUCCESS")
	})

	t.Run("a job that finds no instances is tried again under another name", func(t *testing.T) {
		w.put(t, "sagemaker/transform-jobs/next?region="+region, `{"outcome": "capacity"}`)
		w.speed(t, 600)
		w.start(t, "capacity", "{}")
		w.succeeds(t, "capacity")
		w.speed(t, 1)
		w.triedTwice(t, "capacity")
	})

	t.Run("a poisoned record fails the run with its reason and the alarm goes off", func(t *testing.T) {
		w.speed(t, 60)
		w.alarmIs(t, "failed", cwtypes.StateValueOk)
		w.speed(t, 1)
		w.store(t, testBatch+"/evaluation/poisoned/a.csv", []byte(testFlower+"\n1,2,CapacityError,4\n"))
		w.store(t, testBatch+"/evaluation/poisoned/b.csv", []byte(testRows))
		w.start(t, "poisoned", `{"input": {"bucket": "models", "prefix": "flowers-test/evaluation/poisoned/"}}`)
		problem, cause := w.failed(t, "poisoned")
		assert.Equal(t, "Batch.JobFailed", problem)
		const reason = `flowers-test/evaluation/poisoned/a.csv, record 2: ClientError: 400: ` +
			`{"error":"row 1, column 3: \"CapacityError\" is not a finite number"}`
		assert.Contains(t, cause, reason)
		folder := w.folder(t, "poisoned")
		assert.Equal(t, testAnswers, folder["output/b.csv.out"], "what was done before is there")
		require.Len(t, folder, 2, "it is marked as incomplete, and has no mark of success")
		incomplete := mark(t, folder["_INCOMPLETE"])
		assert.Equal(t, "Batch.JobFailed", incomplete["error"])
		assert.Equal(t, cause, incomplete["reason"])
		w.speed(t, 60)
		w.alarmIs(t, "failed", cwtypes.StateValueAlarm)
		w.speed(t, 1)
	})

	require.NoError(t, w.openProgram(w.file, w.program(transformed)).Destroy(t.Context()), w.out.String())
	machines, err := w.states.ListStateMachines(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, machines.StateMachines)
}

func newStates(url string) *sfn.Client {
	return sfn.NewFromConfig(aws.Config{
		Region: region, BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
}
