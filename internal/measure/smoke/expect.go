package smoke

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"sagehost/kit/check"
	"sagehost/kit/secrets"
)

// Expect is what an answer must be like: all that is given counts, and at least one of Status, Equals, Lines, JSON,
// Schema and Contains is. Equals, Lines and JSON exclude each other.
type Expect struct {
	// Status is what the container answers with. Of asynchronous endpoints, only 200 and anything else can be told apart.
	// Range: 200 to 599. Default: 200.
	Status *int `yaml:"status"`

	// Equals is the whole answer, but for the end of its last line. Default: unset.
	Equals *string `yaml:"equals"`
	// Lines are the answer's lines; fields between commas that are numbers are compared as such. Default: unset.
	Lines []string `yaml:"lines"`
	// JSON is the answer as a value; numbers are compared as such. Default: unset.
	JSON any `yaml:"json"`
	// Tolerance is how far a number in lines or json may be off. Range: 0 and above. Default: 0.
	Tolerance float64 `yaml:"tolerance"`

	// Schema is a JSON Schema, of draft 2020-12 unless it says otherwise, that the answer must follow. It refers to
	// nothing outside itself. Default: unset.
	Schema any `yaml:"schema"`

	// Contains are texts that the answer must hold. Default: none.
	Contains []string `yaml:"contains"`

	compiled *jsonschema.Schema
}

func (e *Expect) check(at check.At) {
	given := 0
	for _, one := range []bool{e.Equals != nil, e.Lines != nil, e.JSON != nil} {
		if one {
			given++
		}
	}
	if given > 1 {
		at.Addf("has more than one of equals, lines and json; give one")
	}
	if given == 0 && e.Status == nil && e.Schema == nil && len(e.Contains) == 0 {
		at.Addf("says nothing; give one of status, equals, lines, json, schema and contains")
	}
	if e.Status != nil {
		check.Between(at.Key("status"), *e.Status, 200, 599)
	}
	if tolerance := at.Key("tolerance"); !(e.Tolerance >= 0) || math.IsInf(e.Tolerance, 0) {
		tolerance.Addf("%v is not 0 or above", e.Tolerance)
	} else if e.Tolerance > 0 && e.Lines == nil && e.JSON == nil {
		tolerance.Addf("means nothing without lines or json")
	}
	if e.Schema != nil {
		var err error
		if e.compiled, err = compile(e.Schema); err != nil {
			at.Key("schema").Addf("%s", oneLine(err.Error()))
		}
	}
	if slices.Contains(e.Contains, "") {
		at.Key("contains").Addf("holds an empty text, which every answer contains")
	}
}

// schemaName is what the schema of a case is called in the compiler.
const schemaName = "smoke:schema"

// compile prepares a schema. What it refers to is not fetched: the compiler gets no loader.
func compile(schema any) (*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(jsonschema.SchemeURLLoader{})
	if err := compiler.AddResource(schemaName, schema); err != nil {
		return nil, err
	}
	return compiler.Compile(schemaName)
}

// status is what is expected.
func (e *Expect) status() int {
	if e.Status == nil {
		return http.StatusOK
	}
	return *e.Status
}

// difference is the first thing in which an answer is not as expected; empty when it is.
func (e *Expect) difference(body string) string {
	switch {
	case e.Equals != nil:
		if have, want := strings.TrimSuffix(body, "\n"), strings.TrimSuffix(*e.Equals, "\n"); have != want {
			return fmt.Sprintf("the answer is %s; expected %s", shown(have), shown(want))
		}
	case e.Lines != nil:
		if found := diffLines(e.Lines, body, e.Tolerance); found != "" {
			return found
		}
	}
	for _, part := range e.Contains {
		if !strings.Contains(body, part) {
			return fmt.Sprintf("the answer %s does not contain %s", shown(body), shown(part))
		}
	}
	if e.JSON == nil && e.compiled == nil {
		return ""
	}
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		return fmt.Sprintf("the answer %s is not JSON", shown(body))
	}
	if e.JSON != nil {
		if found := diffJSON("$", e.JSON, value, e.Tolerance); found != "" {
			return found
		}
	}
	return e.broken(value)
}

// broken says how an answer breaks the schema.
func (e *Expect) broken(value any) string {
	if e.compiled == nil {
		return ""
	}
	err := e.compiled.Validate(value)
	if err == nil {
		return ""
	}
	// The first line says which schema it is, the second where and how the answer breaks it.
	lines := strings.Split(err.Error(), "\n")
	why := strings.TrimPrefix(oneLine(lines[min(1, len(lines)-1)]), "- ")
	if secrets.Within(text(value)) || secrets.Within(why) {
		why = hidden
	}
	return "the answer breaks the schema: " + bounded(why)
}

func diffLines(want []string, body string, tolerance float64) string {
	have := strings.Split(strings.TrimSuffix(strings.ReplaceAll(body, "\r\n", "\n"), "\n"), "\n")
	if len(have) != len(want) {
		return fmt.Sprintf("the answer has %s; expected %d", english.Plural(len(have), "line", ""), len(want))
	}
	for i := range want {
		if !sameLine(want[i], have[i], tolerance) {
			return fmt.Sprintf("line %d is %s; expected %s", i+1, shown(have[i]), shown(want[i]))
		}
	}
	return ""
}

func sameLine(want, have string, tolerance float64) bool {
	if want == have {
		return true
	}
	wanted, got := strings.Split(want, ","), strings.Split(have, ",")
	return len(wanted) == len(got) && !slices.ContainsFunc(indices(wanted), func(i int) bool {
		x, errX := strconv.ParseFloat(wanted[i], 64)
		y, errY := strconv.ParseFloat(got[i], 64)
		return wanted[i] != got[i] && (errX != nil || errY != nil || !near(x, y, tolerance))
	})
}

func indices[T any](list []T) []int {
	all := make([]int, len(list))
	for i := range all {
		all[i] = i
	}
	return all
}

func near(want, have, tolerance float64) bool { return math.Abs(want-have) <= tolerance }

// Succeeds reports whether the container is to answer with status 200.
func (e *Expect) Succeeds() bool { return e.status() == http.StatusOK }
