package runtime

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"

	"sagehost/localaws/protocol/shape"
)

// constraint is what the service model of 2017-05-13 says of a string.
type constraint struct {
	min, max int
	// pattern is as the model spells it; match does the same with Go's syntax, for the whole of a value.
	pattern string
	match   *regexp.Regexp
	// secret keeps the value out of messages.
	secret bool
}

const (
	patternASCII = `\p{ASCII}*`
	patternPrint = `\A\S[\p{Print}]*\z`
	patternName  = `^[a-zA-Z0-9](-*[a-zA-Z0-9])*`
)

var (
	matchASCII = regexp.MustCompile(`^[\x00-\x7F]*$`)
	matchPrint = regexp.MustCompile(`^[\x21-\x7E][\x20-\x7E]*$`)
	matchName  = regexp.MustCompile(`^[a-zA-Z0-9](-*[a-zA-Z0-9])*$`)

	plainHeader      = constraint{max: 1024, pattern: patternASCII, match: matchASCII}
	customAttributes = constraint{max: 1024, pattern: patternASCII, match: matchASCII, secret: true}
	inferenceID      = constraint{min: 1, max: 64, pattern: patternPrint, match: matchPrint}
	modelPath        = constraint{min: 1, max: 1024, pattern: patternPrint, match: matchPrint}
	shortName        = constraint{max: 63, pattern: patternName, match: matchName}
	explanations     = constraint{min: 1, max: 64, pattern: `.*`, match: regexp.MustCompile(`^.*$`)}
	component        = constraint{
		max: 63, pattern: `^[a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?$`,
		match: regexp.MustCompile(`^[a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?$`),
	}
	sessionID = constraint{
		max: 256, pattern: `^(NEW_SESSION)$|^[a-zA-Z0-9](-*[a-zA-Z0-9])*$`,
		match: regexp.MustCompile(`^(NEW_SESSION|[a-zA-Z0-9](-*[a-zA-Z0-9])*)$`),
	}
	location = constraint{
		min: 1, max: 1024, pattern: `^(https|s3)://([^/]+)/?(.*)$`,
		match: regexp.MustCompile(`^(https|s3)://([^/]+)/?(.*)$`),
	}
	extension = constraint{
		min: 1, max: 512, pattern: `^(?!s3:|https:)[a-zA-Z0-9!_.*'()/-]+$`,
		match: regexp.MustCompile(`^[a-zA-Z0-9!_.*'()/-]+$`),
	}
	// At most one dot.
	filename = constraint{
		min: 1, max: 32, pattern: `^(?!.*\..*\.)[a-zA-Z0-9][a-zA-Z0-9-_\.]*$`,
		match: regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_-]*(\.[a-zA-Z0-9_-]*)?$`),
	}
)

// problem says in AWS's words what is wrong with a value; empty when nothing is.
func (c *constraint) problem(value string) string {
	switch {
	case len(value) < c.min:
		return fmt.Sprintf("Member must have length greater than or equal to %d", c.min)
	case len(value) > c.max:
		return fmt.Sprintf("Member must have length less than or equal to %d", c.max)
	case !c.match.MatchString(value):
		return "Member must satisfy regular expression pattern: " + c.pattern
	}
	return ""
}

// headers reads members of a request from its headers and gathers what is wrong with them.
type headers struct {
	from       http.Header
	violations shape.Violations
}

// text is a member in a header; the header's name is in the canonical spelling. It is empty when there is none.
func (h *headers) text(header, member string, c *constraint) string {
	values := h.from[header]
	if len(values) == 0 {
		return ""
	}
	h.check(values[0], member, c)
	return values[0]
}

// check notes what is wrong with a member.
func (h *headers) check(value, member string, c *constraint) {
	problem := c.problem(value)
	if problem == "" {
		return
	}
	shown := "Value '" + value + "'"
	if c.secret {
		shown = "Value"
	}
	h.violate("%s at '%s' failed to satisfy constraint: %s", shown, member, problem)
}

// seconds is a whole number in a header, in a range.
func (h *headers) seconds(header, member string, low, high, otherwise int) int {
	values := h.from[header]
	if len(values) == 0 {
		return otherwise
	}
	n, err := strconv.Atoi(values[0])
	problem := ""
	switch {
	case err != nil:
		problem = "Member must be a whole number"
	case n < low:
		problem = fmt.Sprintf("Member must have value greater than or equal to %d", low)
	case n > high:
		problem = fmt.Sprintf("Member must have value less than or equal to %d", high)
	}
	if problem != "" {
		h.violate("Value '%s' at '%s' failed to satisfy constraint: %s", values[0], member, problem)
	}
	return n
}

func (h *headers) violate(format string, args ...any) {
	h.violations = append(h.violations, fmt.Sprintf(format, args...))
}

// err is a ValidationError with all that is wrong, or nil.
func (h *headers) err() error {
	if len(h.violations) == 0 {
		return nil
	}
	return invalid("%s", h.violations.Error())
}
