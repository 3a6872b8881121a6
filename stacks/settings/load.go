package settings

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/check"
)

// Source is a stack's configuration as Pulumi holds it.
type Source struct {
	// Stack is the stack's name.
	Stack string
	// Dir is the folder that files in settings are relative to.
	Dir string
	// Config maps keys such as "sagehost:models" to their values: JSON where the value is an object.
	Config map[string]string
	// Secret reports whether the key's value, or part of it, is encrypted.
	Secret func(key string) bool
}

// Error is all that is wrong with a stack's settings.
type Error struct {
	// File is the name of the stack's file.
	File string
	// Problems are what is wrong, sorted by path.
	Problems check.Problems
}

// Error names the file and lists the problems, one line each.
func (e *Error) Error() string {
	noun := "problems"
	if len(e.Problems) == 1 {
		noun = "problem"
	}
	lines := strings.ReplaceAll(e.Problems.Error(), "\n", "\n  ")
	return fmt.Sprintf("%s: %d %s\n  %s", e.File, len(e.Problems), noun, lines)
}

// Load reads the settings of the stack that is being deployed; files in them are relative to dir. The error is an
// *Error.
func Load(ctx *pulumi.Context, dir string) (*Settings, error) {
	config := map[string]string{}
	// The SDK looks up keys one by one and lists none; the list is in the environment, so that a mistyped key is seen.
	if err := json.Unmarshal([]byte(os.Getenv(pulumi.EnvConfig)), &config); err != nil {
		config = map[string]string{}
	}
	keys := []string{regionKey, accountsKey, defaultTagsKey}
	for _, f := range fieldsOf(reflect.TypeFor[Settings]()) {
		keys = append(keys, Namespace+":"+f.key)
	}
	for _, key := range keys {
		if value, ok := ctx.GetConfig(key); ok {
			config[key] = value
		}
	}
	return Parse(Source{Stack: ctx.Stack(), Dir: dir, Config: config, Secret: ctx.IsConfigSecret})
}

// Parse reads settings, and checks with them what the file holds beside. The error is an *Error.
func Parse(source Source) (*Settings, error) {
	root := check.New(Namespace + ":")
	s := &Settings{}
	fields := fieldsOf(reflect.TypeFor[Settings]())
	for _, name := range slices.Sorted(maps.Keys(source.Config)) {
		key, ours := strings.CutPrefix(name, Namespace+":")
		if !ours {
			continue
		}
		at := root.Key(key)
		field, known := find(fields, key)
		switch {
		case !known:
			at.Addf("is an unknown key%s", suggestion(key, fields))
		case source.secret(name):
			at.Addf("holds an encrypted value, which would be readable in the clear by anyone who may describe the model; " +
				"store it in AWS Secrets Manager and give the secret's ARN")
		default:
			decodeJSON(at, source.Config[name], field.of(reflect.ValueOf(s).Elem()))
		}
	}
	invalid := check.New(Namespace + ":")
	malformed := root.Problems()
	s.check(invalid, source, !malformed.Has(root.Key("models")))
	file := "Pulumi." + source.Stack + ".yaml"
	problems := check.Join(
		checkStack(source.Stack), checkStackFile(source.Dir, file), checkKeys(source.Config),
		checkProvider(source, s.uploads()), malformed,
		s.withoutConsequences(invalid.Problems().Outside(malformed), malformed),
	)
	if len(problems) > 0 {
		return nil, &Error{File: file, Problems: problems}
	}
	return s, nil
}

// withoutConsequences drops the demand for a model's image where what stands in its place could not be read.
func (s *Settings) withoutConsequences(invalid, malformed check.Problems) check.Problems {
	models := check.New(Namespace + ":").Key("models")
	for name := range s.Models {
		for _, instead := range []string{"containers", "packageArn", "release"} {
			if at := models.Key(name); malformed.Has(at.Key(instead)) {
				invalid = slices.DeleteFunc(invalid, func(p check.Problem) bool { return check.Problems{p}.Has(at.Key("image")) })
			}
		}
	}
	return invalid
}

// Decode reads a value of a stack's configuration, as Pulumi hands it over, into what target points to, whose fields
// have json tags. It reports everything that does not fit.
func Decode(at check.At, text string, target any) {
	decodeJSON(at, text, reflect.ValueOf(target).Elem())
}

// decodeJSON decodes a configuration value: Pulumi hands over objects and lists as JSON, scalars as they are.
func decodeJSON(at check.At, text string, target reflect.Value) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil || decoder.More() {
		value = text
	}
	decode(at, value, target)
}
