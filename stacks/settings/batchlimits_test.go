package settings

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/kit/limits"
)

func TestNamesOfBatchTransformsThatAWSRefusesAreRefused(t *testing.T) {
	t.Parallel()
	const schedule = "{model: flowers, instanceType: ml.m5.large, schedule: rate(1 day)}"
	const arrivals = "{model: flowers, instanceType: ml.m5.large, arrivals: true}"
	fifty := strings.Repeat("f", 50)
	stack := strings.Repeat("s", 14)
	refuse(t, []row{
		{
			name: "a long name", set: change{"batch." + fifty + "f": onDemand},
			want: []string{"sagehost:batch." + fifty + "f: the name has 51 characters; at most 50 leave room for the " +
				"generated suffix in IAM's 64"},
		},
		{
			name: "a name that jobs cannot have", set: change{"batch.my_flowers": onDemand},
			want: []string{`sagehost:batch.my_flowers: the name "my_flowers" may only have letters, digits and hyphens, ` +
				"and no hyphen at its start or end"},
		},
		{
			name: "a schedule with a long name", set: change{"batch." + fifty: schedule}, stack: stack,
			want: []string{"sagehost:batch." + fifty + `: the schedule's name "` + fifty + "-" + stack +
				`" has 65 characters; at most 64 are allowed`},
		},
		{
			name: "a rule with a long name", set: change{"batch." + fifty: arrivals}, stack: stack,
			want: []string{"sagehost:batch." + fifty + `: the rule's name "` + fifty + "-" + stack +
				`" has 65 characters; at most 64 are allowed`},
		},
	})
	source := configured(t, change{"batch." + fifty: onDemand, "endpoints": "{}"})
	source.Stack = stack
	_, err := Parse(source)
	require.NoError(t, err, "a batch on demand has neither")
}

func TestEnvironmentsOfBatchTransformsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:batch.flowers.environment"
	variables := make([]string, 17)
	for i := range variables {
		variables[i] = fmt.Sprintf("V%d: x", i)
	}
	with := func(members string) change { return batched("environment: {" + members + "}") }
	accept(t, with(strings.Join(variables[:16], ", ")))
	accept(t, with("LONG: "+strings.Repeat("ü", 10240)))
	refuse(t, []row{
		{
			name: "17 variables", set: with(strings.Join(variables, ", ")),
			want: []string{at + ": has 17 entries; at most 16 are allowed"},
		},
		{
			name: "a long value", set: with("LONG: " + strings.Repeat("x", 10241)),
			want: []string{at + ".LONG: has 10241 characters; at most 10240 are allowed"},
		},
		{
			name: "a secret", set: with("API_KEY: " + plainSecret),
			want: []string{at + ".API_KEY: " + looksSecret + `its name ends in "API_KEY"` + whatToDo},
		},
		{
			name: "a secret that the model does not name", set: with("API_KEY: '" + secretARN + "'"),
			want: []string{at + ".API_KEY: names a secret, which the model's role may read only if the model's environment " +
				"names it, too"},
		},
	})
}

