package batchrun_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/batchrun"
)

func TestABatchIsFoundByItsParameter(t *testing.T) {
	t.Parallel()
	b := (&world{}).batch(t)
	assert.Equal(t, machine, b.StateMachineARN)
	assert.Equal(t, "stack", b.Bucket)
	assert.Equal(t, "s3://stack/flowers-dev/input/", b.Input.URI())
	assert.Equal(t, "flowers-dev/", b.Folder())
	assert.Equal(t, "s3://stack/flowers-dev/runs/r/output/", b.OutputURI("r"))
}

func TestABatchThatIsNotThereIsRefusedWithThoseThatAre(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		parameters map[string]string
		want       string
	}{
		{nil, `there is no batch "flowers": stack dev has none, or is not deployed`},
		{
			map[string]string{"/sagehost/dev/batch/flower": "", "/sagehost/dev/batch/bees": "", "/sagehost/prod/batch/x": ""},
			`there is no batch "flowers" in stack dev; the batches are bees, flower; did you mean "flower"?`,
		},
		{
			map[string]string{"/sagehost/dev/batch/flowers": "{"}, `batch "flowers" of stack dev: ` +
				`parameter /sagehost/dev/batch/flowers is not JSON: unexpected end of JSON input`,
		},
		{
			map[string]string{"/sagehost/dev/batch/flowers": `{"bucket":"b"}`}, `batch "flowers" of stack dev: ` +
				`parameter /sagehost/dev/batch/flowers lacks stateMachineArn, bucket or runsPrefix`,
		},
	} {
		_, err := batchrun.Find(t.Context(), (&world{parameters: row.parameters}).clients(), "dev", "flowers")
		assert.EqualError(t, err, row.want)
	}
}

func TestAnExecutionIsStartedWithTheInputThatIsAskedFor(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ uri, want string }{
		{"", `{}`},
		{"s3://stack/flowers-dev/input/a.csv", `{"input":{"bucket":"stack","key":"flowers-dev/input/a.csv"}}`},
		{"s3://stack/flowers-dev/input/", `{"input":{"bucket":"stack","prefix":"flowers-dev/input/"}}`},
		{"s3://stack/flowers-dev/input", `{"input":{"bucket":"stack","prefix":"flowers-dev/input/"}}`},
		{"s3://stack/flowers-dev/evaluation/1", `{"input":{"bucket":"stack","prefix":"flowers-dev/evaluation/1/"}}`},
	} {
		w := &world{objects: map[string]int64{
			"stack/flowers-dev/input/": 0, "stack/flowers-dev/input/a.csv": 10, "stack/flowers-dev/evaluation/1/x": 1,
		}}
		run, err := w.batch(t).Start(t.Context(), batchrun.Request{Input: row.uri, Name: "r1"})
		require.NoError(t, err, row.uri)
		assert.Equal(t, "r1", run.Name)
		assert.Equal(t, "arn:r1", run.ARN)
		assert.Equal(t, types.ExecutionStatusRunning, run.Status)
		require.Len(t, w.started, 1)
		assert.JSONEq(t, row.want, aws.ToString(w.started[0].Input))
		assert.Equal(t, machine, aws.ToString(w.started[0].StateMachineArn))
	}
}

func TestTheDeclaredInputMayBeInAnotherBucket(t *testing.T) {
	t.Parallel()
	w := &world{
		parameters: map[string]string{"/sagehost/dev/batch/flowers": `{"stateMachineArn":"` + machine +
			`","bucket":"stack","inputPrefix":"flowers-dev/input/","inputUri":"s3://lake/daily/",` +
			`"runsPrefix":"flowers-dev/runs"}`},
		objects: map[string]int64{"lake/daily/a": 1, "stack/flowers-dev/evaluation/a": 1, "stack/daily/a": 1},
	}
	b := w.batch(t)
	for _, uri := range []string{"", "s3://lake/daily/a", "s3://stack/flowers-dev/evaluation/a"} {
		_, err := b.Start(t.Context(), batchrun.Request{Input: uri})
		assert.NoError(t, err, uri)
	}
	_, err := b.Start(t.Context(), batchrun.Request{Input: "s3://stack/daily/a"})
	assert.ErrorContains(t, err, "the batch may read only beneath s3://lake/daily/, s3://stack/flowers-dev/input/ and "+
		"s3://stack/flowers-dev/evaluation/")
}

func TestTheDeclaredInputMayBeOneObject(t *testing.T) {
	t.Parallel()
	w := &world{
		parameters: map[string]string{"/sagehost/dev/batch/flowers": `{"stateMachineArn":"` + machine +
			`","bucket":"stack","inputPrefix":"flowers-dev/input/","inputUri":"s3://lake/rows.csv",` +
			`"runsPrefix":"flowers-dev/runs"}`},
		objects: map[string]int64{"lake/rows.csv": 1, "lake/rows.csv.bak": 1},
	}
	b := w.batch(t)
	_, err := b.Start(t.Context(), batchrun.Request{})
	assert.NoError(t, err)
	_, err = b.Start(t.Context(), batchrun.Request{Input: "https://lake.s3.eu-west-1.amazonaws.com/rows.csv"})
	assert.NoError(t, err)
	_, err = b.Start(t.Context(), batchrun.Request{Input: "s3://lake/rows.csv.bak"})
	assert.ErrorContains(t, err, "the batch may read only beneath s3://lake/rows.csv, ")
	delete(w.objects, "lake/rows.csv")
	_, err = b.Start(t.Context(), batchrun.Request{})
	assert.ErrorContains(t, err, "there are no objects with content beneath s3://lake/rows.csv, the declared input")
}

