package access

import (
	"slices"
	"strings"
)

// Reading is what of a part changes nothing: for previews, and for checks of what exists.
func (p Part) Reading() Part {
	reading := Part{Name: p.Name}
	for _, grant := range p.Grants {
		grant.Actions = slices.DeleteFunc(slices.Clone(grant.Actions), func(action string) bool { return !reads(action) })
		if len(grant.Actions) > 0 {
			reading.Grants = append(reading.Grants, grant)
		}
	}
	return reading
}

// reads reports whether an action changes nothing, which its first word tells. What is encrypted is read by decrypting.
func reads(action string) bool {
	_, name, _ := strings.Cut(action, ":")
	for _, verb := range []string{"Decrypt", "Describe", "Get", "List"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}
