package settings

import (
	"fmt"
	"regexp"

	"sagehost/kit/check"
)

// stackName is what a stack may be called: the names of its buckets begin with it, after "sagehost-", and have room for
// 47 characters (see artifacts.CheckLogicalName).
var stackName = regexp.MustCompile(`^[a-z0-9-]{1,38}$`)

// stackProblem says what is wrong with the name of a stack; empty when nothing is.
func stackProblem(stack string) string {
	if stackName.MatchString(stack) {
		return ""
	}
	return fmt.Sprintf("%q may only have lower-case letters, digits and hyphens, at most 38: the names of the stack's "+
		"buckets begin with it", stack)
}

// checkStack reports a stack whose name cannot be part of the names of its resources.
func checkStack(stack string) check.Problems {
	at := check.New("the stack's name")
	if problem := stackProblem(stack); problem != "" {
		at.Addf("%s", problem)
	}
	return at.Problems()
}
