package batch

// Values of S3DataType.
const (
	s3Prefix     = "S3Prefix"
	manifestFile = "ManifestFile"
)

// inputStates find out what to transform, and refuse a run that could not be one before anything is written.
func (p *program) inputStates() map[string]state {
	return map[string]state{
		"Begin": {
			"Type": "Pass",
			"Parameters": object{
				"given.$": "$",
				"run": object{
					"name.$":      "$$.Execution.Name",
					"startedAt.$": "$$.Execution.StartTime",
					"prefix.$":    "States.Format('" + RunsPrefix(p.name) + "{}/', $$.Execution.Name)",
				},
				"attempt": 1,
			},
			"Next": "ChooseInput",
		},
		"ChooseInput": choose(
			"UseDeclaredInput",
			when("UseOneObject", present("$.given.input.bucket"), present("$.given.input.key")),
			when("UsePrefix", present("$.given.input.bucket"), present("$.given.input.prefix")),
			when("InvalidInput", present("$.given.input")),
		),
		"UseDeclaredInput": set("$.input", object{
			"type": s3Prefix, "bucket": p.inputBucket, "prefix": p.inputPrefix,
			"uri": "s3://" + p.inputBucket + "/" + p.inputPrefix,
		}, "FindInput"),
		"UsePrefix": set("$.input", object{
			"type": s3Prefix, "bucket.$": "$.given.input.bucket", "prefix.$": "$.given.input.prefix",
			"uri.$": "States.Format('s3://{}/{}', $.given.input.bucket, $.given.input.prefix)",
		}, "FindInput"),
		"UseOneObject": set("$.input", object{
			"type": manifestFile, "bucket.$": "$.given.input.bucket", "prefix.$": "$.given.input.key",
			"uri.$": "States.Format('s3://{}/{}', $.given.input.bucket, $.given.input.key)",
			// A manifest begins with what its keys are relative to.
			"head": object{"prefix.$": "States.Format('s3://{}/', $.given.input.bucket)"},
		}, "FindInput"),
		"FindInput": p.call("listObjectsV2", object{
			"Bucket.$": "$.input.bucket", "Prefix.$": "$.input.prefix", "MaxKeys": 1,
		}, "$.found", "CheckInput"),
		// Of keys that begin alike, the shortest is listed first.
		"CheckInput": choose(
			"FindRun",
			when("NoInput", absent("$.found.Contents[0]")),
			when("NoInput", test("$.input.type", "StringEquals", manifestFile), state{
				"Not": test("$.found.Contents[0].Key", "StringEqualsPath", "$.input.prefix"),
			}),
		),
		// Names of executions can be used again after 90 days.
		"FindRun": p.call("listObjectsV2", object{
			"Bucket": p.bucket, "Prefix.$": "$.run.prefix", "MaxKeys": 1,
		}, "$.found", "CheckRun"),
		"CheckRun": choose("MarkIncomplete", when("RunExists", present("$.found.Contents[0]"))),

		"InvalidInput": {
			"Type": "Fail", "Error": "Batch.InvalidInput",
			"Cause": "input is neither bucket and prefix nor bucket and key",
		},
		"NoInput":   fail("Batch.NoInput", "States.Format('there is nothing at {}', $.input.uri)"),
		"RunExists": fail("Batch.RunExists", "States.Format('there is a run of the name {} already', $.run.name)"),
	}
}
