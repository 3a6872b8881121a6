package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Policy is what the policies of one identity say together.
type Policy struct{ statements []statement }

type statement struct {
	deny               bool
	actions, resources []string
	conditions         []condition
}

// condition is one key of a statement's condition.
type condition struct {
	operator, key string
	// wanted are values of which one must fit.
	wanted []string
}

// Request is a request to AWS as IAM decides about it.
type Request struct {
	// Action is an IAM action, and Resource an ARN that it is checked on, or "*" where it knows none.
	Action, Resource string
	// Context are the condition keys of the request, with their values. A key that is not here is not in the request.
	Context map[string][]string
}

// String is the request as a problem names it.
func (r Request) String() string {
	return fmt.Sprintf("%s on %s with %v", r.Action, r.Resource, r.Context)
}

// ReadPolicy reads policy documents. What Allows cannot judge is an error: nothing is guessed.
func ReadPolicy(documents ...string) (Policy, error) {
	var p Policy
	for _, text := range documents {
		var document struct{ Statement any }
		if err := json.Unmarshal([]byte(text), &document); err != nil {
			return p, fmt.Errorf("policy: %w", err)
		}
		for _, each := range list(document.Statement) {
			members, _ := each.(map[string]any)
			s, err := readStatement(members)
			if err != nil {
				return p, fmt.Errorf("statement %v: %w", members, err)
			}
			p.statements = append(p.statements, s)
		}
	}
	return p, nil
}

func readStatement(members map[string]any) (statement, error) {
	s := statement{
		deny: members["Effect"] == "Deny", actions: stringsOf(members["Action"]), resources: stringsOf(members["Resource"]),
	}
	if len(s.actions) == 0 || len(s.resources) == 0 || members["NotAction"] != nil || members["NotResource"] != nil {
		return s, errors.New("expected Action and Resource")
	}
	conditions, _ := members["Condition"].(map[string]any)
	for operator, keys := range conditions {
		if !known(operator) {
			return s, fmt.Errorf("unknown operator %s", operator)
		}
		values, _ := keys.(map[string]any)
		for key, value := range values {
			s.conditions = append(s.conditions, condition{operator, key, stringsOf(value)})
		}
	}
	return s, nil
}

// Allows decides about a request as IAM does (its user guide, "Policy evaluation logic"): what one statement denies is
// denied, and of the rest what one allows is allowed.
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
	holds := func(c condition) bool { return c.holds(r.Context) }
	return slices.ContainsFunc(s.actions, func(pattern string) bool { return Like(strings.ToLower(pattern), action) }) &&
		slices.ContainsFunc(s.resources, func(pattern string) bool { return Like(pattern, r.Resource) }) &&
		len(slices.DeleteFunc(slices.Clone(s.conditions), holds)) == 0
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
