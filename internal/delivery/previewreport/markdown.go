package previewreport

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize/english"
)

// Limit is the most bytes of a report's text. GitHub takes 65,536 characters in a comment or an issue, of which there
// are never more than bytes; the rest is for a line about where the report comes from.
const Limit = 65536 - 1024

// Marker is the first line of a report's text, by which the one before it is found again.
func Marker(operation Operation, stack string) string {
	return fmt.Sprintf("<!-- sagehost:%s:%s -->", operation, stack)
}

// Markdown is the report for people, of at most Limit bytes: what is most important first, and what does not fit
// left out with a word about it.
func (r *Report) Markdown() string {
	p := &page{room: Limit - len(ending)}
	p.put(Marker(r.Operation, r.Stack) + "\n" + r.heading() + "\n")
	if r.Failed {
		p.fence(r.Errors)
	}
	p.put("\n" + r.counts() + "\n")
	p.table("\n> [!CAUTION]\n> Data is lost with what is deleted:\n", r.losses())
	p.table("\n#### Declared to be no secret\n\n| | variables |\n|---|---|\n", r.notSecretRows())
	p.table("\n#### Endpoints\n\n| endpoint | | how | what differs |\n|---|---|---|---|\n", r.endpointRows())
	p.table("\n#### Replaced\n\n| resource | because of |\n|---|---|\n", r.replacedRows())
	p.details("All differences", "| | type | name | properties |\n|---|---|---|---|\n", r.changeRows())
	return p.String()
}

func (r *Report) heading() string {
	what := map[Operation]string{Preview: "Preview of stack", Drift: "Drift of stack"}[r.Operation]
	if r.Failed {
		return fmt.Sprintf("### %s %s failed", what, code(r.Stack))
	}
	return fmt.Sprintf("### %s %s", what, code(r.Stack))
}

// words are how operations are counted.
var words = []struct{ op, plan, found string }{
	{"create", "to create", "created"},
	{"update", "to update", "changed"},
	{"replace", "to replace", "replaced"},
	{"delete", "to delete", "deleted"},
	{"import", "to import", "imported"},
}

func (r *Report) counts() string {
	number := map[string]int{}
	for _, c := range r.Changes {
		number[c.Op]++
	}
	var parts []string
	others := len(r.Changes)
	for _, w := range words {
		if n := number[w.op]; n > 0 {
			word := w.plan
			if r.Operation == Drift {
				word = w.found
			}
			parts = append(parts, fmt.Sprintf("**%d %s**", n, word))
			others -= n
		}
	}
	if others > 0 {
		parts = append(parts, "**"+english.Plural(others, "other", "")+"**")
	}
	text := strings.Join(append(parts, fmt.Sprintf("%d unchanged", r.Unchanged)), ", ")
	if r.Failed {
		return "Until it failed: " + text + "."
	}
	return text + "."
}

func (r *Report) losses() []string {
	var lines []string
	for _, c := range r.Changes {
		if c.Data == "" {
			continue
		}
		line := fmt.Sprintf("> - %s %s: %s", code(c.Type), code(c.Name), c.Data)
		if c.Protected {
			line += "; it is protected, and Pulumi will refuse"
		}
		lines = append(lines, line+"\n")
	}
	return lines
}

func (r *Report) notSecretRows() []string {
	var rows []string
	for _, n := range r.NotSecret {
		rows = append(rows, fmt.Sprintf("| %s %s | %s |\n", code(n.Type), code(n.Name), codes(n.Variables)))
	}
	return rows
}

func (r *Report) endpointRows() []string {
	var rows []string
	for _, e := range r.Endpoints {
		var differs []string
		for _, m := range e.Models {
			differs = append(differs, "model "+code(m.Name))
			for _, d := range m.Differences {
				differs = append(differs, fmt.Sprintf("%s: %s → %s", cell(d.What), value(d.From), value(d.To)))
			}
		}
		op := map[string]string{
			"create": "is created", "update": "is updated", "delete": "**is deleted**",
			"replace": "**is replaced: it does not answer meanwhile**",
		}[e.Op]
		rows = append(rows, fmt.Sprintf("| %s (%s) | %s | %s | %s |\n",
			code(e.Name), code(e.InAWS), op, cell(e.How), strings.Join(differs, "<br>")))
	}
	return rows
}

func (r *Report) replacedRows() []string {
	var rows []string
	for _, c := range r.Changes {
		if c.Op == "replace" {
			rows = append(rows, fmt.Sprintf("| %s %s | %s |\n", code(c.Type), code(c.Name), codes(c.Because)))
		}
	}
	return rows
}

func (r *Report) changeRows() []string {
	var rows []string
	for _, c := range r.Changes {
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s |\n",
			cell(c.Op), code(c.Type), code(c.Name), codes(c.Properties)))
	}
	return rows
}
