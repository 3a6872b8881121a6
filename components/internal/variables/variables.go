// Package variables checks the environment variables that containers are handed, which anyone can read who may describe
// what they belong to.
package variables

import (
	"maps"
	"regexp"
	"slices"

	"sagehost/internal/check"
	"sagehost/internal/limits"
)

// Check reports names that cannot be, values of more than so many bytes, and secrets in plain text.
func Check(at check.At, environment map[string]string, longest int) {
	for _, key := range slices.Sorted(maps.Keys(environment)) {
		value := environment[key]
		if problem := limits.StringProblem("EnvironmentKey", key); problem != "" {
			at.Key(key).Addf("the name %s", problem)
		}
		if n := len(value); n > longest {
			at.Key(key).Addf("has %d characters; at most %d are allowed", n, longest)
		}
		if LooksSecret(key, value) {
			at.Key(key).Addf("looks like a secret in plain text; " +
				"store it in AWS Secrets Manager and give the secret's ARN")
		}
	}
}

// secretARN is a secret in AWS Secrets Manager, in any partition.
var secretARN = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$`)

// IsSecretARN reports whether a value names a secret in AWS Secrets Manager.
func IsSecretARN(value string) bool { return secretARN.MatchString(value) }

// secretKey matches names whose last word says "secret", in snake or camel case. MAX_TOTAL_TOKENS is a number, so the
// plural is no secret.
var secretKey = regexp.MustCompile(`(?i:passw(or)?d|passphrase)|` +
	`(?i:(^|[_-])(secret|token|credentials?|(api|access|private|secret)_?key))$|` +
	`[a-z0-9](Secret|Token|Credentials?|(Api|Access|Private|Secret)Key)$`)

// vocabularyToken matches the special tokens of a vocabulary, such as "<pad>" and "[SEP]": no token to log in with.
var vocabularyToken = regexp.MustCompile(`^(<.*>|\[.*\])$`)

// secretValue matches what can be nothing else: AWS access key ids, GitHub and Hugging Face tokens, private keys.
var secretValue = regexp.MustCompile(`(^|\W)(AKIA|ASIA)[A-Z0-9]{16}(\W|$)|(^|\W)(gh[pousr]|hf)_[A-Za-z0-9]{30,}|` +
	`-----BEGIN [A-Z ]*PRIVATE KEY`)

// LooksSecret reports whether a variable holds what nobody but its container should read.
func LooksSecret(key, value string) bool {
	if value == "" || IsSecretARN(value) || vocabularyToken.MatchString(value) {
		return false
	}
	return secretKey.MatchString(key) || secretValue.MatchString(value)
}
