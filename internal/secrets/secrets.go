// Package secrets tells values that look like secrets, so that they are refused, or not shown.
package secrets

import "regexp"

// ARN matches a secret in AWS Secrets Manager, in any partition: the name of a secret, and not the secret itself.
var ARN = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$`)

// names matches names whose last word says "secret", in snake or camel case. MAX_TOTAL_TOKENS is a number, so the
// plural is no secret.
var names = regexp.MustCompile(`(?i:passw(or)?d|passphrase)|` +
	`(?i:(^|[_-])(secret|token|credentials?|(api|access|private|secret)_?key))$|` +
	`[a-z0-9](Secret|Token|Credentials?|(Api|Access|Private|Secret)Key)$`)

// vocabularyToken matches the special tokens of a vocabulary, such as "<pad>" and "[SEP]": no token to log in with.
var vocabularyToken = regexp.MustCompile(`^(<.*>|\[.*\])$`)

// values matches what can be nothing else: AWS access key ids, GitHub and Hugging Face tokens, private keys.
var values = regexp.MustCompile(`(^|\W)(AKIA|ASIA)[A-Z0-9]{16}(\W|$)|(^|\W)(gh[pousr]|hf)_[A-Za-z0-9]{30,}|` +
	`-----BEGIN [A-Z ]*PRIVATE KEY`)

// pair matches a name and its value in JSON, YAML, a query or a header.
var pair = regexp.MustCompile(`([A-Za-z][\w-]*)["']?\s*[:=]\s*["']?([^\s"',;&}]+)`)

// Looks reports whether a value looks like a secret, by itself or by its name.
func Looks(name, value string) bool {
	if value == "" || ARN.MatchString(value) || vocabularyToken.MatchString(value) {
		return false
	}
	return names.MatchString(name) || values.MatchString(value)
}

// Within reports whether something in a text looks like a secret.
func Within(text string) bool {
	if values.MatchString(text) {
		return true
	}
	for _, found := range pair.FindAllStringSubmatch(text, -1) {
		if Looks(found[1], found[2]) {
			return true
		}
	}
	return false
}
