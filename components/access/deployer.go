package access

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Scope is where a deployer may act.
type Scope struct {
	// Partition is "aws", "aws-cn" or "aws-us-gov". Region and Account are a region's code and an account's 12 digits.
	Partition, Region, Account string
	// Project begins the names of buckets, topics, keys and parameters; Stack ends those of endpoints.
	Project, Stack string
}

// Template is a Scope of variables that Fn::Sub of AWS CloudFormation replaces: AWS's own, and Project and Stack.
func Template() Scope {
	return Scope{
		Partition: "${AWS::Partition}", Region: "${AWS::Region}", Account: "${AWS::AccountId}",
		Project: "${Project}", Stack: "${Stack}",
	}
}

// replace puts the scope into a text with its members' names in braces.
func (s Scope) replace(text string) string {
	return strings.NewReplacer(
		"{partition}", s.Partition, "{region}", s.Region, "{account}", s.Account,
		"{project}", s.Project, "{stack}", s.Stack,
	).Replace(text)
}

// Grant is some actions that a deployer needs, on the same resources.
type Grant struct {
	// Sid is the name of the statement: letters and digits.
	Sid string
	// Types are the resource types of pulumi-aws that need it, such as "aws:sagemaker/model:Model".
	Types []string
	// Actions are IAM actions, such as "sagemaker:CreateModel", sorted.
	Actions []string
	// Resources are ARNs without the "arn:{partition}:" at their beginning, with members of Scope in braces; none is "*":
	// the actions work on no resource that IAM could name.
	Resources []string
	// Conditions maps operator to condition key to value.
	Conditions map[string]map[string]string
}

// statement is one statement of an IAM policy, in the order in which people read it.
type statement struct {
	Sid       string
	Effect    string
	Action    []string
	Resource  []string
	Condition map[string]map[string]string `json:",omitempty"`
}

// DeployerPolicy is the IAM policy, as JSON, of whoever deploys a stack: what `pulumi up`, `refresh` and `destroy` ask
// of AWS, and what AWS asks of their caller beside. It is too long for a managed policy (6,144 characters) and fits
// into a role's own (10,240). What Pulumi needs for its state and secrets depends on where these are, and is not part
// of it. Whoever may do this can make roles: it is a policy for a pipeline, not for people.
func DeployerPolicy(scope Scope) ([]byte, error) {
	var statements []statement
	for _, grant := range Grants() {
		s := statement{Sid: grant.Sid, Effect: "Allow", Action: grant.Actions, Resource: []string{"*"}}
		if len(grant.Resources) > 0 {
			s.Resource = nil
		}
		for _, resource := range grant.Resources {
			s.Resource = append(s.Resource, scope.replace("arn:{partition}:"+resource))
		}
		for operator, values := range grant.Conditions {
			if s.Condition == nil {
				s.Condition = map[string]map[string]string{}
			}
			s.Condition[operator] = map[string]string{}
			for key, value := range values {
				s.Condition[operator][key] = scope.replace(value)
			}
		}
		statements = append(statements, s)
	}
	text, err := json.MarshalIndent(map[string]any{"Version": "2012-10-17", "Statement": statements}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("deployer's policy: %w", err)
	}
	return append(text, '\n'), nil
}
