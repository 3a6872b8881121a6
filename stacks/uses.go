package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/batch"
	"sagehost/components/execrole"
	"sagehost/stacks/settings"
)

// use is what endpoints and batch transforms do as the role of their model.
type use struct {
	endpoints                                []string
	rollbackAlarms                           bool
	capture, asyncInput, asyncOutput, topics []pulumi.StringInput
	transformInput, transformRuns            []pulumi.StringInput
	// foreignInput is those of transformInput that are not in the stack's buckets, and foreignOutput those of capture and
	// asyncOutput.
	foreignInput, foreignOutput []pulumi.StringInput
	// foreignTopics says that some of topics are not the stack's.
	foreignTopics bool
	// alerts says that it publishes to the stack's topic, and storage that it writes to the stack's buckets.
	alerts, storage bool
}

// uses finds what the endpoints and batch transforms do as the role of each model.
func (s *stack) uses(specs *settings.Settings) map[string]*use {
	all := map[string]*use{}
	for _, key := range slices.Sorted(maps.Keys(specs.Endpoints)) {
		e := specs.Endpoints[key]
		for _, name := range served(&e) {
			if all[name] == nil {
				all[name] = &use{}
			}
			s.add(all[name], settings.EndpointName(key, s.ctx.Stack()), &e)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(specs.Batch)) {
		b := specs.Batch[key]
		if all[b.Model] == nil {
			all[b.Model] = &use{}
		}
		s.addTransform(all[b.Model], settings.BatchName(key, s.ctx.Stack()), &b)
	}
	return all
}

// addTransform adds what a batch transform of this name does: read its input and what it is to be evaluated by, and
// write its runs.
func (s *stack) addTransform(u *use, name string, b *settings.Batch) {
	for _, prefix := range []string{batch.InputPrefix(name), batch.EvaluationPrefix(name)} {
		u.transformInput = append(u.transformInput, pulumi.Sprintf("s3://%s/%s", s.buckets.Batch, prefix))
	}
	if b.Input != "" {
		u.transformInput = append(u.transformInput, pulumi.String(b.Input))
		u.foreignInput = append(u.foreignInput, pulumi.String(b.Input))
	}
	u.transformRuns = append(u.transformRuns, pulumi.Sprintf("s3://%s/%s", s.buckets.Batch, batch.RunsPrefix(name)))
	u.storage = true
}

// served are the models that an endpoint serves, each once.
func served(e *settings.Endpoint) []string {
	var names []string
	for i := range e.Variants {
		names = append(names, e.Variants[i].Model)
	}
	if e.Shadow != nil {
		names = append(names, e.Shadow.Model)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (s *stack) add(u *use, name string, e *settings.Endpoint) {
	u.endpoints = append(u.endpoints, name)
	u.rollbackAlarms = u.rollbackAlarms || e.Update != nil
	if e.DataCapture != nil {
		folder := e.DataCapture.Folder(s.buckets.Capture)
		u.capture = append(u.capture, folder)
		if e.DataCapture.Destination != "" {
			u.foreignOutput = append(u.foreignOutput, folder)
		}
	}
	if e.Async != nil {
		output, failure := e.Async.Folders(name, s.buckets.Batch)
		u.asyncInput = append(u.asyncInput, s.asyncInput(name))
		u.asyncOutput = append(u.asyncOutput, output, failure)
		if e.Async.OutputPath != "" {
			u.foreignOutput = append(u.foreignOutput, output)
		}
		if e.Async.OutputPath != "" || e.Async.FailurePath != "" {
			u.foreignOutput = append(u.foreignOutput, failure)
		}
		u.foreignTopics = u.foreignTopics || e.Async.SuccessTopicARN != "" || e.Async.ErrorTopicARN != ""
		if e.Async.SuccessTopicARN != "" {
			u.topics = append(u.topics, pulumi.String(e.Async.SuccessTopicARN))
		}
		if e.Async.ErrorTopicARN != "" {
			u.topics = append(u.topics, pulumi.String(e.Async.ErrorTopicARN))
		} else {
			u.alerts = true
		}
	}
	u.storage = u.storage || e.DataCapture != nil || e.Async != nil
}

// asyncInput is where callers of an asynchronous endpoint put their requests.
func (s *stack) asyncInput(endpointName string) pulumi.StringOutput {
	return pulumi.Sprintf("s3://%s/%s/async-input/", s.buckets.Batch, endpointName)
}

// grant lets a role do it.
func (s *stack) grant(role *execrole.Args, u *use) {
	role.EndpointNames, role.RollbackAlarms, role.CaptureURIs = u.endpoints, u.rollbackAlarms, u.capture
	role.AsyncInputURIs, role.AsyncOutputURIs = u.asyncInput, u.asyncOutput
	role.TransformInputURIs, role.TransformRunsURIs = u.transformInput, u.transformRuns
	role.ForeignTransformInputURIs, role.TopicARNs = u.foreignInput, u.topics
	role.ForeignTopics = u.foreignTopics
	if s.key == nil {
		// With a key, the stack encrypts under that, wherever it writes.
		role.ForeignOutputURIs = u.foreignOutput
	}
	if u.alerts {
		role.TopicARNs = append(role.TopicARNs, s.topic.TopicARN)
	}
	switch {
	case s.key != nil && (u.alerts || u.storage):
		role.EncryptionKeyARNs = []pulumi.StringInput{s.key.KeyARN}
	case u.alerts:
		role.EncryptionKeyARNs = []pulumi.StringInput{s.topic.KeyARN}
	}
}
