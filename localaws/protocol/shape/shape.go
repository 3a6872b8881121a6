// Package shape describes the requests of AWS services and says, in AWS's words, what is wrong with one.
package shape

import (
	"regexp"
	"strings"
)

// Shape is what a service model says of a value.
type Shape struct {
	kind    kind
	limit   string
	choices []string
	low     *float64
	high    *float64
	// pattern is one that package limits does not have; spelled is how the service model spells it.
	pattern *regexp.Regexp
	spelled string
	key     *Shape
	element *Shape
	members []Member
	// secret keeps the value out of messages.
	secret bool
}

// Member is a named part of a structure.
type Member struct {
	name     string
	required bool
	shape    Shape
}

// kind is the JSON type of a value, as AWS names it in its messages, with its article.
type kind string

const (
	kindText      kind = "a String"
	kindInteger   kind = "an Integer"
	kindFloat     kind = "a Float"
	kindFlag      kind = "a Boolean"
	kindTime      kind = "milliseconds since epoch"
	kindList      kind = "a List"
	kindMap       kind = "a Map"
	kindStructure kind = "a Structure"
)

// Text is a string with the length and the pattern that package limits has under a name.
func Text(limit string) Shape { return Shape{kind: kindText, limit: limit} }

// Length is a string of low to high characters.
func Length(low, high float64) Shape { return Shape{kind: kindText, low: &low, high: &high} }

// Pattern is a string of low to high characters, all of which match a pattern that Go and AWS spell alike.
func Pattern(low, high float64, pattern string) Shape {
	spelled := strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$")
	return Shape{
		kind: kindText, low: &low, high: &high, spelled: pattern, pattern: regexp.MustCompile("^(" + spelled + ")$"),
	}
}

// ASCII is a string of low to high characters, all of which are ASCII's.
func ASCII(low, high float64) Shape {
	// Go has another name for what the service models spell like this.
	return Shape{
		kind: kindText, low: &low, high: &high, spelled: `\p{ASCII}*`, pattern: regexp.MustCompile(`^[[:ascii:]]*$`),
	}
}

// Enum is a string with the values that package limits has under a name.
func Enum(limit string) Shape { return Shape{kind: kindText, limit: limit, choices: []string{}} }

// Choice is one of some strings.
func Choice(values ...string) Shape { return Shape{kind: kindText, choices: values} }

// Integer is a whole number in the range that package limits has under a name.
func Integer(limit string) Shape { return Shape{kind: kindInteger, limit: limit} }

// Between is a whole number from low to high.
func Between(low, high float64) Shape { return Shape{kind: kindInteger, low: &low, high: &high} }

// AtLeast is a whole number that is not below low.
func AtLeast(low float64) Shape { return Shape{kind: kindInteger, low: &low} }

// Whole is any whole number.
func Whole() Shape { return Shape{kind: kindInteger} }

// Float is any number.
func Float() Shape { return Shape{kind: kindFloat} }

// FloatAtLeast is a number that is not below low.
func FloatAtLeast(low float64) Shape { return Shape{kind: kindFloat, low: &low} }

// Sensitive is a shape whose values are not told in messages.
func Sensitive(s Shape) Shape {
	s.secret = true
	return s
}

// Flag is true or false.
func Flag() Shape { return Shape{kind: kindFlag} }

// Time is a moment, in seconds since 1970.
func Time() Shape { return Shape{kind: kindTime} }

// List holds elements; their number is in the range that package limits has under a name, or free for "".
func List(limit string, element Shape) Shape {
	return Shape{kind: kindList, limit: limit, element: &element}
}

// ListOf holds low to high elements.
func ListOf(low, high float64, element Shape) Shape {
	return Shape{kind: kindList, low: &low, high: &high, element: &element}
}

// ListAtLeast holds low or more elements.
func ListAtLeast(low float64, element Shape) Shape {
	return Shape{kind: kindList, low: &low, element: &element}
}

// Map holds values under keys; their number is in the range that package limits has under a name, or free for "".
func Map(limit string, key, value Shape) Shape {
	return Shape{kind: kindMap, limit: limit, key: &key, element: &value}
}

// Structure has members. Members that are not listed pass unseen, as AWS ignores what it does not know.
func Structure(members ...Member) Shape { return Shape{kind: kindStructure, members: members} }

// Required is a member that must be there.
func Required(name string, s Shape) Member { return Member{name: name, required: true, shape: s} }

// Optional is a member that may be left out.
func Optional(name string, s Shape) Member { return Member{name: name, shape: s} }
