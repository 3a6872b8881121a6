package asl

import "fmt"

// choice is one of the Choices of a Choice state.
type choice struct {
	rule rule
	next string
}

// rule is what a choice depends on.
type rule interface {
	// holds reports whether the rule is true, or a problem in AWS's words.
	holds(in scope) (yes bool, problem string)
}

// every is And.
type every []rule

func (e every) holds(in scope) (bool, string) {
	for _, r := range e {
		if yes, problem := r.holds(in); !yes || problem != "" {
			return false, problem
		}
	}
	return true, ""
}

// either is Or.
type either []rule

func (e either) holds(in scope) (bool, string) {
	for _, r := range e {
		if yes, problem := r.holds(in); yes || problem != "" {
			return yes, problem
		}
	}
	return false, ""
}

// negation is Not.
type negation struct{ rule rule }

func (n negation) holds(in scope) (bool, string) {
	yes, problem := n.rule.holds(in)
	return !yes, problem
}

// comparison compares a variable with a value, or with another variable.
type comparison struct {
	variable *path
	operator operator
	value    any
	// other is where the value is, when it is not written out.
	other *path
}

func (c comparison) holds(in scope) (bool, string) {
	variable, found := c.variable.find(in)
	if c.operator.presence {
		return found == c.value, ""
	}
	if !found {
		return false, noVariable(c.variable)
	}
	value := c.value
	if c.other != nil {
		if value, found = c.other.find(in); !found {
			return false, noVariable(c.other)
		}
	}
	return c.operator.compare(variable, value), ""
}

func noVariable(p *path) string {
	return fmt.Sprintf("Invalid path '%s': The choice state's condition path references an invalid value.", p.text)
}
