package batch

import "time"

// How long a run waits before it asks for instances again: between the first two for its turn under a quota, at which
// runs that were refused together must not ask again together; for capacity, which comes back in minutes rather than
// seconds, as long as it takes SageMaker to look for instances as well.
const (
	shortestTurn  = time.Minute
	longestTurn   = 10 * time.Minute
	capacityDelay = 10 * time.Minute
	capacityLook  = 10 * time.Minute
)

// waitStates put off a job that finds no room, again and again until the time of the run is over.
func (p *program) waitStates() map[string]state {
	find := p.call("sfn:describeStateMachine", object{"StateMachineArn.$": "$$.StateMachine.Id"}, "$.current", "TryAgain")
	find["ResultSelector"] = object{"definition.$": "States.StringToJson($.Definition)"}
	find["Catch"] = []object{{"ErrorEquals": []string{"States.ALL"}, "ResultPath": "$.failure", "Next": "MarkFailure"}}
	return map[string]state{
		// No job was made: its name is free.
		"DrawWait":  set("$.wait", object{"seconds.$": draw(shortestTurn, longestTurn), "jobs": 0}, "CountWait"),
		"CountWait": {"Type": "Pass", "InputPath": "$.wait.seconds", "ResultPath": "$.wait.spent", "Next": "CheckTime"},
		"WaitForCapacity": set("$.wait", object{
			"seconds": seconds(capacityDelay), "spent": seconds(capacityDelay + capacityLook), "jobs": 1,
		}, "CheckTime"),
		"CheckTime": choose("ExplainWaiting", when("Wait", test("$.left", "NumericGreaterThanPath", "$.wait.spent"))),
		"Wait":      {"Type": "Wait", "SecondsPath": "$.wait.seconds", "Next": "FindModel"},
		// An execution keeps the definition that it has begun with, whose model an update may have replaced meanwhile.
		"FindModel": find,
		"TryAgain": {
			"Type": "Pass", "Next": "NameJob",
			"Parameters": object{
				"run.$": "$.run", "input.$": "$.input", "source.$": "$.source",
				"model.$":   "$.current.definition.States.Begin.Parameters.model",
				"attempt.$": "States.MathAdd($.attempt, $.wait.jobs)",
				// There is no function that subtracts.
				"left.$": "States.MathAdd($.left, States.StringToJson(States.Format('-{}', $.wait.spent)))",
			},
		},
		"ExplainWaiting": set("$.failure", object{
			"Error": timeoutError, "Cause.$": "States.Format('no time was left to try again: {}', $.failure.Cause)",
		}, "MarkTimeout"),
	}
}
