package heldout

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sagehost/kit/check"
)

// head takes the header, and reports everything that is wrong with it.
func (s *Set) head(columns []string) error {
	var problems []error
	first := map[string]int{}
	for i := range columns {
		columns[i] = strings.TrimSpace(columns[i])
	}
	for i, name := range columns {
		if j, twice := first[name]; twice {
			problems = append(problems, fmt.Errorf("columns %d and %d are both named %q", j+1, i+1, name))
			continue
		}
		first[name] = i
	}
	s.label = slices.Index(columns, strings.TrimSpace(s.Label))
	switch {
	case s.label < 0:
		near := check.DidYouMean(s.Label, columns)
		problems = append(problems, fmt.Errorf("has no column %q for the label%s", s.Label, near))
	case len(columns) == 1:
		problems = append(problems, fmt.Errorf("has no column beside the label %q", s.Label))
	}
	if len(problems) > 0 {
		return errors.Join(problems...)
	}
	s.Columns = slices.Delete(columns, s.label, s.label+1)
	return nil
}
