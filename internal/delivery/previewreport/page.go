package previewreport

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ending is what a page that is full ends with.
const ending = "\n_The rest does not fit here; the log of the run has it._\n"

// rest is kept free for the word about the rows of a table that do not fit.
const rest = 200

// cellLimit is how many bytes of a name or a value are shown.
const cellLimit = 400

// page is Markdown of limited length.
type page struct {
	text strings.Builder
	room int
	full bool
}

func (p *page) String() string {
	if p.full {
		return p.text.String() + ending
	}
	return p.text.String()
}

// put adds a piece, or none of it where it does not fit.
func (p *page) put(piece string) {
	if p.full = p.full || len(piece) > p.room; p.full {
		return
	}
	p.text.WriteString(piece)
	p.room -= len(piece)
}

// fence adds lines as they are. Nothing in them can end the fence, because it is longer than any that they hold.
func (p *page) fence(lines []string) {
	text := strings.Join(lines, "\n\n")
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	const share = 4 // errors leave room for the rest
	if limit := Limit / share; len(text) > limit {
		text = cut(text, limit)
	}
	p.put("\n" + fence + "text\n" + text + "\n" + fence + "\n")
}

// table adds rows beneath a heading, as many as fit.
func (p *page) table(heading string, rows []string) {
	if len(rows) == 0 || p.full {
		return
	}
	if len(heading)+rest > p.room {
		p.full = true
		return
	}
	p.put(heading)
	for i, row := range rows {
		if len(row)+rest > p.room {
			p.put(fmt.Sprintf("\n… and %d more.\n", len(rows)-i))
			return
		}
		p.put(row)
	}
}

// details is a table that is folded.
func (p *page) details(title, heading string, rows []string) {
	const begin, end = "\n<details><summary>%s</summary>\n\n", "\n</details>\n"
	opening := fmt.Sprintf(begin, title)
	if len(rows) == 0 || p.full {
		return
	}
	if len(opening)+len(heading)+len(end)+rest > p.room {
		p.full = true
		return
	}
	p.put(opening)
	p.room -= len(end)
	p.table(heading, rows)
	p.room += len(end)
	p.put(end)
}

// cell is a text in a table: on one line, short, and without anything that Markdown or HTML would take for its own.
func cell(text string) string {
	return strings.NewReplacer(
		"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "`", "&#96;", "*", "&#42;", "_", "&#95;", "[", "&#91;",
		"]", "&#93;", "@", "&#64;", "\\", "&#92;", "~", "&#126;",
	).Replace(line(text))
}

// code is a text in a table as code.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "<code>" + cell(text) + "</code>"
}

func codes(texts []string) string {
	const most = 12
	var parts []string
	for i, text := range texts {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(texts)-i))
			break
		}
		parts = append(parts, code(text))
	}
	return strings.Join(parts, ", ")
}

// value is one side of a difference.
func value(text string) string {
	if text == "" {
		return "none"
	}
	return code(text)
}

// line is a text without what breaks lines or cannot be seen.
func line(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(cut(text, cellLimit), "�"))
}

// cut is the beginning of a text, of at most so many bytes.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	limit -= len("…")
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit] + "…"
}
