package previewreport_test

import (
	"errors"
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/previewreport"
)

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

type values = map[string]any

// collected is the report of a preview in which these steps were told.
func collected(steps ...apitype.StepEventMetadata) *previewreport.Report {
	collector := previewreport.NewCollector(previewreport.Preview, "dev")
	for _, step := range steps {
		collector.Tell(events.EngineEvent{EngineEvent: apitype.EngineEvent{
			ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: step},
		}})
	}
	return collector.Report(nil)
}

func urn(typ, name string) string {
	return "urn:pulumi:dev::sagehost::sagehost:x:X$" + typ + "::" + name
}

func step(op apitype.OpType, typ, name string, before, after values) apitype.StepEventMetadata {
	s := apitype.StepEventMetadata{Op: op, URN: urn(typ, name), Type: typ}
	if before != nil {
		s.Old = &apitype.StepEventStateMetadata{Type: typ, URN: s.URN, Parent: "component " + name, Inputs: before}
		s.Old.ID, _ = before["name"].(string)
	}
	if after != nil {
		s.New = &apitype.StepEventStateMetadata{Type: typ, URN: s.URN, Parent: "component " + name, Inputs: after}
	}
	return s
}

const (
	modelType    = "aws:sagemaker/model:Model"
	configType   = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
	endpointType = "aws:sagemaker/endpoint:Endpoint"
)

func serves(model string, more ...values) values {
	variant := values{"variantName": "main", "modelName": model}
	for _, members := range more {
		maps.Copy(variant, members)
	}
	return values{"productionVariants": []any{variant}}
}

func container(image string) values { return values{"primaryContainer": values{"image": image}} }

// updated is an endpoint whose configuration changes.
func updated(deployment values) apitype.StepEventMetadata {
	s := step(apitype.OpUpdate, endpointType, "flowers", values{"name": "flowers-dev"},
		values{"name": "flowers-dev", "deploymentConfig": deployment})
	s.Diffs = []string{"endpointConfigName"}
	return s
}

func TestHowAnEndpointIsUpdatedIsToldInWords(t *testing.T) {
	t.Parallel()
	blueGreen := func(shift values) values {
		return values{"blueGreenUpdatePolicy": values{"trafficRoutingConfiguration": shift}}
	}
	percent := values{"type": "CAPACITY_PERCENT", "value": 10.0}
	two := values{"type": "INSTANCE_COUNT", "value": 2.0}
	for want, test := range map[string]struct {
		deployment values
		after      values
	}{
		"all at once":                    {nil, serves(unknown)},
		"all at once, without instances": {nil, serves(unknown, values{"serverlessConfig": values{}})},
		"canary: 10 % of the capacity first, 60 s of watching after it": {
			blueGreen(values{"type": "CANARY", "canarySize": percent, "waitIntervalInSeconds": 60.0}), serves(unknown),
		},
		"linear: 2 instances in each step": {
			blueGreen(values{"type": "LINEAR", "linearStepSize": two, "waitIntervalInSeconds": 0.0}), serves(unknown),
		},
		"rolling: 2 instances at a time, 30 s of watching after it": {
			values{"rollingUpdatePolicy": values{"maximumBatchSize": two, "waitIntervalInSeconds": 30.0}}, serves(unknown),
		},
	} {
		report := collected(updated(test.deployment),
			step(apitype.OpReplace, configType, "flowers", serves("flowers-1"), test.after))
		require.Len(t, report.Endpoints, 1)
		assert.Equal(t, want, report.Endpoints[0].How)
	}
}

func TestAnUpdateThatScalingMustPauseForSaysSo(t *testing.T) {
	t.Parallel()
	const fleetsType, targetType = "pulumi:index:Stash", "aws:appautoscaling/target:Target"
	how := func(fleets apitype.OpType, scaled string) string {
		target := values{"resourceId": "endpoint/" + scaled + "/variant/main"}
		report := collected(updated(nil),
			step(apitype.OpReplace, configType, "flowers", serves("flowers-1"), serves(unknown)),
			step(fleets, fleetsType, "flowers", values{}, values{}), step(apitype.OpReplace, targetType, "x", target, target))
		return report.Endpoints[0].How
	}
	assert.Equal(t, "all at once; not scaled meanwhile", how(apitype.OpReplace, "flowers-dev"))
	assert.Equal(t, "all at once", how(apitype.OpSame, "flowers-dev"), "the same instances")
	assert.Equal(t, "all at once", how(apitype.OpReplace, "flowers-dev-2"), "another endpoint is scaled")
}