func TestEachLimitOfABatchTransformIsWhereItIsSaidToBe(t *testing.T) {
	t.Parallel()
	for _, limit := range []struct {
		path      string
		low, high int
		unit      string
		set       change
	}{
		{"instanceCount", 1, 100, "", nil},
		{"maxPayloadMb", 0, 100, "", nil},
		{"maxPayloadMb", 0, 25, "", batched("maxConcurrentTransforms: 4")},
		{"maxConcurrentTransforms", 1, 16, "", nil}, // of 6 MB each
		{"maxConcurrentTransforms", 1, 100, "", batched("maxPayloadMb: 1")},
		{"maxConcurrentTransforms", 1, 100, "", batched("maxPayloadMb: 0")},
		{"invocationsMaxRetries", 0, 3, "", nil},
		{"invocationsTimeout", 1, 3600, "s", nil},
		{"timeout", 60, 365 * 24 * 3600, "s", nil},
		{"alarms.missedAfter", 25, 168, "h", batched("schedule: rate(1 day)")},
		{"alarms.missedAfter", 2, 168, "h", batched("schedule: rate(5 minutes)")},
	} {
		t.Run(limit.path, func(t *testing.T) {
			t.Parallel()
			parse := func(n int) error {
				set := change{"batch.flowers": onDemand}
				maps.Copy(set, limit.set)
				set[batchPath+limit.path] = fmt.Sprintf("%d%s", n, limit.unit)
				_, err := Parse(configured(t, set))
				return err
			}
			require.NoError(t, parse(limit.low))
			require.NoError(t, parse(limit.high))
			require.Error(t, parse(limit.low-1))
			require.Error(t, parse(limit.high+1))
			rapid.Check(t, func(t *rapid.T) {
				require.NoError(t, parse(rapid.IntRange(limit.low, limit.high).Draw(t, "n")))
			})
		})
	}
}

// validBatch draws a batch transform of a model that must be accepted.
func validBatch(t *rapid.T, model string) object {
	members := maybe(t, object{
		"model": model, "instanceType": rapid.SampledFrom(limits.TransformInstanceTypes()).Draw(t, "transformType"),
	}, object{
		"instanceCount": rapid.IntRange(1, 100).Draw(t, "transformInstances"), "compressionType": "Gzip",
		"environment": object{"LOG_LEVEL": "debug"}, "timeout": "3h", "invocationsTimeout": "1h",
		"invocationsMaxRetries": rapid.IntRange(0, 3).Draw(t, "retries"), "input": "s3://lake/flowers/",
	})
	payload := rapid.IntRange(0, 100).Draw(t, "payload")
	members["maxPayloadMb"] = payload
	if rapid.Bool().Draw(t, "concurrent") {
		members["maxConcurrentTransforms"] = rapid.IntRange(1, 100/max(1, payload)).Draw(t, "concurrency")
	}
	maps.Copy(members, rapid.SampledFrom([]object{
		{},
		{"contentType": "image/png", "accept": "application/json"},
		{"splitType": "Line", "strategy": "SingleRecord", "assembleWith": "Line"},
		{"splitType": "RecordIO", "strategy": "MultiRecord", "assembleWith": "Line", "accept": "application/jsonlines"},
		{"contentType": "application/json", "inputFilter": "$.features"},
		{"contentType": "application/json", "accept": "application/jsonlines", "joinSource": "Input"},
		{
			"contentType": "text/csv; charset=utf-8", "accept": "text/csv", "splitType": "Line", "assembleWith": "Line",
			"inputFilter": "$[1:]", "joinSource": "Input", "outputFilter": "$[0,-1]",
		},
	}).Draw(t, "records"))
	maps.Copy(members, rapid.SampledFrom([]object{
		{},
		{"arrivals": true},
		{"arrivals": true, "arrivalSuffix": ".csv", "paused": true},
		{"schedule": "rate(5 minutes)", "paused": true},
		{"schedule": "cron(0 7 ? * MON-FRI *)", "timezone": "Europe/Berlin", "alarms": object{"missedAfter": "100h"}},
		{"schedule": "cron(0 0 L * ? *)"},
	}).Draw(t, "when"))
	return members
}

func TestABatchTransformIsReadAsItStands(t *testing.T) {
	t.Parallel()
	s := accept(t, batched(csvLines, "timeout: 3h", "schedule: rate(1 day)", "alarms: {missedAfter: 50h}"))
	b := s.Batch["flowers"]
	assert.Equal(t, "flowers", b.Model)
	assert.Equal(t, limits.InstanceType("ml.m5.large"), b.InstanceType)
	assert.Equal(t, "Line", b.SplitType)
	assert.Equal(t, 3*time.Hour, *b.Timeout)
	assert.Equal(t, 50*time.Hour, *b.Alarms.MissedAfter)
}
