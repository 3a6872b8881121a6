package stacks

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/model"
)

// The names of a stack's outputs. They are an interface: other stacks and scripts read them.
const (
	// ExportBuckets holds the buckets' names by purpose: "models", "capture", "batch".
	ExportBuckets = "buckets"
	// ExportAlertsTopic holds the ARN of the topic to which alarms report.
	ExportAlertsTopic = "alertsTopicArn"
	// ExportModels holds for each model its name in SageMaker.
	ExportModels = "models"
	// ExportEndpoints holds for each endpoint its "name", "arn" and "configName" in SageMaker, and the "parameter" that
	// applications find its name in.
	ExportEndpoints = "endpoints"
	// ExportCallers holds for each caller, as "<endpoint>.<caller>", the "policyArn" and the "roleArn" made for it; the
	// role's is empty where nobody is trusted to assume one.
	ExportCallers = "callers"
	// ExportBatch holds for each batch transform its "stateMachineArn", the "inputUri" that it transforms, the "runsUri"
	// beneath which every run has a folder, and the "parameter" that says so to applications.
	ExportBatch = "batch"
)

func (s *stack) export(
	models map[string]*model.Model, endpoints map[string]hosted, batches map[string]transform,
) {
	s.ctx.Export(ExportBuckets, pulumi.Map{
		"models": s.buckets.Models, "capture": s.buckets.Capture, "batch": s.buckets.Batch,
	})
	s.ctx.Export(ExportAlertsTopic, s.topic.TopicARN)
	modelNames := pulumi.Map{}
	for key, m := range models {
		modelNames[key] = m.Name
	}
	s.ctx.Export(ExportModels, modelNames)
	inService, policies := pulumi.Map{}, pulumi.Map{}
	for key, e := range endpoints {
		// Exporting configName is what makes a rolled-back update fail.
		inService[key] = pulumi.Map{
			"name": e.Name, "arn": e.ARN, "configName": e.ConfigName, "parameter": e.parameter.ParameterName,
		}
		for name, caller := range e.callers {
			policies[key+"."+name] = pulumi.Map{"policyArn": caller.PolicyARN, "roleArn": caller.RoleARN}
		}
	}
	s.ctx.Export(ExportEndpoints, inService)
	s.ctx.Export(ExportCallers, policies)
	transforms := pulumi.Map{}
	for key, b := range batches {
		transforms[key] = pulumi.Map{
			"stateMachineArn": b.StateMachineARN, "inputUri": b.InputURI, "runsUri": b.RunsURI,
			"parameter": b.parameter.ParameterName,
		}
	}
	s.ctx.Export(ExportBatch, transforms)
}
