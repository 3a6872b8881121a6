package batch

import (
	"maps"
	"slices"
	"time"

	"sagehost/kit/check"
)

// timeoutError is what Step Functions calls the error of what has taken too long.
const timeoutError = "States.Timeout"

// jobStates transform.
func (p *program) jobStates() map[string]state {
	span := check.ShortSpan(p.timeout())
	return map[string]state{
		// Whatever ends the run from here on leaves this mark in its folder, unless it has succeeded.
		"MarkIncomplete": p.put(incompleteMark, object{
			"run.$": "$.run.name", "startedAt.$": "$.run.startedAt", "input.$": "$.input.uri",
		}, "ChooseSource"),
		"ChooseSource": choose("UsePrefixAsSource",
			when("WriteManifest", test("$.input.type", "StringEquals", manifestFile))),
		"UsePrefixAsSource": set("$.source", object{"S3DataType": s3Prefix, "S3Uri.$": "$.input.uri"}, "NameJob"),
		// A prefix would take every object whose key begins like this one's.
		"WriteManifest":       p.manifest("UseManifestAsSource"),
		"UseManifestAsSource": set("$.source", object{"S3DataType": manifestFile, "S3Uri.$": p.uri(manifestName)}, "NameJob"),
		"NameJob": set("$.job", object{
			"name.$":   "States.Format('" + jobPrefix(p.name) + "-{}-{}', States.Hash($$.Execution.Id, 'MD5'), $.attempt)",
			"output.$": p.uri(outputFolder),
		}, "Transform"),
		"Transform": p.transform(),

		"ExplainFailure": choose(
			"MarkFailure",
			// This error comes without a cause.
			when("StopJob", test("$.failure.Error", "StringEquals", timeoutError)),
			when("DrawWait", test("$.failure.Error", "StringEquals", "SageMaker.ResourceLimitExceededException")),
			when("DrawWait", test("$.failure.Error", "StringEquals", "SageMaker.AmazonSageMakerException"),
				test("$.failure.Cause", "StringMatches", "*ThrottlingException*")),
			// Step Functions hands over the description of a job that has ended badly as text.
			when("ExplainStop", test("$.failure.Cause", "StringMatches", `{*"TransformJobStatus":"Stopped"*}`)),
			when("ReadJob", test("$.failure.Cause", "StringMatches", `{*"FailureReason":*}`)),
		),
		"ExplainStop": set("$.failure", object{
			"Error": "Batch.JobStopped", "Cause.$": "States.Format('the transform job {} was stopped', $.job.name)",
		}, "MarkFailure"),
		"ReadJob": set("$.failure", object{"job.$": "States.StringToJson($.failure.Cause)"}, "KeepReason"),
		"KeepReason": set("$.failure", object{
			"Error": "Batch.JobFailed", "Cause.$": "$.failure.job.FailureReason",
		}, "CheckCapacity"),
		"CheckCapacity": choose("MarkFailure",
			when("WaitForCapacity", test("$.failure.Cause", "StringMatches", "CapacityError*"))),
		// Step Functions promises no more than to try to stop the job of a task that has taken too long.
		"StopJob": caught(p.call("sagemaker:stopTransformJob", object{"TransformJobName.$": "$.job.name"}, nil,
			"ExplainTimeout"), "ExplainTimeout"),
		"ExplainTimeout": set("$.failure", object{
			"Error":   timeoutError,
			"Cause.$": "States.Format('the run took longer than " + span + "; the transform job {} was stopped', $.job.name)",
		}, "MarkTimeout"),
	}
}

// uri is the s3:// URI of something in the run's folder.
func (p *program) uri(name string) string {
	return "States.Format('s3://" + p.bucket + "/{}" + name + "', $.run.prefix)"
}

// manifest writes what names exactly one object.
func (p *program) manifest(next string) state {
	return p.call("s3:putObject", object{
		"Bucket": p.bucket, "Key.$": inRun(manifestName), "ContentType": "application/json",
		"Body.$": "States.Array($.input.head, $.input.prefix)",
	}, nil, next)
}

// transform runs the job and waits for its end.
func (p *program) transform() state {
	return state{
		"Type":       "Task",
		"Resource":   "arn:" + p.partition + ":states:::sagemaker:createTransformJob.sync",
		"Parameters": p.request(),
		"ResultPath": nil,
		// After a wait, less than all of the run's time is left.
		"TimeoutSecondsPath": "$.left",
		// Step Functions names SageMaker's errors by its client's exceptions: most have the first name, throttling included.
		"Retry": []object{retry(5*time.Second, 4, time.Minute, "SageMaker.AmazonSageMakerException", "ThrottlingException")},
		"Catch": []object{{"ErrorEquals": []string{"States.ALL"}, "ResultPath": "$.failure", "Next": "ExplainFailure"}},
		"Next":  "MarkSuccess",
	}
}

// request is the one of CreateTransformJob.
func (p *program) request() object {
	s := p.spec
	resources := object{"InstanceType": string(s.InstanceType), "InstanceCount": s.instances()}
	output := filled(object{"S3OutputPath.$": "$.job.output"}, object{
		"Accept": s.Accept, "AssembleWith": s.AssembleWith, "KmsKeyId": p.keyARN,
	})
	if p.keyARN != "" && !s.InstanceType.HasLocalStorage() {
		resources["VolumeKmsKeyId"] = p.keyARN
	}
	request := filled(object{
		"TransformJobName.$": "$.job.name",
		"ModelName.$":        "$.model.ModelName",
		"TransformInput": filled(object{"DataSource": object{"S3DataSource.$": "$.source"}}, object{
			"ContentType": s.ContentType, "CompressionType": s.CompressionType, "SplitType": s.SplitType,
		}),
		"TransformOutput":    output,
		"TransformResources": resources,
		"MaxPayloadInMB":     s.payload(),
		"ModelClientConfig": object{
			"InvocationsTimeoutInSeconds": seconds(check.ValueOr(s.InvocationsTimeout, DefaultInvocationsTimeout)),
			"InvocationsMaxRetries":       check.ValueOr(s.InvocationsMaxRetries, DefaultInvocationsMaxRetries),
		},
	}, object{"BatchStrategy": s.Strategy})
	if s.MaxConcurrentTransforms != nil {
		request["MaxConcurrentTransforms"] = *s.MaxConcurrentTransforms
	}
	if len(s.Environment) > 0 {
		request["Environment"] = s.Environment
	}
	processing := filled(object{}, object{
		"InputFilter": s.InputFilter, "OutputFilter": s.OutputFilter, "JoinSource": s.JoinSource,
	})
	if len(processing) > 0 {
		request["DataProcessing"] = processing
	}
	if len(p.tags) > 0 {
		var tags []object
		for _, key := range slices.Sorted(maps.Keys(p.tags)) {
			tags = append(tags, object{"Key": key, "Value": p.tags[key]})
		}
		request["Tags"] = tags
	}
	return request
}

// filled adds members that are not empty.
func filled(members, optional object) object {
	for key, value := range optional {
		if value != "" {
			members[key] = value
		}
	}
	return members
}
