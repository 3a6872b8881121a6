// Package check collects everything that is wrong with a value, each problem under the path a user would type.
package check

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Problem is one thing that is wrong.
type Problem struct {
	// Path says where, in the notation of `pulumi config set --path`, such as "variants[0].weight".
	Path string
	// Text says what was given and what is allowed: lower case, no full stop, never a secret's value.
	Text string
}

// Problems is all that is wrong with one value, sorted by path. It is an error when it is not empty.
type Problems []Problem

// Outside drops the problems at or beneath a path that one of the others has: where a value could not be read, nothing
// stands in its place, and what is wrong with that helps nobody.
func (p Problems) Outside(others Problems) Problems {
	return slices.DeleteFunc(slices.Clone(p), func(problem Problem) bool {
		return slices.ContainsFunc(others, func(other Problem) bool {
			beneath, ok := strings.CutPrefix(problem.Path, other.Path)
			return ok && (beneath == "" || beneath[0] == '.' || beneath[0] == '[')
		})
	})
}

// Error lists the problems, one line each.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// String is the problem as one line; a problem of the whole value has no path.
func (p Problem) String() string {
	if p.Path == "" {
		return p.Text
	}
	return p.Path + ": " + p.Text
}

// At is a place in the value under examination. Copies share one list of problems.
type At struct {
	path  string
	found *Problems
}

// New starts an examination at path; an empty path stands for the value itself.
func New(path string) At { return At{path: path, found: &Problems{}} }

// plainKey matches keys that need no quoting in a property path, and flags of commands.
var plainKey = regexp.MustCompile(`^(--)?[A-Za-z_][A-Za-z0-9_-]*$`)

// Key is the place of a member.
func (a At) Key(name string) At {
	switch {
	case !plainKey.MatchString(name):
		a.path = fmt.Sprintf("%s[%q]", a.path, name)
	case a.path == "" || strings.HasSuffix(a.path, ":"):
		a.path += name
	default:
		a.path += "." + name
	}
	return a
}

// Index is the place of a list's element, counted from 0.
func (a At) Index(i int) At {
	a.path = fmt.Sprintf("%s[%d]", a.path, i)
	return a
}

// Addf reports a problem here.
func (a At) Addf(format string, args ...any) {
	*a.found = append(*a.found, Problem{Path: a.path, Text: fmt.Sprintf(format, args...)})
}

// Err returns all problems found, sorted by path, as Problems; nil when there are none.
func (a At) Err() error {
	if problems := a.Problems(); len(problems) > 0 {
		return problems
	}
	return nil
}

// Problems returns all problems found, sorted by path.
func (a At) Problems() Problems { return Join(*a.found) }

// index matches a place in a list.
var index = regexp.MustCompile(`\[\d+\]`)

// sortKey is a path in which [10] comes after [2].
func sortKey(path string) string {
	return index.ReplaceAllStringFunc(path, func(i string) string { return fmt.Sprintf("%10s", i) })
}

// Join puts lists of problems together, sorted by path.
func Join(lists ...Problems) Problems {
	joined := slices.Concat(lists...)
	slices.SortStableFunc(joined, func(x, y Problem) int { return cmp.Compare(sortKey(x.Path), sortKey(y.Path)) })
	return slices.Compact(joined)
}

// Has reports whether there is a problem at exactly this place.
func (p Problems) Has(at At) bool {
	return slices.ContainsFunc(p, func(problem Problem) bool { return problem.Path == at.path })
}
