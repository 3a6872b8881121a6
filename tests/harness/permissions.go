package harness

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Request is a request to AWS as IAM decides about it.
type Request struct {
	// Action is an IAM action, and Resource an ARN that it is checked on, or "*" where it knows none.
	Action, Resource string
	// Context are the condition keys that the request has, with their values.
	Context map[string][]string
}

// Permissions are what the policies of one identity say.
type Permissions []permission

type permission struct {
	Effect           string
	Action, Resource []string
	Condition        map[string]map[string]values
}

// values are one value or a list of them.
type values []string

func (v *values) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*v = values{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(v))
}

// Add adds a policy.
func (p *Permissions) Add(document string) error {
	var policy struct{ Statement []permission }
	if err := json.Unmarshal([]byte(document), &policy); err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	*p = append(*p, policy.Statement...)
	return nil
}

// Allow decides about a request as IAM does (its user guide, "Policy evaluation logic"): whatever is denied is denied,
// and of the rest what is allowed is allowed.
func (p Permissions) Allow(r Request) bool {
	allowed := false
	for _, s := range p {
		if !s.is(r) {
			continue
		}
		if s.Effect == "Deny" {
			return false
		}
		allowed = true
	}
	return allowed
}

// is reports whether a statement is about a request.
func (s *permission) is(r Request) bool {
	like := func(value string) func(string) bool {
		return func(pattern string) bool { return matches(pattern, value) }
	}
	if !slices.ContainsFunc(s.Action, like(r.Action)) || !slices.ContainsFunc(s.Resource, like(r.Resource)) {
		return false
	}
	for operator, keys := range s.Condition {
		for key, wanted := range keys {
			given, there := r.Context[key]
			if !holds(operator, wanted, given, there) {
				return false
			}
		}
	}
	return true
}

// holds decides about one key of a condition (IAM user guide, "Condition operators" and "Set operators").
func holds(operator string, wanted, given []string, there bool) bool {
	operator, all := strings.CutPrefix(operator, "ForAllValues:")
	operator, optional := strings.CutSuffix(operator, "IfExists")
	if operator == "Null" {
		return there == (wanted[0] == "false")
	}
	negated := strings.Contains(operator, "Not")
	if !there {
		return all || optional || negated
	}
	same := func(a, b string) bool { return a == b }
	if strings.HasSuffix(operator, "Like") || strings.HasPrefix(operator, "Arn") {
		same = matches
	}
	fits := func(value string) bool {
		return slices.ContainsFunc(wanted, func(w string) bool { return same(w, value) }) != negated
	}
	for _, value := range given {
		if fits(value) != all {
			return !all
		}
	}
	return all
}

// matches reports whether a pattern of IAM's matches, in which "*" is any text and "?" any character.
func matches(pattern, text string) bool {
	quoted := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("^" + quoted + "$").MatchString(text)
}
