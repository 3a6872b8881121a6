package promotion

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"sagehost/internal/release"
)

// stamp is a time for people to read.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// verb is what an entry did, as branches are called.
func verb(e *Entry) string {
	if e.Hold != "" {
		return "rollback"
	}
	return "promote"
}

// title is the change in a line.
func title(c *Change, e *Entry) string {
	switch {
	case e.Hold != "":
		return fmt.Sprintf("Roll %s in %s back to release %s", c.Model, c.Stack, release.Short(e.Release))
	case e.From == "":
		return fmt.Sprintf("Begin the record of %s in %s with release %s", c.Model, c.Stack, release.Short(e.Release))
	}
	return fmt.Sprintf("Promote release %s of %s from %s to %s", release.Short(e.Release), c.Model, e.From, c.Stack)
}

// body is the change as a reviewer wants it: what changes, what it rests on, and how to undo it.
func body(c *Change, r *Result) string {
	e := &r.Entry
	var text strings.Builder
	fmt.Fprintf(&text, "# %s\n\n", title(c, e))
	before := "none"
	if e.Previous != "" {
		before = "`" + e.Previous + "`"
	}
	fmt.Fprintf(&text, "| | |\n|---|---|\n| release | `%s` |\n| before | %s |\n| by | %s |\n| at | %s |\n",
		e.Release, before, plain(e.By), stamp(e.At))
	if e.Override != "" {
		fmt.Fprintf(&text, "\n**Gates were overridden:** %s\n", plain(e.Override))
	}
	if e.HoldReleased != "" {
		fmt.Fprintf(&text, "\nA rollback had taken this release out; the hold ends with this change.\n")
	}
	if len(r.Replaced) > 0 {
		fmt.Fprintf(&text, "\nThe release takes the place of the model's inline description: `%s`.\n",
			strings.Join(r.Replaced, "`, `"))
	}
	if len(e.Gates) > 0 {
		text.WriteString("\n## Gates\n\n| gate | result | measured | evidence |\n|---|---|---|---|\n")
		for _, v := range e.Gates {
			at := "never"
			if !v.At.IsZero() {
				at = stamp(v.At)
			}
			fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", plain(v.Gate), v.Result, at, plain(v.Detail))
		}
		fmt.Fprintf(&text, "\nThe evidence was gathered in stack %s and is in `%s`.\n",
			e.From, strings.ReplaceAll(release.Path("releases", c.Model, e.Release), "\\", "/"))
	}
	fmt.Fprintf(&text, "\n## Change\n\n%s\n## Rolling back\n\n%s\n", fenced(r.Diff), undo(c, e))
	return text.String()
}

func undo(c *Change, e *Entry) string {
	switch {
	case e.Hold != "":
		return fmt.Sprintf("Release `%s` is held: promoting it again takes `--release-hold`.", e.Hold)
	case e.Previous == "":
		return "There was no release before this one, and nothing to roll back to: promote another one."
	default:
		return fmt.Sprintf("After it is deployed: `%s` goes back to release `%s`.",
			c.Commands.On(c.Stack).OnStack("rollback", c.Model), e.Previous)
	}
}

// fenced is a text as a block of code that nothing in it can end.
func fenced(text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + "diff\n" + text + fence + "\n"
}

// mention matches what GitHub takes for somebody's name.
var mention = regexp.MustCompile(`(^|[^\w])@`)

// plain is a text of people or of AWS in which nothing is markup, a link or a mention.
func plain(text string) string {
	text = mention.ReplaceAllString(line(text), "$1@\u200b")
	return strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[",
		"]", "\\]", "|", "\\|", "#", "\\#").Replace(text)
}
