// Package variables checks the environment variables that containers are handed, which anyone can read who may describe
// what they belong to.
package variables

import (
	"maps"
	"slices"

	"sagehost/internal/check"
	"sagehost/internal/limits"
	"sagehost/internal/secrets"
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
		if secrets.Looks(key, value) {
			at.Key(key).Addf("looks like a secret in plain text; " +
				"store it in AWS Secrets Manager and give the secret's ARN")
		}
	}
}
