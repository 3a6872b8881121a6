package batch

// outcomeStates say in the run's folder how it ended. Only a folder with the mark of success holds a result.
func (p *program) outcomeStates() map[string]state {
	success := p.put(successMark, object{
		"run.$": "$.run.name", "startedAt.$": "$.run.startedAt", "job.$": "$.job.name", "input.$": "$.input.uri",
		"output.$": "$.job.output",
	}, "RemoveMark")
	remove := p.call("deleteObject", object{"Bucket": p.bucket, "Key.$": inRun(incompleteMark)}, nil, "Done")
	// The run has succeeded, whatever else is in its folder.
	remove["Catch"] = []object{{"ErrorEquals": []string{"States.ALL"}, "ResultPath": nil, "Next": "Done"}}
	failure := p.put(incompleteMark, object{
		"run.$": "$.run.name", "startedAt.$": "$.run.startedAt", "job.$": "$.job.name", "input.$": "$.input.uri",
		"error.$": "$.failure.Error", "reason.$": "$.failure.Cause",
	}, "Failed")
	// The reason of the run's failure matters more than that of this one.
	failure["Catch"] = []object{{"ErrorEquals": []string{"States.ALL"}, "ResultPath": nil, "Next": "Failed"}}
	return map[string]state{
		"MarkSuccess": success,
		"RemoveMark":  remove,
		"Done": {
			"Type": "Pass", "End": true,
			"Parameters": object{
				"run.$": "$.run.name", "job.$": "$.job.name", "input.$": "$.input.uri", "output.$": "$.job.output",
			},
		},
		"MarkFailure": failure,
		"Failed":      {"Type": "Fail", "ErrorPath": "$.failure.Error", "CausePath": "$.failure.Cause"},
	}
}
