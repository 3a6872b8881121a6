package access

import "maps"

// The tags that tell a stack from others where it has no names: stackTag has everything in a stack, and bootstrapTag
// everything that was in the account before.
const (
	stackTag     = "sagehost:stack"
	bootstrapTag = "sagehost:bootstrap"
)

// newInStack is for what is being made, with the stack's tag.
func newInStack() map[string]map[string]string {
	return map[string]map[string]string{"StringEquals": {"aws:RequestTag/" + stackTag: "{stack}"}}
}

// inStack is for what has the stack's tag.
func inStack() map[string]map[string]string {
	return map[string]map[string]string{"StringEquals": {"aws:ResourceTag/" + stackTag: "{stack}"}}
}

// notElsewhere is for keys with the stack's tag, and for those of which AWS does not know the tags yet: it keeps off
// what belongs to other stacks, was in the account before any, or has the alias of something else. ForAllValues holds
// where there is no alias.
func notElsewhere() map[string]map[string]string {
	return map[string]map[string]string{
		"StringEqualsIfExists":    inStack()["StringEquals"],
		"Null":                    {"aws:ResourceTag/" + bootstrapTag: "true"},
		"ForAllValues:StringLike": {"kms:ResourceAliases": "alias/{project}-{stack}*"},
	}
}

// merged are the conditions of several, of which no two have an operator in common.
func merged(all ...map[string]map[string]string) map[string]map[string]string {
	one := map[string]map[string]string{}
	for _, conditions := range all {
		maps.Copy(one, conditions)
	}
	return one
}
