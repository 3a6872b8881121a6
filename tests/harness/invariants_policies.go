package harness

import (
	"encoding/json"
	"slices"
)

// declared is a statement of a policy in a graph.
type declared struct {
	Effect    string
	Action    []string
	Condition map[string]map[string]any
}

// statements are those of a resource's policy; none where it is unknown yet, and ok is false where there is no policy.
func statements(r Resource) (all []declared, ok bool) {
	text, ok := r.Inputs["policy"].(string)
	var policy struct{ Statement []declared }
	if json.Unmarshal([]byte(text), &policy) != nil {
		return nil, ok
	}
	return policy.Statement, ok
}

// endpointIsLimited: a VPC endpoint without a policy leads whoever has credentials of any account to all accounts.
func endpointIsLimited(_ *Graph, r Resource, report reporter) {
	if r.Type != "aws:ec2/vpcEndpoint:VpcEndpoint" {
		return
	}
	if _, limited := statements(r); !limited {
		report("has no policy")
	}
}

// refusingHTTP are the types of policies of what is asked over the network, with an action that a policy which is about
// all of them names. The policy of a topic cannot name "sns:*".
var refusingHTTP = map[string]string{
	"aws:s3/bucketPolicy:BucketPolicy": "s3:*", "aws:sns/topicPolicy:TopicPolicy": "sns:Subscribe",
	"aws:sqs/queuePolicy:QueuePolicy": "sqs:*",
}

// refusesPlainHTTP: nothing is sent or read in plain text, whatever the action.
func refusesPlainHTTP(_ *Graph, r Resource, report reporter) {
	action, asked := refusingHTTP[r.Type]
	all, given := statements(r)
	if !asked || !given || r.Inputs["policy"] == Unknown {
		return
	}
	for _, s := range all {
		if s.Effect == "Deny" && s.Condition["Bool"]["aws:SecureTransport"] == "false" && slices.Contains(s.Action, action) {
			return
		}
	}
	report("lets requests in plain HTTP pass")
}
