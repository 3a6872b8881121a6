// Package variables checks the environment variables that containers are handed, which anyone can read who may describe
// what they belong to.
package variables

import (
	"maps"
	"slices"
	"unicode/utf8"

	"sagehost/kit/check"
	"sagehost/kit/limits"
	"sagehost/kit/secrets"
)

// Check reports names that cannot be, values of more than so many characters, and secrets in plain text, but for the
// variables that somebody has declared to be none.
func Check(at check.At, environment map[string]string, longest int, notSecret []string) {
	for _, key := range slices.Sorted(maps.Keys(environment)) {
		value := environment[key]
		if problem := limits.StringProblem("EnvironmentKey", key); problem != "" {
			at.Key(key).Addf("the name %s", problem)
		}
		if n := utf8.RuneCountInString(value); n > longest {
			at.Key(key).Addf("has %d characters; at most %d are allowed", n, longest)
		}
		if why := secrets.Why(key, value); why != "" && !slices.Contains(notSecret, key) {
			at.Key(key).Addf("looks like a secret in plain text (%s); store it in AWS Secrets Manager and give the "+
				"secret's ARN, or list its name in notSecret if it is none", why)
		}
	}
}

// CheckNotSecret reports declarations that declare nothing: of variables that no environment has, or that look like no
// secret in any.
func CheckNotSecret(at check.At, notSecret []string, environments ...map[string]string) {
	at.Unique("", notSecret)
	for i, name := range notSecret {
		known, suspicious := false, false
		for _, environment := range environments {
			value, there := environment[name]
			known, suspicious = known || there, suspicious || secrets.Looks(name, value)
		}
		switch {
		case name == "":
			at.Index(i).Addf("is empty")
		case !known:
			at.Index(i).Addf("%q is no variable of the environment%s", name, check.DidYouMean(name, names(environments)))
		case !suspicious:
			at.Index(i).Addf("%q does not look like a secret; leave it out", name)
		}
	}
}

// names are the names of all variables.
func names(environments []map[string]string) []string {
	var all []string
	for _, environment := range environments {
		all = slices.AppendSeq(all, maps.Keys(environment))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