func TestAnEndpointThatServesAnotherModelSaysWhich(t *testing.T) {
	t.Parallel()
	models := []apitype.StepEventMetadata{
		step(apitype.OpSame, modelType, "flowers", values{"name": "flowers-1"}, values{"name": "flowers-1"}),
		step(apitype.OpSame, modelType, "petals", values{"name": "petals-1"}, values{"name": "petals-1"}),
	}
	report := collected(append(models, updated(nil),
		step(apitype.OpReplace, configType, "flowers", serves("flowers-1"), serves("petals-1")))...)
	require.Len(t, report.Endpoints, 1)
	assert.Equal(t, []previewreport.Model{{Name: "petals"}}, report.Endpoints[0].Models)
}

func TestValuesThatCannotBeShownAreNot(t *testing.T) {
	t.Parallel()
	sealed := values{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": `"hunter2"`}
	for want, image := range map[string]any{
		"(secret)":  sealed,
		"(unknown)": unknown,
		"scoring:2": "scoring:2",
	} {
		checkShown(t, want, image)
	}
	checkShown(t, "(secret)", "[secret]")
}

func checkShown(t *testing.T, want string, image any) {
	t.Helper()
	after := container("")
	after["primaryContainer"] = values{"image": image, "environment": values{"KEY": "hunter2"}}
	before := container("scoring:1")
	before["name"] = "flowers-1"
	report := collected(updated(nil), step(apitype.OpReplace, modelType, "flowers", before, after),
		step(apitype.OpReplace, configType, "flowers", serves("flowers-1"), serves(unknown)))
	assert.Equal(t, []previewreport.Model{{
		Name: "flowers", Differences: []previewreport.Difference{{What: "image", From: "scoring:1", To: want}},
	}}, report.Endpoints[0].Models)
	text, err := report.Encode()
	require.NoError(t, err)
	assert.NotContains(t, string(text), "hunter2")
}

func TestOnlyWhatHoldsDataIsWarnedOf(t *testing.T) {
	t.Parallel()
	kept := step(apitype.OpDelete, "aws:kms/key:Key", "kept", values{}, nil)
	kept.Old.RetainOnDelete = true
	guarded := step(apitype.OpReplace, "aws:s3/bucketV2:BucketV2", "guarded", values{}, values{})
	guarded.Old.Protect = true
	report := collected(kept, guarded,
		step(apitype.OpReplace, "aws:s3/bucketObjectv2:BucketObjectv2", "archive", values{}, values{}),
		step(apitype.OpDelete, "aws:s3/bucketObjectv2:BucketObjectv2", "last", values{}, nil),
		step(apitype.OpDelete, "aws:sns/topic:Topic", "topic", values{}, nil),
		step(apitype.OpUpdate, "aws:kms/key:Key", "key", values{}, values{}))
	lost := map[string]string{}
	for _, change := range report.Changes {
		lost[change.Name] = change.Data
		assert.Equal(t, change.Name == "guarded", change.Protected, change.Name)
	}
	assert.Equal(t, map[string]string{
		"kept": "", "guarded": "its objects", "archive": "", "last": "the object", "topic": "", "key": "",
	}, lost)
}

func TestAReplacementIsOneChange(t *testing.T) {
	t.Parallel()
	report := collected(
		step("create-replacement", modelType, "a", values{}, values{}),
		step(apitype.OpReplace, modelType, "a", values{}, values{}),
		step("delete-replaced", modelType, "a", values{}, nil), step(apitype.OpSame, modelType, "b", values{}, values{}),
	)
	require.Len(t, report.Changes, 1)
	assert.Equal(t, "replace", report.Changes[0].Op)
	assert.Equal(t, 1, report.Unchanged)
}

func TestEachPropertyThatDiffersHasALine(t *testing.T) {
	t.Parallel()
	updated := step(apitype.OpUpdate, "aws:cloudwatch/metricAlarm:MetricAlarm", "latency", values{}, values{})
	updated.DetailedDiff = map[string]apitype.PropertyDiff{
		"threshold": {Kind: apitype.DiffUpdate}, "alarmActions[0]": {Kind: apitype.DiffUpdate},
	}
	replaced := step(apitype.OpReplace, modelType, "flowers", values{}, values{})
	replaced.DetailedDiff = map[string]apitype.PropertyDiff{
		"primaryContainer.image": {Kind: apitype.DiffUpdateReplace}, "tags.team": {Kind: apitype.DiffAdd},
	}
	replaced.Keys = []string{"primaryContainer.image"}
	report := collected(updated, replaced, step(apitype.OpCreate, modelType, "new", nil, values{}),
		step(apitype.OpSame, modelType, "same", values{}, values{}), step(apitype.OpDelete, "aws:sns/topic:Topic", "old",
			values{}, nil))
	assert.Equal(t, []string{
		"update aws:cloudwatch/metricAlarm:MetricAlarm latency: alarmActions[0]",
		"update aws:cloudwatch/metricAlarm:MetricAlarm latency: threshold",
		"replace aws:sagemaker/model:Model flowers: primaryContainer.image (replaces it)",
		"replace aws:sagemaker/model:Model flowers: tags.team",
		"delete aws:sns/topic:Topic old",
	}, report.Lines())
}

func TestErrorsAreToldOnceAndWithoutSecrets(t *testing.T) {
	t.Parallel()
	collector := previewreport.NewCollector(previewreport.Preview, "dev")
	for _, diagnostic := range []apitype.DiagnosticEvent{
		{Severity: "error", Message: "<{%fg 1%}>refused<{%reset%}>: AKIAIOSFODNN7EXAMPLE\n", URN: urn(modelType, "flowers")},
		{Severity: "error", Message: "refused: AKIAIOSFODNN7EXAMPLE", URN: urn(modelType, "flowers")},
		{Severity: "warning", Message: "old"},
	} {
		collector.Tell(events.EngineEvent{EngineEvent: apitype.EngineEvent{DiagnosticEvent: &diagnostic}})
	}
	report := collector.Report(errors.New("preview of stack \"dev\" failed"))
	assert.True(t, report.Failed)
	assert.Equal(t, []string{"flowers: refused: (secret)"}, report.Errors)
}

func TestAFailureBeforeTheEngineSpokeIsTold(t *testing.T) {
	t.Parallel()
	report := previewreport.NewCollector(previewreport.Preview, "dev").Report(errors.New("password=hunter2 is wrong"))
	assert.Equal(t, []string{"password=(secret) is wrong"}, report.Errors)
}

func TestBoundsThatAScheduleMovesAreNoDrift(t *testing.T) {
	t.Parallel()
	target := func(resource string, properties ...string) apitype.StepEventMetadata {
		inputs := values{"resourceId": "endpoint/" + resource}
		s := step(apitype.OpUpdate, "aws:appautoscaling/target:Target", resource, inputs, inputs)
		s.DetailedDiff = map[string]apitype.PropertyDiff{}
		for _, property := range properties {
			s.DetailedDiff[property] = apitype.PropertyDiff{Kind: apitype.DiffUpdate}
		}
		return s
	}
	schedule := step(apitype.OpSame, "aws:appautoscaling/scheduledAction:ScheduledAction", "morning",
		values{"resourceId": "endpoint/scheduled"}, values{"resourceId": "endpoint/scheduled"})
	for name, test := range map[string]struct {
		target  apitype.StepEventMetadata
		drifted bool
	}{
		"what a schedule moves": {target("scheduled", "maxCapacity", "minCapacity"), false},
		"more than that":        {target("scheduled", "minCapacity", "roleArn"), true},
		"without a schedule":    {target("other", "minCapacity"), true},
	} {
		collector := previewreport.NewCollector(previewreport.Drift, "dev")
		for _, step := range []apitype.StepEventMetadata{test.target, schedule} {
			collector.Tell(events.EngineEvent{EngineEvent: apitype.EngineEvent{
				ResOutputsEvent: &apitype.ResOutputsEvent{Metadata: step},
			}})
		}
		assert.Equal(t, test.drifted, collector.Report(nil).Drifted(), name)
	}
}

// declares is a component that says of variables that they are no secrets.
func declares(names ...any) values { return values{"notSecret": names} }

// Reviewers see what a change declares to be no secret, not what has been so before.
func TestWhatIsDeclaredToBeNoSecretIsTold(t *testing.T) {
	t.Parallel()
	const modelComponent, batchComponent = "sagehost:model:Model", "sagehost:batch:Batch"
	report := collected(
		step(apitype.OpCreate, modelComponent, "new", nil, declares("SORT_TOKEN", "X")),
		step(apitype.OpUpdate, modelComponent, "more", declares("X"), declares("SORT_TOKEN", "X")),
		step(apitype.OpUpdate, batchComponent, "nightly", values{}, declares("A_TOKEN")),
		step(apitype.OpUpdate, modelComponent, "less", declares("X", "Y"), declares("X")),
		step(apitype.OpSame, modelComponent, "same", declares("X"), declares("X")),
		step(apitype.OpCreate, modelType, "child", nil, declares("X")),
	)
	assert.Equal(t, []previewreport.NotSecret{
		{Type: batchComponent, Name: "nightly", Variables: []string{"A_TOKEN"}},
		{Type: modelComponent, Name: "more", Variables: []string{"SORT_TOKEN"}},
		{Type: modelComponent, Name: "new", Variables: []string{"SORT_TOKEN", "X"}},
	}, report.NotSecret)
	assert.Contains(t, report.Markdown(), "\n#### Declared to be no secret\n\n| | variables |\n|---|---|\n"+
		"| <code>sagehost:batch:Batch</code> <code>nightly</code> | <code>A&#95;TOKEN</code> |\n")
}
