package settings

import (
	"maps"
	"slices"
	"strings"

	"sagehost/kit/check"
)

// namespaces are those whose keys a stack's configuration may have: these settings, Pulumi's own, and the providers
// that the program uses. Nothing would read a key of another one, which is a mistyped one.
var namespaces = []string{Namespace, "aws", "awsx", "pulumi"}

// checkKeys reports keys that nothing reads, and a configuration in which there are none of ours.
func checkKeys(config map[string]string) check.Problems {
	var problems []check.Problems
	ours := false
	for _, name := range slices.Sorted(maps.Keys(config)) {
		namespace, key, _ := strings.Cut(name, ":")
		ours = ours || namespace == Namespace
		if slices.Contains(namespaces, namespace) {
			continue
		}
		at := check.New(namespace + ":").Key(key)
		nearest := check.DidYouMean(namespace, namespaces)
		if nearest == "" {
			nearest = "; expected one of " + strings.Join(namespaces, ", ")
		}
		at.Addf("is of an unknown namespace%s", nearest)
		problems = append(problems, at.Problems())
	}
	if !ours {
		at := check.New(Namespace)
		at.Addf("has no key, so that everything the stack has would be deleted; to have nothing, set %s:models to {}",
			Namespace)
		problems = append(problems, at.Problems())
	}
	return check.Join(problems...)
}
