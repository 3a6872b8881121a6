package harness

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// Violations lists every invariant that the graph breaks, as "URN: what is wrong".
func Violations(g *Graph) []string {
	var found []string
	seen := map[string]bool{}
	for _, r := range g.Resources {
		report := func(format string, args ...any) {
			found = append(found, r.URN+": "+fmt.Sprintf(format, args...))
		}
		if seen[r.URN] {
			report("the URN stands for two resources")
		}
		seen[r.URN] = true
		for _, invariant := range invariants {
			invariant(g, r, report)
		}
	}
	return found
}

type reporter func(format string, args ...any)

var invariants = []func(*Graph, Resource, reporter){
	descendsFromComponent, generationsAreReplaceable, noFixedPartition, tagged, noPlainSecret, bucketIsSafe, encrypted,
	noOpenIngress, noPublicAddress, vpcIsClosed, loggedForLong, endpointIsLimited, refusesPlainHTTP,
}

// component matches the URN of one of ours. The project has the name that our types begin with.
var component = regexp.MustCompile(`^urn:pulumi:[^:]+::[^:]+::sagehost:`)

// descendsFromComponent: orphans would ignore a component's provider, protection and aliases.
func descendsFromComponent(_ *Graph, r Resource, report reporter) {
	if r.Custom && !component.MatchString(r.Parent) {
		report("is not under a component but under %q", r.Parent)
	}
}

// generationsAreReplaceable: models and configurations are replaced by every release, while the old ones are in use.
func generationsAreReplaceable(_ *Graph, r Resource, report reporter) {
	switch r.Type {
	case "aws:sagemaker/model:Model", "aws:sagemaker/endpointConfiguration:EndpointConfiguration":
	default:
		return
	}
	for _, property := range []string{"name", "namePrefix"} {
		if _, fixed := r.Inputs[property]; fixed {
			report("has a fixed %s", property)
		}
	}
	if r.Protect {
		report("is protected")
	}
}

func noFixedPartition(_ *Graph, r Resource, report reporter) {
	if text := inputs(r); strings.Contains(text, "arn:aws:") {
		report("has an ARN of another partition: %s", text)
	}
}

// taggable are the types of ours that take tags.
var taggable = regexp.MustCompile(`^(awsx:ec2:Vpc|aws:(sagemaker/.*|s3/bucket(V2|Objectv2):.*|iam/role:.*|` +
	`sns/topic:.*|kms/key:.*|ssm/parameter:.*|iam/(policy|openIdConnectProvider):.*|` +
	`cloudwatch/(metricAlarm|logGroup|eventRule):.*|appautoscaling/target:.*|sfn/stateMachine:.*|` +
	`scheduler/scheduleGroup:.*|ec2/.*|vpc/.*))$`)

func tagged(_ *Graph, r Resource, report reporter) {
	// A policy is part of what it is about.
	if !taggable.MatchString(r.Type) || strings.HasSuffix(r.Type, "Policy") {
		return
	}
	if tags, _ := r.Inputs["tags"].(map[string]any); len(tags) == 0 {
		report("has no tags")
	}
}

// plainSecret matches what can be nothing but a secret, and PlainSecret, which tests plant.
var plainSecret = regexp.MustCompile(`(AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN|` + PlainSecret)

// PlainSecret is a value that must never reach a resource.
const PlainSecret = "hunter2-in-plain-text"

func noPlainSecret(_ *Graph, r Resource, report reporter) {
	if plainSecret.MatchString(inputs(r)) {
		report("holds a secret in plain text")
	}
}

// bucketIsSafe: everything that makes a bucket safe is a resource of its own, and easily forgotten.
func bucketIsSafe(g *Graph, r Resource, report reporter) {
	if r.Type != "aws:s3/bucketV2:BucketV2" {
		return
	}
	for _, typ := range []string{
		"aws:s3/bucketVersioningV2:BucketVersioningV2",
		"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
		"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
		"aws:s3/bucketOwnershipControls:BucketOwnershipControls",
		"aws:s3/bucketPolicy:BucketPolicy",
		"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
	} {
		parts := 0
		for _, part := range g.All(typ) {
			if part.Name == r.Name && part.Parent == r.Parent {
				parts++
			}
		}
		if parts != 1 {
			report("has %d %s", parts, typ)
		}
	}
	for _, block := range g.All("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock") {
		if block.Name != r.Name {
			continue
		}
		for _, property := range []string{
			"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets",
		} {
			if block.Inputs[property] != true {
				report("%s is not true", property)
			}
		}
	}
}

func encrypted(_ *Graph, r Resource, report reporter) {
	switch r.Type {
	case "aws:sns/topic:Topic":
		if _, ok := r.Inputs["kmsMasterKeyId"]; !ok {
			report("is not encrypted")
		}
	case "aws:sfn/stateMachine:StateMachine":
		observed(r, report)
	case "aws:kms/key:Key":
		if r.Inputs["enableKeyRotation"] != true {
			report("does not rotate")
		}
	}
}

// observed: what a state machine does is in its log and in traces.
func observed(r Resource, report reporter) {
	logging, _ := r.Inputs["loggingConfiguration"].(map[string]any)
	if logging["includeExecutionData"] != true || logging["level"] != "ALL" {
		report("does not log its executions")
	}
	if tracing, _ := r.Inputs["tracingConfiguration"].(map[string]any); tracing["enabled"] != true {
		report("is not traced")
	}
}

func inputs(r Resource) string {
	text, err := json.Marshal(r.Inputs)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
