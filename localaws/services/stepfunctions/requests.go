package stepfunctions

import "sagehost/localaws/protocol/shape"

func required(name string, s shape.Shape) shape.Member { return shape.Required(name, s) }
func optional(name string, s shape.Shape) shape.Member { return shape.Optional(name, s) }
func structure(members ...shape.Member) shape.Shape    { return shape.Structure(members...) }

var (
	arnText    = shape.Length(1, 256)
	name       = shape.Length(1, 80)
	definition = shape.Sensitive(shape.Length(1, 1<<20))
	data       = shape.Sensitive(shape.Length(0, 1<<18))
	types      = shape.Choice(standard, express)
	tagKey     = shape.Length(1, 128)
	tagList    = shape.List("", structure(optional("key", tagKey), optional("value", shape.Length(0, 256))))

	machineARN   = required("stateMachineArn", arnText)
	executionARN = required("executionArn", arnText)
	resourceARN  = required("resourceArn", arnText)
	included     = optional("includedData", shape.Choice("ALL_DATA", "METADATA_ONLY"))
	shortToken   = shape.Length(1, 1024)
)

// paged is the members that a listing is cut by.
func paged(token shape.Shape) []shape.Member {
	return []shape.Member{optional("maxResults", shape.Between(0, 1000)), optional("nextToken", token)}
}

// configuration is what can be said of a state machine when it is made and later.
var configuration = []shape.Member{
	optional("loggingConfiguration", structure(
		optional("level", shape.Choice("ALL", "ERROR", "FATAL", "OFF")),
		optional("includeExecutionData", shape.Flag()),
		optional("destinations", shape.List("", structure(
			optional("cloudWatchLogsLogGroup", structure(optional("logGroupArn", arnText))),
		))),
	)),
	optional("tracingConfiguration", structure(optional("enabled", shape.Flag()))),
	optional("publish", shape.Flag()),
	optional("versionDescription", shape.Sensitive(shape.Length(0, 256))),
	optional("encryptionConfiguration", structure(
		optional("kmsKeyId", shape.Length(1, 2048)),
		optional("kmsDataKeyReusePeriodSeconds", shape.Between(60, 900)),
		required("type", shape.Choice(ownedKey, customerKey)),
	)),
}

var (
	createInput = structure(append([]shape.Member{
		required("name", name), required("definition", definition), required("roleArn", arnText),
		optional("type", types), optional("tags", tagList),
	}, configuration...)...)
	updateInput = structure(append([]shape.Member{
		machineARN, optional("definition", definition), optional("roleArn", arnText),
	}, configuration...)...)
	validateInput = structure(
		required("definition", definition), optional("type", types),
		optional("severity", shape.Choice("ERROR", "WARNING")), optional("maxResults", shape.Between(0, 100)),
	)
	startInput = structure(
		machineARN, optional("name", name), optional("input", data), optional("traceHeader", shape.ASCII(0, 256)),
	)
	listExecutionsInput = structure(append(paged(shape.Length(1, 3096)),
		optional("stateMachineArn", arnText),
		optional("statusFilter", shape.Choice(
			running, "SUCCEEDED", "FAILED", "TIMED_OUT", aborted, "PENDING_REDRIVE",
		)),
		optional("mapRunArn", shape.Length(1, 2000)),
		optional("redriveFilter", shape.Choice("REDRIVEN", "NOT_REDRIVEN")),
	)...)
	historyInput = structure(append(paged(shortToken),
		executionARN, optional("reverseOrder", shape.Flag()), optional("includeExecutionData", shape.Flag()),
	)...)
	stopInput = structure(
		executionARN, optional("error", shape.Sensitive(shape.Length(0, 256))),
		optional("cause", shape.Sensitive(shape.Length(0, 32768))),
	)
)
