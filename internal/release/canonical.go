package release

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// verbatim writes the two characters that Go escapes in JSON and the canonical form does not. Escaped backslashes come
// first: a backslash before them is not the start of an escape.
var verbatim = strings.NewReplacer(`\\`, `\\`, `\u2028`, "\u2028", `\u2029`, "\u2029")

// canonical is a value as JSON in the one form that is hashed, that of RFC 8785 for the values a manifest holds: UTF-8;
// no whitespace between tokens; members sorted by name (names are ASCII); unset members left out; whole numbers in
// decimal digits; in texts only `"`, `\` and the characters below U+0020 escaped, the latter as \b, \f, \n, \r, \t or
// \u00xx in lower case. In Python: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).
func canonical(value any) ([]byte, error) {
	tree, err := generic(value)
	if err != nil {
		return nil, err
	}
	return canonicalTree(tree)
}

// canonicalTree is canonical for what generic returns: maps, whose members encoding/json sorts, lists and scalars.
func canonicalTree(tree any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(tree); err != nil {
		return nil, err
	}
	return []byte(verbatim.Replace(strings.TrimSuffix(text.String(), "\n"))), nil
}

// generic is a value in the types that JSON has, with numbers as they are written.
func generic(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var tree any
	return tree, decoder.Decode(&tree)
}

// digests are the hashes of all values that a manifest must not change once it is written, by path.
func (r *Release) digests() (map[string]string, error) {
	tree, err := generic(map[string]any{"subject": r.Subject, "source": r.Source})
	if err != nil {
		return nil, err
	}
	members, ok := tree.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%T is not an object", tree)
	}
	if r.Supersedes != "" {
		members["supersedes"] = r.Supersedes
	}
	digests := map[string]string{}
	return digests, leaves("", members, func(path string, value any) error {
		text, err := canonicalTree(value)
		digests[path] = digest(text)
		return err
	})
}

// leaves visits every value that holds no others, with its path.
func leaves(path string, value any, visit func(path string, value any) error) error {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if err := leaves(strings.TrimPrefix(path+"."+key, "."), v[key], visit); err != nil {
				return err
			}
		}
	case []any:
		for i, element := range v {
			if err := leaves(fmt.Sprintf("%s[%d]", path, i), element, visit); err != nil {
				return err
			}
		}
	default:
		return visit(path, v)
	}
	return nil
}
