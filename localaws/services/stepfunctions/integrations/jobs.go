package integrations

import (
	"context"
	"encoding/json"
	"time"

	"sagehost/localaws/services/stepfunctions/asl"
)

// jobFields are the parameters of createTransformJob that AWS Step Functions takes.
var jobFields = fields{
	"BatchStrategy": nil,
	"DataProcessing": {
		"InputFilter": nil, "JoinSource": nil, "OutputFilter": nil,
	},
	"Environment":             nil,
	"ExperimentConfig":        {"ExperimentName": nil, "TrialComponentDisplayName": nil, "TrialName": nil},
	"MaxConcurrentTransforms": nil,
	"MaxPayloadInMB":          nil,
	"ModelClientConfig":       {"InvocationsMaxRetries": nil, "InvocationsTimeoutInSeconds": nil},
	"ModelName":               nil,
	"Tags":                    {"Key": nil, "Value": nil},
	"TransformInput": {
		"CompressionType": nil, "ContentType": nil, "SplitType": nil,
		"DataSource": {"S3DataSource": {"S3DataType": nil, "S3Uri": nil}},
	},
	"TransformJobName":   nil,
	"TransformOutput":    {"Accept": nil, "AssembleWith": nil, "KmsKeyId": nil, "S3OutputPath": nil},
	"TransformResources": {"InstanceCount": nil, "InstanceType": nil, "VolumeKmsKeyId": nil},
}

var requiredJobFields = []string{
	"ModelName", "TransformInput", "TransformJobName", "TransformOutput", "TransformResources",
}

// requested starts a job, and does not wait for it.
func (t transformJobs) requested() asl.Integration {
	return asl.Integration{
		Type: "sagemaker", Action: "createTransformJob",
		Check: func(parameters map[string]any) []string { return jobFields.check(parameters, requiredJobFields...) },
		Start: t.start,
	}
}

// followed starts a job, and waits for its end.
func (t transformJobs) followed() asl.Integration {
	integration := t.requested()
	integration.Action += ".sync"
	integration.Follow, integration.Stop = t.follow, t.stop
	return integration
}

func (t transformJobs) start(ctx context.Context, call asl.Call) (any, error) {
	return t.ask(ctx, call.Region, "CreateTransformJob", call.Parameters)
}

// pollEvery is how often a job is looked at, in the world's time: that is the time that jobs take.
const pollEvery = 200 * time.Millisecond

// follow looks at a job until it has ended. A look that fails is made again, as AWS Step Functions does it.
func (t transformJobs) follow(ctx context.Context, call asl.Call, _ any) (any, error) {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		job, err := t.describe(ctx, call)
		if status, _ := job["TransformJobStatus"].(string); err == nil && status != "" {
			switch status {
			case "Completed":
				return job, nil
			case "Failed", "Stopped":
				return nil, &asl.Error{Name: asl.TaskFailed, Cause: asl.Encode(job)}
			}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-ticker.C:
		}
	}
}

// describe is a job as AWS Step Functions shows it, with times in milliseconds since 1970.
func (t transformJobs) describe(ctx context.Context, call asl.Call) (map[string]any, error) {
	answer, err := t.ask(ctx, call.Region, "DescribeTransformJob", jobName(call))
	if err != nil {
		return nil, err
	}
	delete(answer, httpMetadata)
	delete(answer, responseMetadata)
	for _, name := range []string{"CreationTime", "TransformStartTime", "TransformEndTime"} {
		if moment, ok := answer[name].(json.Number); ok {
			answer[name] = milliseconds(moment)
		}
	}
	return answer, nil
}

// stop asks for the end of a job, and does not wait for it.
func (t transformJobs) stop(ctx context.Context, call asl.Call, _ any) error {
	_, err := t.ask(ctx, call.Region, "StopTransformJob", jobName(call))
	return err
}

func jobName(call asl.Call) map[string]any {
	parameters, _ := call.Parameters.(map[string]any)
	return map[string]any{"TransformJobName": parameters["TransformJobName"]}
}
