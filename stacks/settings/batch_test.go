package settings

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// onDemand is the least that a batch transform needs.
const onDemand = "{model: flowers, instanceType: ml.m5.large}"

// batchPath leads to the batch transform of these tests.
const batchPath = "batch.flowers."

// batched is a change that has a batch transform with these members more.
func batched(members ...string) change {
	return change{"batch.flowers": "{model: flowers, instanceType: ml.m5.large, " + strings.Join(members, ", ") + "}"}
}

// lines are the members of one whose records are lines of CSV, in and out.
const csvLines = "contentType: text/csv, accept: text/csv, splitType: Line, assembleWith: Line"

func TestBatchTransformsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:batch.flowers."
	one := func(name, member, problem string) row {
		key, _, _ := strings.Cut(member, ":")
		return row{name: name, set: batched(member), want: []string{at + key + ": " + problem}}
	}
	const needsSplit = "needs a splitType of Line, RecordIO or TFRecord; without, each file is one "
	refuse(t, []row{
		{
			name: "no model", set: change{"batch.flowers": "{instanceType: ml.m5.large}"},
			want: []string{at + "model: is required"},
		},
		{
			name: "a model that is not there", set: change{"batch.flowers": "{model: flower, instanceType: ml.m5.large}"},
			want: []string{at + `model: "flower" is not among the stack's models; did you mean "flowers"?`},
		},
		{
			name: "no instance type", set: change{"batch.flowers": "{model: flowers}"},
			want: []string{at + "instanceType: is required"},
		},
		{
			name: "an instance type for endpoints only",
			set:  change{"batch.flowers": onDemand, batchPath + "instanceType": "ml.r5.large"},
			want: []string{at + `instanceType: "ml.r5.large" is for endpoints only; transform jobs do not run on it`},
		},
		{
			name: "an instance type that is none",
			set:  change{"batch.flowers": onDemand, batchPath + "instanceType": "m5.large"},
			want: []string{
				at + `instanceType: "m5.large" is not an instance type for transform jobs; did you mean "ml.m5.large"?`,
			},
		},
		one("an unknown compression", "compressionType: Zip", `"Zip" is none of None, Gzip`),
		one("an unknown split", "splitType: Lines", `"Lines" is none of None, Line, RecordIO, TFRecord`),
		one("an unknown join", "joinSource: Output", `"Output" is none of Input, None`),
		one("an unknown assembly", "assembleWith: RecordIO", `"RecordIO" is none of None, Line`),
		{
			name: "an unknown strategy", set: batched("splitType: Line", "strategy: Record"),
			want: []string{at + `strategy: "Record" is none of MultiRecord, SingleRecord`},
		},
		one("a strategy without a split", "strategy: MultiRecord", needsSplit+"request"),
		{
			name: "a strategy with files as they are", set: batched("splitType: None", "strategy: SingleRecord"),
			want: []string{at + "strategy: " + needsSplit + "request"},
		},
		one("lines of nothing", "assembleWith: Line", needsSplit+"record"),
		{
			name: "too much at a time", set: batched("maxPayloadMb: 51", "maxConcurrentTransforms: 2"),
			want: []string{
				at + "maxConcurrentTransforms: 2 requests of maxPayloadMb 51 are 102 MB at a time; at most 100 are allowed",
			},
		},
		one("too much at a time by default", "maxConcurrentTransforms: 17",
			"17 requests of maxPayloadMb 6, its default, are 102 MB at a time; at most 100 are allowed"),
		one("no MIME type", "contentType: csv", `"csv" is not a MIME type; expected one like "text/csv"`),
		one("no MIME type to accept", "accept: csv", `"csv" is not a MIME type; expected one like "text/csv"`),
		one("a long MIME type", "contentType: text/"+strings.Repeat("c", 252), "has 257 characters; at most 256 are allowed"),
		{
			name: "half a second", set: batched("invocationsTimeout: 1500ms"),
			want: []string{at + "invocationsTimeout: 1.5s is not a whole number of seconds"},
		},
		one("an input elsewhere", "input: https://example.com/flowers.csv", `"https://example.com/flowers.csv" is neither a `+
			`prefix nor an object in Amazon S3; expected one like "s3://bucket/path/" or "s3://bucket/path/rows.csv"`),
		one("a pattern for an input", "input: 's3://lake/*/'", `"s3://lake/*/" is neither a prefix nor an object in `+
			`Amazon S3; expected one like "s3://bucket/path/" or "s3://bucket/path/rows.csv"`),
		{
			name: "a suffix of one object",
			set:  batched("arrivals: true", "arrivalSuffix: .csv", "input: s3://lake/flowers.csv"),
			want: []string{at + "arrivalSuffix: is for files beneath a prefix, and input is one object"},
		},
		one("a long input", "input: s3://lake/"+strings.Repeat("f", 1015)+"/",
			`"s3://lake/`+strings.Repeat("f", 1015)+`/" has 1026 characters; at most 1024 are allowed`),
		one("an unknown key", "instances: 2", "is an unknown key; did you mean \"instanceType\"?"),
	})
}

func TestFiltersAndJoinsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const (
		at      = "sagehost:batch.flowers."
		formats = "must be text/csv, application/json or application/jsonlines for "
		noPath  = ` is not a JSONPath; expected one like "$[1:]"`
	)
	long := "'$." + strings.Repeat("f", 62) + "'"
	refuse(t, []row{
		{
			name: "a filter that is no path", set: batched(csvLines, "inputFilter: features"),
			want: []string{at + `inputFilter: "features"` + noPath},
		},
		{
			name: "an output filter that is no path", set: batched(csvLines, "outputFilter: $1"),
			want: []string{at + `outputFilter: "$1"` + noPath},
		},
		{
			name: "a long filter", set: batched(csvLines, "inputFilter: "+long),
			want: []string{at + "inputFilter: has 64 characters; at most 63 are allowed"},
		},
		{
			name: "a filter of images", set: batched("contentType: image/png", "inputFilter: $.a"),
			want: []string{at + "contentType: " + formats + "inputFilter"},
		},
		{
			name: "a filter of nobody knows what", set: batched("inputFilter: $.a"),
			want: []string{at + "contentType: " + formats + "inputFilter"},
		},
		{
			name: "a join of what the container pleases", set: batched(
				"contentType: text/csv", "splitType: Line", "assembleWith: Line", "joinSource: Input"),
			want: []string{at + "accept: " + formats + "joinSource"},
		},
		{
			name: "a join of CSV with JSON", set: batched(
				"contentType: text/csv", "accept: application/json", "splitType: Line", "assembleWith: Line", "joinSource: Input"),
			want: []string{
				at + `accept: "application/json" is of another format than contentType, which joinSource does not put together`,
			},
		},
		{
			name: "a join of whole files of CSV", set: batched("contentType: text/csv", "accept: text/csv", "joinSource: Input"),
			want: []string{at + "splitType: must be Line for joinSource of text/csv"},
		},
		{
			name: "a join of lines that run into each other", set: batched(
				"contentType: text/csv", "accept: text/csv", "splitType: Line", "outputFilter: '$[0]'"),
			want: []string{at + "assembleWith: must be Line for outputFilter of text/csv"},
		},
		{
			name: "a join of binary records", set: batched(
				"contentType: application/json", "accept: application/json", "splitType: TFRecord", "joinSource: Input"),
			want: []string{at + `splitType: "TFRecord" contradicts joinSource, which reads text`},
		},
	})
}

func TestModelsThatCannotTransformAreRefused(t *testing.T) {
	t.Parallel()
	const (
		at = "sagehost:batch.flowers.model: is "
		no = ", with which SageMaker makes no batch transform"
	)
	with := func(path, yaml string) change {
		return change{"batch.flowers": onDemand, "endpoints": "{}", path: yaml}
	}
	refuse(t, []row{
		{
			name: "many models", set: with("models.flowers", manyModels),
			want: []string{at + "a container of many models" + no},
		},
		{
			name: "files that are not compressed", set: with("models.flowers.artifactPrefix", "s3://models/flowers/"),
			want: []string{at + "model data that is not compressed" + no},
		},
		{
			name: "containers that answer for themselves", set: with("models.flowers",
				"{direct: true, containers: [{hostname: a, image: "+repository+":1}, {hostname: b, image: "+repository+":1}]}"),
			want: []string{at + "a pipeline whose containers answer for themselves" + no},
		},
	})
	accept(t, with("models.flowers", twoStages))
}

func TestBatchTransformsThatWouldTransformTheirOwnPredictionsAreRefused(t *testing.T) {
	t.Parallel()
	const (
		own   = "s3://sagehost-dev-batch-0123abc/"
		holds = "holds what runs write; each would transform the predictions of those before it"
	)
	for input, refused := range map[string]bool{
		own:                                                   true,
		own + "flowers-dev/":                                  true,
		own + "flowers-dev/runs/":                             true,
		own + "other-dev/runs/":                               true,
		own + "other-dev/runs/a/output/":                      true,
		own + "other-dev/runs/a/o.out":                        true,
		own + "flowers-dev/rows.csv":                          false,
		own + "flowers-dev/input/":                            false,
		own + "flowers-dev/runs-of-all/":                      false,
		"s3://sagehost-prod-batch-0123abc/flowers-prod/runs/": false, // another stack's
		"s3://lake/":                                          false,
	} {
		for _, when := range []string{"arrivals: true", "schedule: rate(1 day)"} {
			_, err := Parse(configured(t, batched("input: "+input, when)))
			if !refused {
				require.NoError(t, err, input)
				continue
			}
			assert.Equal(t, []string{fmt.Sprintf("sagehost:batch.flowers.input: %q %s", input, holds)}, lines(t, err))
		}
	}
}

