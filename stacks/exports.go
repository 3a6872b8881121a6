package stacks

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/alerts"
	"sagehost/components/artifacts"
	"sagehost/components/endpoint"
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
	// ExportEndpoints holds for each endpoint its "name", "arn" and "configName" in SageMaker.
	ExportEndpoints = "endpoints"
)

func export(
	ctx *pulumi.Context, buckets *artifacts.Artifacts, topic *alerts.Alerts, models map[string]*model.Model,
	endpoints map[string]*endpoint.Endpoint,
) {
	ctx.Export(ExportBuckets, pulumi.Map{
		"models": buckets.Models, "capture": buckets.Capture, "batch": buckets.Batch,
	})
	ctx.Export(ExportAlertsTopic, topic.TopicARN)
	modelNames := pulumi.Map{}
	for key, m := range models {
		modelNames[key] = m.Name
	}
	ctx.Export(ExportModels, modelNames)
	inService := pulumi.Map{}
	for key, e := range endpoints {
		// Exporting configName is what makes a rolled-back update fail.
		inService[key] = pulumi.Map{"name": e.Name, "arn": e.ARN, "configName": e.ConfigName}
	}
	ctx.Export(ExportEndpoints, inService)
}
