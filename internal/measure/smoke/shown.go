package smoke

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sagehost/kit/secrets"
)

// maxShown is how much of a text reports show, in characters: enough to recognise it, and no dump of data.
const maxShown = 120

// hidden stands for what looks like a secret.
const hidden = "(not shown: it looks like a secret)"

// shown is a text in quotes, cut where it is long. One that looks as if it held a secret is not shown.
func shown(text string) string {
	if secrets.Within(text) {
		return hidden
	}
	if cut := bounded(text); cut != text {
		return strconv.Quote(cut) + " (" + strconv.Itoa(len(text)) + " bytes)"
	}
	return strconv.Quote(text)
}

// bounded is the beginning of a text.
func bounded(text string) string {
	if utf8.RuneCountInString(text) <= maxShown {
		return text
	}
	return string([]rune(text)[:maxShown]) + "…"
}

// oneLine puts a text of several lines into one.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
