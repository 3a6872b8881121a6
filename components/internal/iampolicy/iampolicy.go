// Package iampolicy writes IAM policy documents from typed statements whose ARNs may still be unknown.
package iampolicy

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Statement is one statement of a policy. Empty members are left out.
type Statement struct {
	// Sid names the statement: letters and digits.
	Sid string
	// Deny turns the statement from Allow into Deny.
	Deny bool
	// Principal is who the statement is about, in policies of a resource: {"Service": …} or {"AWS": …}.
	Principal pulumi.StringMap
	// Accounts are the ARNs of the accounts that the statement is about, in place of Principal.
	Accounts []pulumi.StringInput
	// Anyone makes the statement about every principal. Only sensible together with Deny, and in the policy of a VPC
	// endpoint, which gives nobody more rights than they have.
	Anyone bool
	// Actions are IAM actions, such as "s3:GetObject".
	Actions []string
	// Resources are ARNs; none in trust policies.
	Resources []pulumi.StringInput
	// Further are more ARNs, in lists of which not even the length is known before there are resources.
	Further []pulumi.StringArrayInput
	// Conditions maps operator to condition key to value.
	Conditions map[string]pulumi.StringMap
	// AnyOf maps further operators to condition key to values, of which one must fit. No operator is in both.
	AnyOf map[string]pulumi.StringArrayMap
}

// Optional is a property of a role or policy for the provider, such as its path; "" leaves it to the provider.
func Optional(value string) pulumi.StringPtrInput {
	if value == "" {
		return nil
	}
	return pulumi.String(value)
}

// Document is the policy as JSON.
func Document(statements ...Statement) pulumi.StringOutput {
	list := make(pulumi.Array, len(statements))
	for i, s := range statements {
		list[i] = s.render()
	}
	return pulumi.JSONMarshal(pulumi.Map{
		"Version":   pulumi.String("2012-10-17"),
		"Statement": list,
	})
}

func (s Statement) render() pulumi.Map {
	rendered := pulumi.Map{"Effect": pulumi.String("Allow"), "Action": pulumi.ToStringArray(s.Actions)}
	if s.Deny {
		rendered["Effect"] = pulumi.String("Deny")
	}
	if s.Sid != "" {
		rendered["Sid"] = pulumi.String(s.Sid)
	}
	switch {
	case s.Anyone:
		rendered["Principal"] = pulumi.String("*")
	case len(s.Accounts) > 0:
		rendered["Principal"] = pulumi.Map{"AWS": pulumi.StringArray(s.Accounts)}
	case len(s.Principal) > 0:
		rendered["Principal"] = s.Principal
	}
	if len(s.Further) > 0 {
		rendered["Resource"] = s.allResources()
	} else if len(s.Resources) > 0 {
		rendered["Resource"] = pulumi.StringArray(s.Resources)
	}
	if len(s.Conditions)+len(s.AnyOf) > 0 {
		conditions := pulumi.Map{}
		for operator, values := range s.Conditions {
			conditions[operator] = values
		}
		for operator, values := range s.AnyOf {
			conditions[operator] = values
		}
		rendered["Condition"] = conditions
	}
	return rendered
}

func (s Statement) allResources() pulumi.StringArrayOutput {
	lists := []any{pulumi.StringArray(s.Resources)}
	for _, list := range s.Further {
		lists = append(lists, list)
	}
	return pulumi.All(lists...).ApplyT(func(lists []any) []string {
		var all []string
		for _, list := range lists {
			all = slices.Concat(all, list.([]string))
		}
		return all
	}).(pulumi.StringArrayOutput)
}
