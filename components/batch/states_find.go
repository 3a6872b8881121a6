package batch

// someKeys is how many objects are looked at for one that is not empty. Step Functions passes on 256 KB at most.
const someKeys = 50

// findStates refuse a run that could not be one before anything is written.
func (p *program) findStates() map[string]state {
	return map[string]state{
		"FindInput": p.call("s3:listObjectsV2", object{
			"Bucket.$": "$.input.bucket", "Prefix.$": "$.input.prefix", "MaxKeys": someKeys,
		}, "$.found", "CheckInput"),
		// Of keys that begin alike, the shortest is listed first.
		"CheckInput": choose(
			"MeasureInput",
			when("NoInput", absent("$.found.Contents[0]")),
			when("NoInput", test("$.input.type", "StringEquals", manifestFile), state{
				"Not": test("$.found.Contents[0].Key", "StringEqualsPath", "$.input.prefix"),
			}),
		),
		// Consoles show folders by empty objects, of which a job would make a success without predictions.
		"MeasureInput": set("$.found", object{
			"first.$": "$.found.Contents[0].Size", "full.$": "$.found.Contents[?(@.Size > 0)].Size",
			"more.$": "$.found.IsTruncated",
		}, "CheckSize"),
		"CheckSize": choose(
			"FindRun",
			when("EmptyInput", test("$.input.type", "StringEquals", manifestFile),
				test("$.found.first", "NumericEquals", 0)),
			when("EmptyInput", absent("$.found.full[0]"), test("$.found.more", "BooleanEquals", false)),
		),
		// Names of executions can be used again after 90 days.
		"FindRun": p.call("s3:listObjectsV2", object{
			"Bucket": p.bucket, "Prefix.$": "$.run.prefix", "MaxKeys": 1,
		}, "$.found", "CheckRun"),
		"CheckRun": choose("MarkIncomplete", when("RunExists", present("$.found.Contents[0]"))),

		"NoInput":    fail("Batch.NoInput", "States.Format('there is nothing at {}', $.input.uri)"),
		"EmptyInput": fail("Batch.NoInput", "States.Format('there is nothing but empty objects at {}', $.input.uri)"),
		"RunExists":  fail("Batch.RunExists", "States.Format('there is a run of the name {} already', $.run.name)"),
	}
}
