package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/execrole"
	"sagehost/stacks/settings"
)

// use is what endpoints do as the role of a model that they serve.
type use struct {
	endpoints                                []string
	rollbackAlarms                           bool
	capture, asyncInput, asyncOutput, topics []pulumi.StringInput
	// alerts says that it publishes to the stack's topic, and storage that it writes to the stack's buckets.
	alerts, storage bool
}

// uses finds what the endpoints do as the role of each model.
func (s *stack) uses(endpoints map[string]settings.Endpoint) map[string]*use {
	all := map[string]*use{}
	for _, key := range slices.Sorted(maps.Keys(endpoints)) {
		e := endpoints[key]
		for _, name := range served(&e) {
			if all[name] == nil {
				all[name] = &use{}
			}
			s.add(all[name], settings.EndpointName(key, s.ctx.Stack()), &e)
		}
	}
	return all
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
		u.capture = append(u.capture, e.DataCapture.Folder(s.buckets.Capture))
	}
	if e.Async != nil {
		output, failure := e.Async.Folders(name, s.buckets.Batch)
		u.asyncInput = append(u.asyncInput, s.asyncInput(name))
		u.asyncOutput = append(u.asyncOutput, output, failure)
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
	role.TopicARNs = u.topics
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
