package dataplane_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// runs is the only state of a machine: it runs a transform job over lines of CSV below "in/" with a model. More are
// further fields of the state.
func runs(model, more string) string {
	return fmt.Sprintf(`{"StartAt":"Job","TimeoutSeconds":3600,"States":{"Job":{
		"Type":"Task","Resource":"arn:aws:states:::sagemaker:createTransformJob.sync","End":true,"Parameters":{
			"TransformJobName.$":"States.Format('{}-{}', $$.Execution.Name, $$.State.RetryCount)",
			"ModelName":%q,"BatchStrategy":"SingleRecord",
			"TransformInput":{"ContentType":"text/csv","SplitType":"Line",
				"DataSource":{"S3DataSource":{"S3DataType":"S3Prefix","S3Uri":"s3://models/in/"}}},
			"TransformOutput":{"S3OutputPath":"s3://models/out","Accept":"text/csv","AssembleWith":"Line"},
			"TransformResources":{"InstanceCount":1,"InstanceType":"ml.m5.large"}}%s}}}`, model, more)
}

const machineARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:batch"

// machine makes the state machine "batch".
func (w *world) machine(definition string) {
	w.tb.Helper()
	_, err := w.sfn.CreateStateMachine(w.tb.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("batch"), Definition: &definition, RoleArn: aws.String(roleARN),
	})
	require.NoError(w.tb, err)
}

// begin starts an execution, and returns its ARN.
func (w *world) begin(name string) string {
	w.tb.Helper()
	started, err := w.sfn.StartExecution(w.tb.Context(), &sfn.StartExecutionInput{
		StateMachineArn: aws.String(machineARN), Name: &name, Input: aws.String("{}"),
	})
	require.NoError(w.tb, err)
	return *started.ExecutionArn
}

// executions is the ARNs of the machine's executions.
func (w *world) executions() []string {
	w.tb.Helper()
	listed, err := w.sfn.ListExecutions(w.tb.Context(), &sfn.ListExecutionsInput{StateMachineArn: aws.String(machineARN)})
	require.NoError(w.tb, err)
	var arns []string
	for _, execution := range listed.Executions {
		arns = append(arns, *execution.ExecutionArn)
	}
	return arns
}

// outcome waits until an execution has ended.
func (w *world) outcome(execution string) *sfn.DescribeExecutionOutput {
	w.tb.Helper()
	var described *sfn.DescribeExecutionOutput
	require.Eventually(w.tb, func() bool {
		var err error
		described, err = w.sfn.DescribeExecution(w.tb.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &execution})
		require.NoError(w.tb, err)
		return described.Status != sfntypes.ExecutionStatusRunning
	}, soon, often)
	return described
}

// history is the types of an execution's events.
func (w *world) history(execution string) []string {
	w.tb.Helper()
	got, err := w.sfn.GetExecutionHistory(w.tb.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &execution})
	require.NoError(w.tb, err)
	var list []string
	for _, event := range got.Events {
		list = append(list, string(event.Type))
	}
	return list
}

// job is a transform job as a state machine shows it.
type job struct {
	TransformJobName, TransformJobStatus, FailureReason string
	CreationTime, TransformEndTime                      int64
}

func jobOf(tb testing.TB, text *string) job {
	tb.Helper()
	var j job
	decode(tb, aws.ToString(text), &j)
	return j
}

func decode(tb testing.TB, text string, into any) {
	tb.Helper()
	require.NoError(tb, json.Unmarshal([]byte(text), into), text)
}

func TestAStateMachineRunsATransformJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("flowers", scoring(w.uploadExample("flowers/model.tar.gz")))
	w.upload("in/a.csv", []byte(flower+"\n"))
	w.machine(runs("flowers", ""))
	execution := w.begin("nightly")
	ended := w.outcome(execution)
	require.Equal(t, sfntypes.ExecutionStatusSucceeded, ended.Status, aws.ToString(ended.Cause))
	done := jobOf(t, ended.Output)
	assert.Equal(t, "nightly-0 Completed", done.TransformJobName+" "+done.TransformJobStatus)
	assert.WithinDuration(t, time.Now(), time.UnixMilli(done.TransformEndTime), time.Hour)
	assert.Equal(t, flowerSeen, w.awaitObject("s3://models/out/a.csv.out"))
	assert.Equal(t, []string{
		"ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded",
		"TaskStateExited", "ExecutionSucceeded",
	}, w.history(execution))
	w.pass(minutes(2))
	for metric, want := range map[string]float64{"ExecutionsStarted": 1, "ExecutionsSucceeded": 1, "ExecutionsFailed": 0} {
		assert.Eventually(t, func() bool {
			return w.totalOf("AWS/States", metric, "StateMachineArn", machineARN).sum == want
		}, soon, often, metric)
	}
	assert.InDelta(t, 1, w.totalOf("AWS/States", "ExecutionTime", "StateMachineArn", machineARN).count, 0)
}

func TestAPoisonedRecordFailsAnExecution(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("flowers", scoring(w.uploadExample("flowers/model.tar.gz")))
	w.upload("in/a.csv", []byte(flower+"\n"+"1,2,poison,4\n"))
	w.machine(runs("flowers", ""))
	execution := w.begin("poisoned")
	ended := w.outcome(execution)
	assert.Equal(t, "FAILED States.TaskFailed", string(ended.Status)+" "+aws.ToString(ended.Error))
	failed := jobOf(t, ended.Cause)
	assert.Equal(t, "Failed", failed.TransformJobStatus)
	assert.Equal(t, "ClientError: See job logs for more information. models/in/a.csv, record 2: ClientError: 400: "+
		`{"error":"row 1, column 3: \"poison\" is not a finite number"}`, strings.TrimSpace(failed.FailureReason))
	events := w.history(execution)
	assert.Equal(t, []string{"TaskSubmitted", "TaskFailed", "ExecutionFailed"}, events[len(events)-3:])
}

func TestAThrottledCreateIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("flowers", scoring(w.uploadExample("flowers/model.tar.gz")))
	w.upload("in/a.csv", []byte(flower+"\n"))
	w.machine(runs("flowers", `,"Retry":[{"ErrorEquals":["SageMaker.AmazonSageMakerException"],"IntervalSeconds":1},
		{"ErrorEquals":["SageMaker.ResourceLimitExceededException"],"IntervalSeconds":1}]`))
	for error, count := range map[string]int{"ThrottlingException": 2, "ResourceLimitExceeded": 1} {
		w.script("PUT", "/_local/faults/"+error, fmt.Sprintf(
			`{"service": "sagemaker", "operation": "CreateTransformJob", "error": %q, "count": %d}`, error, count))
	}
	execution := w.begin("busy")
	ended := w.outcome(execution)
	require.Equal(t, sfntypes.ExecutionStatusSucceeded, ended.Status, aws.ToString(ended.Cause))
	assert.Equal(t, "busy-3", jobOf(t, ended.Output).TransformJobName)
	history, err := w.sfn.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &execution})
	require.NoError(t, err)
	failures := map[string]int{}
	for _, event := range history.Events {
		if details := event.TaskFailedEventDetails; details != nil {
			failures[aws.ToString(details.Error)]++
			assert.Regexp(t, `^.+ \(Service: AmazonSageMaker; Status Code: 400; Error Code: (ThrottlingException|`+
				`ResourceLimitExceeded); Request ID: .*; Proxy: null\)$`, *details.Cause)
		}
	}
	assert.Equal(t, map[string]int{
		"SageMaker.AmazonSageMakerException": 2, "SageMaker.ResourceLimitExceededException": 1,
	}, failures)
}

// blocked makes a model that does not answer, and a record for it. It returns the file that the container makes when
// it gets the record.
func (w *world) blocked() (began string) {
	w.tb.Helper()
	w.model("slow", told("v1"))
	began = filepath.Join(w.dir, "began")
	w.upload("in/a.csv", []byte(order{Began: began, Until: filepath.Join(w.dir, "never")}.String()))
	return began
}

