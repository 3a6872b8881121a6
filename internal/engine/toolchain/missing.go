package toolchain

import (
	"errors"
	"fmt"
	"strings"
)

// Missing is the error that names the tools which are neither there nor can be made here.
type Missing struct {
	// Tools are the missing tools.
	Tools []MissingTool
}

// MissingTool is one tool that is missing.
type MissingTool struct {
	// Name is what the tool is called.
	Name string
	// Why says what was found instead, in lower case.
	Why string
	// Ways are the ways to get it, each a sentence without its full stop.
	Ways []string
}

// Error lists the tools, one a line, each followed by the ways to get it.
func (m *Missing) Error() string {
	var text strings.Builder
	plural := "s"
	if len(m.Tools) == 1 {
		plural = ""
	}
	fmt.Fprintf(&text, "%d tool%s missing for the local AWS", len(m.Tools), plural)
	for _, tool := range m.Tools {
		fmt.Fprintf(&text, "\n  %s: %s", tool.Name, tool.Why)
		for _, way := range tool.Ways {
			fmt.Fprintf(&text, "\n    - %s", way)
		}
	}
	return text.String()
}

func missing(name, why string, ways ...string) error {
	return &Missing{Tools: []MissingTool{{Name: name, Why: why, Ways: ways}}}
}

// join makes one Missing of all, so that one run tells everything. Other errors stand beside it.
func join(problems []error) error {
	var all Missing
	var others []error
	for _, problem := range problems {
		if m, ok := errors.AsType[*Missing](problem); ok {
			all.Tools = append(all.Tools, m.Tools...)
		} else if problem != nil {
			others = append(others, problem)
		}
	}
	if len(all.Tools) > 0 {
		others = append(others, &all)
	}
	return errors.Join(others...)
}
