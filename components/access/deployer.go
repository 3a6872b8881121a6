package access

import (
	"encoding/json"
	"fmt"
	"slices"
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
	// Deny forbids the actions, whatever other statements allow.
	Deny bool
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

// Part is a part of what a deployer needs, which fits into one managed policy of IAM.
type Part struct {
	// Name ends the name of the policy: "hosting" and "storage" are for every stack, "network" is for those that create
	// one, and "batch" for those with batches.
	Name string
	// Grants are what it allows.
	Grants []Grant
}

// Parts are all that a deployer needs: what `pulumi up`, `refresh` and `destroy` ask of AWS, and what AWS asks of their
// caller beside. What the provider asks was recorded (tests/engine); what AWS asks beside is in comments. Together they
// are too long for one managed policy (6,144 characters), and for the policies of a role's own (10,240); a role takes
// ten managed policies. What Pulumi needs for its state and secrets depends on where these are, and is not in them.
// Whoever may do this can make roles, on the stack's path and within its permissions boundary (Boundary), which must be
// there: these are policies for a pipeline, not for people.
func Parts() []Part {
	return []Part{
		{"hosting", slices.Concat(hosting(), scaling())},
		{"identity", identity()},
		{"storage", slices.Concat(encryption(), storage(), observation())},
		{"network", slices.Concat(network(), flowLogs())},
		{"batch", transforms()},
	}
}

// Grants are those of all parts.
func Grants() []Grant {
	var all []Grant
	for _, part := range Parts() {
		all = append(all, part.Grants...)
	}
	return all
}

// Policy is the part as the JSON of an IAM policy.
func (p Part) Policy(scope Scope) ([]byte, error) {
	statements := make([]statement, len(p.Grants))
	for i, grant := range p.Grants {
		statements[i] = grant.statement(scope)
	}
	text, err := json.MarshalIndent(map[string]any{"Version": "2012-10-17", "Statement": statements}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("deployer's policy %q: %w", p.Name, err)
	}
	return append(text, '\n'), nil
}

func (g *Grant) statement(scope Scope) statement {
	s := statement{Sid: g.Sid, Effect: "Allow", Action: g.Actions, Resource: []string{"*"}}
	if g.Deny {
		s.Effect = "Deny"
	}
	if len(g.Resources) > 0 {
		s.Resource = nil
	}
	for _, resource := range g.Resources {
		s.Resource = append(s.Resource, scope.replace("arn:{partition}:"+resource))
	}
	for operator, values := range g.Conditions {
		if s.Condition == nil {
			s.Condition = map[string]map[string]string{}
		}
		s.Condition[operator] = map[string]string{}
		for key, value := range values {
			s.Condition[operator][key] = scope.replace(value)
		}
	}
	return s
}