// stops waits until a transform job is stopped.
func (w *world) stops(name string) {
	w.tb.Helper()
	require.Eventually(w.tb, func() bool {
		described, err := w.sagemaker.DescribeTransformJob(w.tb.Context(),
			&sagemaker.DescribeTransformJobInput{TransformJobName: &name})
		require.NoError(w.tb, err)
		return described.TransformJobStatus == types.TransformJobStatusStopped
	}, soon, often)
}

func TestAnExecutionThatTakesTooLongStopsItsJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	began := w.blocked()
	w.machine(runs("slow", `,"TimeoutSeconds":600`))
	execution := w.begin("late")
	awaitFile(t, began)
	w.speed(600)
	ended := w.outcome(execution)
	assert.Equal(t, "FAILED States.Timeout", string(ended.Status)+" "+aws.ToString(ended.Error))
	w.stops("late-0")
	events := w.history(execution)
	assert.Equal(t, []string{"TaskSubmitted", "TaskTimedOut", "ExecutionFailed"}, events[len(events)-3:])
}

func TestAStoppedExecutionStopsItsJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	began := w.blocked()
	w.machine(runs("slow", ""))
	execution := w.begin("unwanted")
	awaitFile(t, began)
	_, err := w.sfn.StopExecution(t.Context(), &sfn.StopExecutionInput{
		ExecutionArn: &execution, Error: aws.String("Enough"), Cause: aws.String("I saw what I wanted."),
	})
	require.NoError(t, err)
	ended := w.outcome(execution)
	assert.Equal(t, "ABORTED Enough I saw what I wanted.",
		string(ended.Status)+" "+aws.ToString(ended.Error)+" "+aws.ToString(ended.Cause))
	w.stops("unwanted-0")
	events := w.history(execution)
	assert.Equal(t, []string{"TaskSubmitted", "ExecutionAborted"}, events[len(events)-2:])
}

func TestAnExecutionGoesOnAfterAKill(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	began := g.blocked()
	g.machine(strings.Replace(runs("slow", `,"Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"Wait"}]`),
		`"States":{`, `"States":{"Wait":{"Type":"Wait","Seconds":3,"End":true},`, 1))
	execution := g.begin("killed")
	awaitFile(t, began)
	g.kill()
	g.start()
	ended := g.outcome(execution)
	require.Equal(t, sfntypes.ExecutionStatusSucceeded, ended.Status, aws.ToString(ended.Cause))
	assert.Contains(t, *ended.Output, "The service was restarted while the job was running.")
	assert.Equal(t, []string{
		"ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskFailed",
		"TaskStateExited", "WaitStateEntered", "WaitStateExited", "ExecutionSucceeded",
	}, g.history(execution))
	machines, err := g.sfn.ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{})
	require.NoError(t, err)
	assert.Len(t, machines.StateMachines, 1)
}

func TestAStateMachineLogsItsFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	logs := cloudwatchlogs.NewFromConfig(configOf(w.url, region))
	_, err := logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/batch")})
	require.NoError(t, err)
	w.speed(2000)
	w.pass(minutes(600))
	_, err = w.sfn.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("batch"), RoleArn: aws.String(roleARN),
		Definition: aws.String(`{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Batch.NoInput"}}}`),
		LoggingConfiguration: &sfntypes.LoggingConfiguration{
			Level: sfntypes.LogLevelFatal,
			Destinations: []sfntypes.LogDestination{{CloudWatchLogsLogGroup: &sfntypes.CloudWatchLogsLogGroup{
				LogGroupArn: aws.String("arn:aws:logs:eu-west-1:123456789012:log-group:/batch:*"),
			}}},
		},
	})
	require.NoError(t, err)
	w.outcome(w.begin("empty"))
	var found *cloudwatchlogs.FilterLogEventsOutput
	require.Eventually(t, func() bool {
		found, err = logs.FilterLogEvents(t.Context(),
			&cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/batch")})
		require.NoError(t, err)
		return len(found.Events) == 1
	}, soon, often)
	assert.Contains(t, *found.Events[0].Message, `"details":{"error":"Batch.NoInput"}`)
}