func TestTimesAtWhichNoRunCanStartAreRefused(t *testing.T) {
	t.Parallel()
	const (
		at    = "sagehost:batch.flowers."
		kinds = "expected cron(minute hour day-of-month month day-of-week year), rate(value unit) " +
			"or at(yyyy-mm-ddThh:mm:ss)"
		nightly = "schedule: 'cron(30 1 * * ? *)'"
	)
	one := func(name, want string, members ...string) row {
		return row{name: name, set: batched(members...), want: []string{at + want}}
	}
	refuse(t, []row{
		one("a schedule and arrivals", "arrivals: contradicts schedule; at most one of the two can be given",
			nightly, "arrivals: true"),
		one("no schedule", `schedule: "daily" is not a schedule: `+kinds, "schedule: daily"),
		one("a rate of seconds", `schedule: "rate(30 seconds)" is not a schedule: `+kinds, "schedule: rate(30 seconds)"),
		one("one time that is over", `schedule: "at(2025-01-31T08:00:00)" is not a schedule: it is over: `+
			"no time from 2026-12-01 on matches it", "schedule: at(2025-01-31T08:00:00)"),
		one("five fields", `schedule: "cron(30 1 * * ?)" is not a schedule: a cron expression has 6 fields `+
			"(minute hour day-of-month month day-of-week year), not 5", "schedule: 'cron(30 1 * * ?)'"),
		one("both kinds of days", `schedule: "cron(30 1 * * * *)" is not a schedule: day-of-month and day-of-week: exactly `+
			`one must be ?; did you mean "cron(30 1 * * ? *)"?`, "schedule: 'cron(30 1 * * * *)'"),
		one("an hour that no day has", `schedule: "cron(0 24 * * ? *)" is not a schedule: hour must be 0-23, got 24`,
			"schedule: 'cron(0 24 * * ? *)'"),
		one("no time zone", `timezone: "Berlin" is not an IANA time zone; expected one like "Europe/Berlin"`,
			nightly, "timezone: Berlin"),
		one("a time zone of no schedule", "timezone: belongs to schedule, which is not given", "timezone: Europe/Berlin"),
		one("a suffix of no arrivals", "arrivalSuffix: belongs to arrivals, which is not given", "arrivalSuffix: .csv"),
		one("a suffix that is a pattern",
			`arrivalSuffix: "*.csv" is not the end of a file's name; expected one like ".csv"`,
			"arrivals: true", "arrivalSuffix: '*.csv'"),
		one("a pause of nothing", "paused: belongs to schedule or arrivals, which is not given", "paused: true"),
		one("runs that nobody expects", "alarms.missedAfter: belongs to schedule, which is not given",
			"alarms: {missedAfter: 25h}"),
		one("an alarm before the next run",
			"alarms.missedAfter: 24h is not more than 24h, the longest time between two runs",
			nightly, "alarms: {missedAfter: 24h}"),
		one("an alarm in the middle of an hour", "alarms.missedAfter: 25h30m is not a multiple of 1h",
			nightly, "alarms: {missedAfter: 25h30m}"),
		one("an alarm on less than CloudWatch sees", "alarms.missedAfter: 169h is not between 2h and 168h",
			nightly, "alarms: {missedAfter: 169h}"),
		one("an alarm on more than CloudWatch sees", "alarms.missedAfter: is less than the longest time between two runs, "+
			"which is longer than CloudWatch looks back; leave it out",
			"schedule: 'cron(0 0 1 * ? *)'", "alarms: {missedAfter: 168h}"),
	})
}

func TestRunsStartAtAnyTimeThatTheirServiceTakes(t *testing.T) {
	t.Parallel()
	for _, schedule := range []string{
		"rate(1 days)", "rate(1 day)", "at(2030-01-31T08:00:00)", "cron(0/30 20-2 ? * mon-FRI 2027-2199)",
		"cron(0 0 LW * ? *)",
	} {
		s := accept(t, batched("schedule: '"+schedule+"'", "timezone: America/New_York"))
		assert.Equal(t, schedule, s.Batch["flowers"].Schedule)
	}
}
