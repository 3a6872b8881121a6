// Package limits holds what the SageMaker API accepts: the patterns, ranges and enumerations of its service model,
// embedded from the file sagemaker.json, whose member "source" names the model and its date.
package limits

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"sync"
	"unicode/utf8"
)

// MaxNameLength is the longest name SageMaker takes for models, endpoints, endpoint configurations, variants and jobs.
const MaxNameLength = 63

//go:embed sagemaker.json
var serviceModel []byte

// constraint is what the service model says of a shape. Min and Max bound the length of strings, lists and maps, and
// the value of numbers.
type constraint struct {
	Min     *float64 `json:"min"`
	Max     *float64 `json:"max"`
	Pattern string   `json:"pattern"`
	expr    *regexp.Regexp
}

type model struct {
	Constraints map[string]*constraint `json:"constraints"`
	Enums       map[string][]string    `json:"enums"`
}

var load = sync.OnceValue(func() *model {
	var m model
	// The embedded file is part of the program: a test keeps it readable, so there is no error to hand on.
	_ = json.Unmarshal(serviceModel, &m)
	for _, c := range m.Constraints {
		// Two patterns are beyond Go's regexp and are not enforced: the lookahead of alarm names, which only says "not
		// blank", and the repetition in ARNs of model packages, which only bounds a length that Max bounds, too.
		if expr, err := regexp.Compile(`^(?:` + c.Pattern + `)$`); err == nil {
			c.expr = expr
		}
	}
	return &m
})

// Enum lists the values of an enumeration of the service model, such as "RoutingStrategy"; nil for an unknown name.
func Enum(shape string) []string { return load().Enums[shape] }

// Range returns the bounds of a number, or of the size of a list or map; ok is false where the model names no bound.
func Range(shape string) (low, high float64, ok bool) {
	c := load().Constraints[shape]
	if c == nil || c.Min == nil || c.Max == nil {
		return 0, 0, false
	}
	return *c.Min, *c.Max, true
}

// Pattern is the regular expression that strings of a shape must match as a whole; empty where the model names none.
func Pattern(shape string) string {
	if c := load().Constraints[shape]; c != nil {
		return c.Pattern
	}
	return ""
}

// rules are what patterns demand, in words that follow the value.
var rules = map[string]string{
	`[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`:        nameRule,
	`[a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?`: nameRule,
	`(https|s3)://([^/]+)/?(.*)`:              locationRule,
	`(https|s3)://([^/])/?(.*)`:               locationRule,
	`([\p{L}\p{Z}\p{N}_.:/=+\-@]*)`:           "may only have letters, digits, spaces and _ . : / = + - @",
	`[a-zA-Z_][a-zA-Z0-9_]*`:                  "may only have letters, digits and underscores, and no digit at its start",
	`[a-zA-Z0-9:/_-]*`:                        "may only have letters, digits and : / _ -",
	`[-0-9a-zA-Z]+`:                           "may only have letters, digits and hyphens",
	`[\S]+`:                                   "may have no spaces",
	`arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`: "is not the ARN of an IAM role, such as " +
		"arn:aws:iam::123456789012:role/name",
	`[a-zA-Z0-9](-*[a-zA-Z0-9])*\/[a-zA-Z0-9](-*[a-zA-Z0-9.])*`: "is not a media type, such as text/csv",
}

const (
	nameRule     = "may only have letters, digits and hyphens, and no hyphen at its start or end"
	locationRule = "is not a location in Amazon S3, such as s3://bucket/key"
)

// Rule is what the strings of a shape must be like, in words that follow the string; empty where any will do.
func Rule(shape string) string { return rules[Pattern(shape)] }

// Matches reports whether a string matches the pattern of its shape.
func Matches(shape, value string) bool {
	c := load().Constraints[shape]
	return c == nil || c.expr == nil || c.expr.MatchString(value)
}

// StringProblem says what is wrong with a string of a shape, such as "EndpointName"; empty when nothing is.
func StringProblem(shape, value string) string {
	c := load().Constraints[shape]
	if c == nil {
		return ""
	}
	length := float64(utf8.RuneCountInString(value))
	switch {
	case c.Max != nil && length > *c.Max:
		return fmt.Sprintf("%q has %v characters; at most %v are allowed", value, length, *c.Max)
	case c.Min != nil && length < *c.Min:
		return fmt.Sprintf("%q has %v characters; at least %v are required", value, length, *c.Min)
	case value == "" && !Matches(shape, value):
		return "is empty"
	case !Matches(shape, value):
		return fmt.Sprintf("%q %s", value, Rule(shape))
	}
	return ""
}
