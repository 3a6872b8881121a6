// Package secrets tells values that look like secrets, by their names and by their own form, so that they are refused,
// or not shown.
package secrets

import (
	"fmt"
	"regexp"
)

// ARN matches a secret in AWS Secrets Manager, in any partition: the name of a secret, and not the secret itself.
var ARN = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$`)

// Looks reports whether a value looks like a secret, by itself or by its name.
func Looks(name, value string) bool { return Why(name, value) != "" }

// Why says why a value looks like a secret, such as `its name ends in "token"`, without showing it; empty when it does
// not.
func Why(name, value string) string {
	if harmlessValue.MatchString(value) {
		return ""
	}
	if kind := formIn(value); kind != "" {
		return "it holds " + kind
	}
	if word := secretWord(name); word != "" && !isHarmlessFor(word, value) {
		return fmt.Sprintf("its name ends in %q", word)
	}
	for _, found := range pair.FindAllStringSubmatch(value, -1) {
		word := secretWord(found[1])
		if word != "" && !harmlessValue.MatchString(found[2]) && !isHarmlessFor(word, found[2]) {
			return fmt.Sprintf("it holds a value whose name ends in %q", word)
		}
	}
	return ""
}

// Within reports whether something in a text looks like a secret.
func Within(text string) bool { return Why("", text) != "" }

// Hidden stands for a secret that is not shown.
const Hidden = "(secret)"

// Redact is a text with what looks like secrets replaced by Hidden.
func Redact(text string) string {
	for i := range forms {
		text = forms[i].redact(text)
	}
	return pair.ReplaceAllStringFunc(text, func(found string) string {
		at := pair.FindStringSubmatchIndex(found)
		name, value := found[at[2]:at[3]], found[at[4]:at[5]]
		if word := secretWord(name); word == "" || harmlessValue.MatchString(value) || isHarmlessFor(word, value) {
			return found
		}
		return found[:at[4]] + Hidden + found[at[5]:]
	})
}

// pair matches a name and its value in JSON, YAML, a query, a connection string or a header.
var pair = regexp.MustCompile(`([A-Za-z][\w-]*)["']?\s*[:=]\s*["']?` +
	`(\$\{[^{}]*\}|\{\{[^{}]*\}\}|[^\s"',;&{}()\[\]]+)`)

// harmlessValue matches what only names a secret, stands for one that is filled in later, or says yes, no or nothing.
var harmlessValue = regexp.MustCompile(`^(?:|arn:aws[a-z-]*:[^\s]*|alias/[\w/-]+|(?i:true|false|yes|no|on|off|none|` +
	`null|n/a|empty|dummy|placeholder|unused|not-needed|auto|default|optional|required|disabled|` +
	`enabled)|\*+|<[^<>]*>|\[[A-Z_]+\]|` +
	`\$\{[^{}]*\}|\$[A-Z_]+|\{\{[^{}]*\}\}|` +
	regexp.QuoteMeta(Hidden) + `)$`)
