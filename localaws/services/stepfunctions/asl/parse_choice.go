package asl

import (
	"maps"
	"slices"
)

func (s *state) parseChoices(o object) {
	o.require("Choices")
	s.fallback = o.text("Default")
	choices := o.list("Choices")
	if values, isList := o.members["Choices"].([]any); isList && len(values) == 0 {
		o.fault("Choices", "Value cannot be empty")
	}
	for _, c := range choices {
		c.require("Next")
		s.choices = append(s.choices, choice{rule: parseRule(c, true), next: c.text("Next")})
	}
}

// parseRule reads a rule. Only the outermost one has a Next.
func parseRule(o object, outermost bool) rule {
	var names []string
	for _, field := range slices.Sorted(maps.Keys(o.members)) {
		switch {
		case field == "Comment" || field == "Variable" || (field == "Next" && outermost):
		case isOperator(field):
			names = append(names, field)
		default:
			o.fault("", "Field '%s' is not supported", field)
		}
	}
	if len(names) != 1 {
		o.fault("", "A Choice Rule must have exactly one comparison, and has %d", len(names))
		return every{}
	}
	switch name := names[0]; name {
	case "And", "Or":
		return parseRules(o, name)
	case "Not":
		inner, ok := fieldOf[map[string]any](o, name, "Object")
		if !ok {
			return every{}
		}
		return negation{parseRule(object{inner, o.at + "/Not", o.found}, false)}
	default:
		return parseComparison(o, name)
	}
}

// pathSuffix ends the names of operators whose value is a path.
const pathSuffix = "Path"

// isOperator reports whether a field of a rule says what the rule is.
func isOperator(field string) bool {
	if slices.Contains([]string{"And", "Or", "Not"}, field) {
		return true
	}
	_, known := findOperator(field)
	return known
}

// findOperator finds an operator under its name, or under that for paths.
func findOperator(field string) (found operator, known bool) {
	if found, known = operators[field]; known {
		return found, true
	}
	if len(field) > len(pathSuffix) && field[len(field)-len(pathSuffix):] == pathSuffix {
		found, known = operators[field[:len(field)-len(pathSuffix)]]
		return found, known && found.paths
	}
	return operator{}, false
}

func parseRules(o object, name string) rule {
	var rules []rule
	for _, inner := range o.list(name) {
		rules = append(rules, parseRule(inner, false))
	}
	if values, isList := o.members[name].([]any); isList && len(values) == 0 {
		o.fault(name, "Value cannot be empty")
	}
	if name == "And" {
		return every(rules)
	}
	return either(rules)
}

func parseComparison(o object, name string) rule {
	o.require("Variable")
	found, _ := findOperator(name)
	c := comparison{variable: o.path("Variable"), operator: found}
	if _, exact := operators[name]; !exact {
		c.other = o.path(name)
		return c
	}
	c.value = o.members[name]
	if !found.fits(c.value) {
		o.fault(name, "Expected value of type %s", found.kind)
	}
	return c
}
