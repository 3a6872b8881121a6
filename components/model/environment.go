package model

import (
	"maps"
	"regexp"
	"slices"

	"sagehost/internal/check"
	"sagehost/internal/limits"
)

// Limits of ContainerDefinition.Environment: entries, and bytes of all keys and values together. The bytes are counted
// over all containers of a model.
const (
	maxEnvironmentEntries = 100
	maxEnvironmentBytes   = 32 * 1024
)

// SecretARNs lists the secrets that the environment names, sorted.
func (c *Container) SecretARNs() []string {
	var arns []string
	for _, value := range c.Environment {
		if secretARN.MatchString(value) {
			arns = append(arns, value)
		}
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}

func checkEnvironment(at check.At, environment map[string]string) {
	if n := len(environment); n > maxEnvironmentEntries {
		at.Addf("has %d entries; at most %d are allowed", n, maxEnvironmentEntries)
	}
	for _, key := range slices.Sorted(maps.Keys(environment)) {
		value := environment[key]
		if problem := limits.StringProblem("EnvironmentKey", key); problem != "" {
			at.Key(key).Addf("the name %s", problem)
		}
		if n := len(value); n > 1024 {
			at.Key(key).Addf("has %d characters; at most 1024 are allowed", n)
		}
		if looksSecret(key, value) {
			at.Key(key).Addf("looks like a secret in plain text; " +
				"store it in AWS Secrets Manager and give the secret's ARN")
		}
	}
	if n := size(environment); n > maxEnvironmentBytes {
		at.Addf("has %d bytes; at most %d are allowed", n, maxEnvironmentBytes)
	}
}

// checkEnvironments reports environments of a pipeline that are too large together, but not alone.
func checkEnvironments(at check.At, stages []Stage) {
	sum, largest := 0, 0
	for i := range stages {
		n := size(stages[i].Environment)
		sum, largest = sum+n, max(largest, n)
	}
	if sum > maxEnvironmentBytes && largest <= maxEnvironmentBytes {
		at.Addf("the environments have %d bytes together; at most %d are allowed", sum, maxEnvironmentBytes)
	}
}

func size(environment map[string]string) int {
	n := 0
	for key, value := range environment {
		n += len(key) + len(value)
	}
	return n
}

// secretARN is a secret in AWS Secrets Manager, in any partition.
var secretARN = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$`)

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

func looksSecret(key, value string) bool {
	if value == "" || secretARN.MatchString(value) || vocabularyToken.MatchString(value) {
		return false
	}
	return secretKey.MatchString(key) || secretValue.MatchString(value)
}
