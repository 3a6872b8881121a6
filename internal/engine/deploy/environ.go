package deploy

import (
	"maps"
	"os"
	"slices"
	"strings"
)

// LocalAWS are the variables that lead AWS clients to the local AWS at a URL, which accepts any credentials.
func LocalAWS(url string) map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
	}
}

// Environ is this process's environment for a program that must talk to the local AWS at a URL and to no other.
func Environ(url string) []string {
	environ := withoutAWS(os.Environ())
	variables := LocalAWS(url)
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		environ = append(environ, name+"="+variables[name])
	}
	return environ
}

// withoutAWS is an environment without the variables by which AWS clients are told whom to talk to, and as whom: what
// is meant for the local AWS must never reach a real account.
func withoutAWS(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		return strings.HasPrefix(variable, "AWS_")
	})
}
