package settings

import (
	"strings"
	"testing"
)

func TestAStackThatCannotBePartOfNamesIsRefusedOnce(t *testing.T) {
	t.Parallel()
	const rule = " may only have lower-case letters, digits and hyphens, at most 38: the names of the stack's buckets " +
		"begin with it"
	long := strings.Repeat("s", 39)
	refuse(t, []row{
		{name: "upper case", stack: "Dev", want: []string{`the stack's name: "Dev"` + rule}},
		{name: "a dot", stack: "dev.eu", want: []string{`the stack's name: "dev.eu"` + rule}},
		{name: "an underscore", stack: "dev_eu", want: []string{`the stack's name: "dev_eu"` + rule}},
		{name: "a long name", stack: long, want: []string{`the stack's name: "` + long + `"` + rule}},
	})
}