func TestAnExecutionIsNamedAnewUnlessItHasAName(t *testing.T) {
	t.Parallel()
	b := (&world{}).batch(t)
	first, err := b.Start(t.Context(), batchrun.Request{})
	require.NoError(t, err)
	assert.Regexp(t, `^manual-\d{8}T\d{6}Z-[0-9a-f]{8}$`, first.Name)
	second, err := b.Start(t.Context(), batchrun.Request{})
	require.NoError(t, err)
	assert.NotEqual(t, first.Name, second.Name)
	assert.Regexp(t, `^evaluate-20261123T120000Z-[0-9a-f]{8}$`, batchrun.NewName("evaluate", noon))
}

func TestWhatCannotBeRunIsRefusedBeforeAnythingStarts(t *testing.T) {
	t.Parallel()
	const only = ": the batch may read only beneath s3://stack/flowers-dev/input/ and s3://stack/flowers-dev/evaluation/"
	const form = ` is not an object or a prefix in Amazon S3; expected one like "s3://stack/flowers-dev/input/rows.csv"`
	full := map[string]int64{"stack/flowers-dev/input/a.csv": 1, "stack/flowers-dev/input/none.csv": 0, "stack/other/a": 1}
	full["stack/flowers-dev/runs/x/output/a.csv.out"] = 1
	for _, row := range []struct {
		objects map[string]int64
		request batchrun.Request
		want    string
	}{
		{
			map[string]int64{"stack/flowers-dev/input/": 0},
			batchrun.Request{},
			"there are no objects with content beneath s3://stack/flowers-dev/input/, the declared input",
		},
		{full, batchrun.Request{Input: "rows.csv"}, `input "rows.csv"` + form},
		{full, batchrun.Request{Input: "s3://stack"}, `input "s3://stack"` + form},
		{full, batchrun.Request{Input: "s3://stack/other/a"}, "input s3://stack/other/a" + only},
		{full, batchrun.Request{Input: "s3://stack/flowers-dev/"}, "input s3://stack/flowers-dev/" + only},
		{
			full,
			batchrun.Request{Input: "s3://stack/flowers-dev/runs/x/output/a.csv.out"},
			"input s3://stack/flowers-dev/runs/x/output/a.csv.out" + only,
		},
		{full, batchrun.Request{Input: "s3://stack/flowers-dev2/a"}, "input s3://stack/flowers-dev2/a" + only},
		{full, batchrun.Request{Input: "s3://b/flowers-dev/input/a"}, "input s3://b/flowers-dev/input/a" + only},
		{
			full,
			batchrun.Request{Input: "s3://stack/flowers-dev/input/none.csv"},
			"input s3://stack/flowers-dev/input/none.csv: there is nothing, or only empty objects",
		},
		{
			full,
			batchrun.Request{Input: "s3://stack/flowers-dev/input/a"},
			"input s3://stack/flowers-dev/input/a: there is nothing, or only empty objects",
		},
		{
			full,
			batchrun.Request{Name: "a b"},
			`the name "a b" is not one of 1 to 80 letters, digits, hyphens and underscores`,
		},
	} {
		w := &world{objects: row.objects}
		_, err := w.batch(t).Start(t.Context(), row.request)
		assert.EqualError(t, err, `batch "flowers" of stack dev: `+row.want)
		assert.Empty(t, w.started)
	}
	_, err := (&world{taken: true}).batch(t).Start(t.Context(), batchrun.Request{Name: "r"})
	assert.EqualError(t, err, `batch "flowers" of stack dev: an execution was named "r" within the last 90 days`)
}

func TestTheLatestExecutionsAreListed(t *testing.T) {
	t.Parallel()
	w := &world{}
	for i, status := range []types.ExecutionStatus{"RUNNING", "SUCCEEDED", "FAILED", "SUCCEEDED"} {
		item := types.ExecutionListItem{Name: aws.String(string(rune('a' + i))), Status: status, StartDate: &noon}
		if status != "RUNNING" {
			item.StopDate = aws.Time(noon.Add(1))
		}
		w.executions = append(w.executions, item)
	}
	runs, err := w.batch(t).List(t.Context(), 3)
	require.NoError(t, err)
	assert.Equal(t, []batchrun.Execution{
		{Name: "a", Status: "RUNNING", Started: noon},
		{
			Name: "b", Status: "SUCCEEDED", Started: noon, Ended: noon.Add(1),
			Output: "s3://stack/flowers-dev/runs/b/output/",
		},
		{Name: "c", Status: "FAILED", Started: noon, Ended: noon.Add(1)},
	}, runs)
}
