// Package docs_test keeps generated documentation equal to the code it is generated from.
package docs_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sagehost/stacks/settings"
)

var update = flag.Bool("update", false, "rewrite the generated documentation")

const heading = `# Settings

Every key of ` + "`Pulumi.<stack>.yaml` that begins with `sagehost:`" + `. This file is generated from the doc comments
of the Go types (` + "`make golden`" + `). A span of time is a number with a unit: ` + "`90s`, `5m`, `1h30m`" + `.
Whatever is not listed here is refused.

Of the AWS provider's own keys a stack needs ` + "`aws:region`; `aws:allowedAccountIds`" + ` says which accounts it
may be deployed to, and ` + "`aws:defaultTags`" + ` which tags everything gets: at most 47, and at most 8 where the
stack uploads archives, which are objects in Amazon S3 that take 10 tags, of which two are the stack's own. Keys of
other namespaces than ` + "`sagehost`, `aws`, `awsx` and `pulumi`" + ` are refused, and so is a file without any key of
` + "`sagehost`, which would delete everything; `sagehost:models: {}`" + ` is a stack of nothing.

What settings refer to by an ARN, an image or a URI is in the stack's partition and, but for roles and secrets, in its
region; it may belong to another account, whose owner must allow its use.

Empty is not absent:

| given | what it means |
|---|---|
| ` + "`null`, `~`" + ` | refused |
| an empty or blank text | refused, but for values of environment variables and of tags, which AWS takes |
| an empty list of ` + "`targetModels`, `subnetIds`, `securityGroupIds`, `packageImages`, `packagePrefixes`" +
	` | refused |
| an empty list of ` + "`network.endpoints`" + ` | no endpoint, which is not the default |
| any other empty list | as if it were not given |
| an empty object | all defaults of what it turns on, such as ` + "`async: {}`" + ` |
`

func TestTheSettingsReferenceIsWhatTheCodeSays(t *testing.T) {
	t.Parallel()
	const path = "../../docs/settings.md"
	w := &writer{t: t, comments: map[string]map[string]string{}}
	w.text.WriteString(heading)
	w.section(settings.Namespace+":", reflect.TypeFor[settings.Settings]())
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(w.text.String()), 0o600))
	}
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, w.text.String(), string(have), "run `make golden`")
}

// writer writes a section for each settings type, parents before children.
type writer struct {
	t        *testing.T
	text     strings.Builder
	comments map[string]map[string]string // by package path, by "Type.Field"
}

func (w *writer) section(path string, typ reflect.Type) {
	fmt.Fprintf(&w.text, "\n## `%s`\n\n| key | type | range | default | meaning |\n|---|---|---|---|---|\n",
		strings.TrimSuffix(path, ":"))
	type child struct {
		path string
		typ  reflect.Type
	}
	var children []child
	for _, field := range reflect.VisibleFields(typ) {
		tag, ok := field.Tag.Lookup("json")
		key, _, _ := strings.Cut(tag, ",")
		if !ok || refused(typ, field, key) {
			continue
		}
		name, element, suffix := describe(field.Type)
		entry := parse(w.comment(typ, field))
		fmt.Fprintf(&w.text, "| `%s` | %s | %s | %s | %s |\n", key, name, entry.limits, entry.fallback, entry.meaning)
		if element != nil {
			children = append(children, child{join(path, key) + suffix, element})
		}
	}
	for _, c := range children {
		w.section(c.path, c.typ)
	}
}

// refused reports a key of an embedded struct that is always refused there, as a tag of the embedding field says.
func refused(typ reflect.Type, field reflect.StructField, key string) bool {
	return len(field.Index) > 1 && typ.Field(field.Index[0]).Tag.Get("refuses") == key
}

func join(path, key string) string {
	if strings.HasSuffix(path, ":") {
		return path + key
	}
	return path + "." + key
}

// describe names a type as a user of YAML would, and returns the struct inside it, if any, with what leads there.
func describe(typ reflect.Type) (name string, element reflect.Type, suffix string) {
	switch {
	case typ.String() == "time.Duration":
		return "span", nil, ""
	case typ.Kind() == reflect.Pointer:
		return describe(typ.Elem())
	case typ.Kind() == reflect.Struct:
		return "object", typ, ""
	case typ.Kind() == reflect.Map:
		name, element, _ := describe(typ.Elem())
		return name + " by name", element, ".<name>"
	case typ.Kind() == reflect.Slice:
		name, element, _ := describe(typ.Elem())
		return "list of " + name, element, "[]"
	}
	return map[reflect.Kind]string{
		reflect.String: "text", reflect.Bool: "true or false", reflect.Int: "whole number", reflect.Float64: "number",
	}[typ.Kind()], nil, ""
}

// entry is a doc comment in parts.
type entry struct{ meaning, limits, fallback string }

// parse takes a doc comment apart: the meaning, then "Range: …", then "Default: …" or "Required".
func parse(comment string) entry {
	text := strings.Join(strings.Fields(comment), " ")
	var e entry
	if i := strings.LastIndex(text, "Default: "); i >= 0 {
		e.fallback = strings.TrimSuffix(text[i+len("Default: "):], ".")
		text = text[:i]
	} else if i := strings.LastIndex(text, "Required"); i >= 0 {
		e.fallback = strings.ToLower(text[i:i+1]) + strings.TrimSuffix(text[i+1:], ".")
		text = text[:i]
	}
	if i := strings.LastIndex(text, "Range: "); i >= 0 {
		e.limits = strings.TrimSuffix(strings.TrimSpace(text[i+len("Range: "):]), ".")
		text = text[:i]
	}
	// A doc comment begins with the field's name, which the table shows already.
	if _, rest, ok := strings.Cut(text, " "); ok {
		text = strings.TrimPrefix(strings.TrimPrefix(rest, "is "), "are ")
	}
	text = strings.TrimSpace(text)
	e.meaning = strings.ToUpper(text[:1]) + text[1:]
	return e
}

// comment is the doc comment of a field, found in the source of the package that declares it.
func (w *writer) comment(typ reflect.Type, field reflect.StructField) string {
	owner := typ
	for _, i := range field.Index[:len(field.Index)-1] {
		owner = owner.Field(i).Type
	}
	pkg := owner.PkgPath()
	if w.comments[pkg] == nil {
		dir := filepath.Join("..", "..", filepath.FromSlash(strings.TrimPrefix(pkg, "sagehost/")))
		w.comments[pkg] = fieldComments(w.t, dir)
	}
	comment := w.comments[pkg][owner.Name()+"."+field.Name]
	require.NotEmpty(w.t, comment, "%s.%s has no doc comment", owner, field.Name)
	return comment
}
