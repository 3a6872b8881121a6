package harness

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Policy is an IAM policy that is attached to a role or user.
type Policy struct{ statements []statement }

type statement struct {
	deny               bool
	actions, resources []string
	// conditions are values by operator and key, of which one must fit.
	conditions map[string]map[string][]string
}

// Request is what a role asks of AWS.
type Request struct {
	Action, Resource string
	// Context are the condition keys of the request. A key that is not here is not in the request.
	Context map[string]string
}

// String is the request as a problem names it.
func (r Request) String() string {
	return fmt.Sprintf("%s on %s with %v", r.Action, r.Resource, r.Context)
}

// ReadPolicy reads a policy document. What Allows cannot judge is an error: nothing is guessed.
func ReadPolicy(document map[string]any) (Policy, error) {
	var p Policy
	for _, each := range list(document["Statement"]) {
		members, _ := each.(map[string]any)
		s := statement{deny: members["Effect"] == "Deny", conditions: map[string]map[string][]string{}}
		s.actions, s.resources = stringsOf(members["Action"]), stringsOf(members["Resource"])
		if len(s.actions) == 0 || len(s.resources) == 0 || members["NotAction"] != nil || members["NotResource"] != nil {
			return p, fmt.Errorf("statement %v: expected Action and Resource", members)
		}
		conditions, _ := members["Condition"].(map[string]any)
		for operator, keys := range conditions {
			if operators[operator] == nil {
				return p, fmt.Errorf("statement %v: unknown operator %s", members["Sid"], operator)
			}
			s.conditions[operator] = map[string][]string{}
			values, _ := keys.(map[string]any)
			for key, value := range values {
				s.conditions[operator][key] = stringsOf(value)
			}
		}
		p.statements = append(p.statements, s)
	}
	return p, nil
}

// operators compare a value of a request with one of a policy.
var operators = map[string]func(given, wanted string) bool{
	"StringEquals": func(given, wanted string) bool { return given == wanted },
	"StringLike":   func(given, wanted string) bool { return Like(wanted, given) },
	"ArnLike":      func(given, wanted string) bool { return Like(wanted, given) },
	"Bool":         strings.EqualFold,
}

// Allows reports whether a statement allows the request and none denies it.
func (p Policy) Allows(r Request) bool {
	allowed := false
	for _, s := range p.statements {
		if s.appliesTo(r) {
			if s.deny {
				return false
			}
			allowed = true
		}
	}
	return allowed
}

func (s statement) appliesTo(r Request) bool {
	action := strings.ToLower(r.Action)
	return slices.ContainsFunc(s.actions, func(pattern string) bool { return Like(strings.ToLower(pattern), action) }) &&
		slices.ContainsFunc(s.resources, func(pattern string) bool { return Like(pattern, r.Resource) }) &&
		s.conditionsHold(r.Context)
}

func (s statement) conditionsHold(context map[string]string) bool {
	for operator, keys := range s.conditions {
		for key, wanted := range keys {
			given, ok := context[key]
			fits := func(value string) bool { return operators[operator](given, value) }
			if !ok || !slices.ContainsFunc(wanted, fits) {
				return false
			}
		}
	}
	return true
}

// special are what means more than itself in the patterns of a policy: wildcards, and the variables that stand for them
// (IAM User Guide, "IAM policy elements: Variables and tags").
var special = regexp.MustCompile(`\$\{[*?$]\}|\*|\?`)

// Like reports whether a text matches a pattern of a policy as a whole.
func Like(pattern, text string) bool {
	var expr strings.Builder
	rest := pattern
	for rest != "" {
		at := special.FindStringIndex(rest)
		if at == nil {
			expr.WriteString(regexp.QuoteMeta(rest))
			break
		}
		expr.WriteString(regexp.QuoteMeta(rest[:at[0]]))
		switch found := rest[at[0]:at[1]]; found {
		case "*":
			expr.WriteString(".*")
		case "?":
			expr.WriteString(".")
		default:
			expr.WriteString(regexp.QuoteMeta(found[2:3]))
		}
		rest = rest[at[1]:]
	}
	matched, err := regexp.MatchString(`^(?s:`+expr.String()+`)$`, text)
	return err == nil && matched
}

// list is a value that may stand alone in place of a list of one.
func list(value any) []any {
	if many, ok := value.([]any); ok {
		return many
	}
	if value == nil {
		return nil
	}
	return []any{value}
}

func stringsOf(value any) []string {
	var texts []string
	for _, each := range list(value) {
		text, _ := each.(string)
		texts = append(texts, text)
	}
	return texts
}
