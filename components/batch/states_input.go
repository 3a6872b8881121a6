package batch

// Values of S3DataType.
const (
	s3Prefix     = "S3Prefix"
	manifestFile = "ManifestFile"
)

// declaredInput is what a run transforms that is told nothing else.
func (p *program) declaredInput() object {
	declared := object{
		"type": s3Prefix, "bucket": p.inputBucket, "prefix": p.input, "uri": "s3://" + p.inputBucket + "/" + p.input,
	}
	if p.spec.readsObject() {
		declared["type"] = manifestFile
		declared["head"] = object{"prefix": "s3://" + p.inputBucket + "/"}
	}
	return declared
}

// inputStates find out what to transform, and refuse what does not say so.
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
				"model": object{"ModelName": p.model},
				// What is left of the run's time, in seconds, as far as waiting for instances has used it up.
				"left":    seconds(p.timeout()),
				"attempt": 1,
			},
			"Next": "ChooseInput",
		},
		"ChooseInput": choose(
			"UseDeclaredInput",
			when("InvalidInput", present("$.given.input.key"), present("$.given.input.prefix")),
			when("UseOneObject", present("$.given.input.bucket"), present("$.given.input.key")),
			when("UsePrefix", present("$.given.input.bucket"), present("$.given.input.prefix")),
			when("InvalidInput", present("$.given.input")),
			// Who has left out what is around them wants one file, and not all of the input.
			whenAny("InvalidInput", present("$.given.bucket"), present("$.given.key"), present("$.given.prefix"),
				present("$.given.Input")),
		),
		"UseDeclaredInput": set("$.input", p.declaredInput(), "FindInput"),
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
		"InvalidInput": {
			"Type": "Fail", "Error": "Batch.InvalidInput",
			"Cause": `expected {}, {"input": {"bucket": "b", "prefix": "p/"}} or {"input": {"bucket": "b", "key": "k"}}`,
		},
	}
}
