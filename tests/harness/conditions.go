package harness

import (
	"slices"
	"strings"
)

// comparisons compare a value of a request with one of a policy, by operator.
var comparisons = map[string]func(given, wanted string) bool{
	"StringEquals": equal, "StringNotEquals": equal, "Bool": strings.EqualFold,
	"StringLike": like, "StringNotLike": like,
	// The two operators for ARNs are one (IAM user guide, "Amazon Resource Name (ARN) condition operators").
	"ArnEquals": like, "ArnLike": like, "ArnNotEquals": like, "ArnNotLike": like,
}

func equal(given, wanted string) bool { return given == wanted }
func like(given, wanted string) bool  { return Like(wanted, given) }

// operator is the name of an operator taken apart.
type operator struct {
	name string
	// all is "ForAllValues:", ifExists "…IfExists".
	all, ifExists bool
}

func parse(name string) operator {
	name, all := strings.CutPrefix(name, "ForAllValues:")
	name, ifExists := strings.CutSuffix(name, "IfExists")
	return operator{name, all, ifExists}
}

// known reports whether holds can decide about an operator.
func known(name string) bool { return name == "Null" || comparisons[parse(name).name] != nil }

// holds decides about one key of a condition (IAM user guide, "Condition operators" and "Multivalued context keys").
func (c condition) holds(context map[string][]string) bool {
	given, there := context[c.key]
	if c.operator == "Null" {
		return there == (c.wanted[0] == "false")
	}
	operator := parse(c.operator)
	negated := strings.Contains(operator.name, "Not")
	if !there {
		return operator.all || operator.ifExists || negated
	}
	fits := func(value string) bool {
		same := func(wanted string) bool { return comparisons[operator.name](value, wanted) }
		return slices.ContainsFunc(c.wanted, same) != negated
	}
	if operator.all {
		return len(slices.DeleteFunc(slices.Clone(given), fits)) == 0
	}
	return slices.ContainsFunc(given, fits)
}
