package batch

// outcomeStates say in the run's folder how it ended. Only a folder with the mark of success holds a result.
func (p *program) outcomeStates() map[string]state {
	success := p.put(successMark, object{
		"run.$": "$.run.name", "startedAt.$": "$.run.startedAt", "job.$": "$.job.name", "input.$": "$.input.uri",
		"output.$": "$.job.output",
	}, "RemoveMark")
	// The run has succeeded, whatever else is in its folder.
	remove := caught(p.call("s3:deleteObject", object{"Bucket": p.bucket, "Key.$": inRun(incompleteMark)}, nil, "Done"),
		"Done")
	return map[string]state{
		"MarkSuccess": success,
		"RemoveMark":  remove,
		"Done": {
			"Type": "Pass", "End": true,
			"Parameters": object{
				"run.$": "$.run.name", "job.$": "$.job.name", "input.$": "$.input.uri", "output.$": "$.job.output",
			},
		},
		"MarkFailure": p.incomplete("Failed"),
		// What ends the execution is its own limit: that is how it has the status of one that took too long.
		"MarkTimeout": p.incomplete("AwaitLimit"),
		"AwaitLimit":  {"Type": "Wait", "Seconds": p.limit(), "Next": "Failed"},
		"Failed":      {"Type": "Fail", "ErrorPath": "$.failure.Error", "CausePath": "$.failure.Cause"},
	}
}

// incomplete keeps in the mark why the run has not succeeded. That matters more than why the mark was not written.
func (p *program) incomplete(next string) state {
	return caught(p.put(incompleteMark, object{
		"run.$": "$.run.name", "startedAt.$": "$.run.startedAt", "job.$": "$.job.name", "input.$": "$.input.uri",
		"error.$": "$.failure.Error", "reason.$": "$.failure.Cause",
	}, next), next)
}
