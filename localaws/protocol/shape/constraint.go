package shape

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sagehost/kit/limits"
)

func (s Shape) takesNumber(n json.Number) bool {
	switch s.kind {
	case kindFloat, kindTime:
		return true
	case kindInteger:
		_, err := strconv.ParseInt(n.String(), 10, 64)
		return err == nil
	default:
		return false
	}
}

func (s Shape) textProblem(value string) string {
	if s.choices != nil {
		allowed := s.choices
		if s.limit != "" {
			allowed = limits.Enum(s.limit)
		}
		if slices.Contains(allowed, value) {
			return ""
		}
		return "Member must satisfy enum value set: [" + strings.Join(allowed, ", ") + "]"
	}
	if problem := s.outside(float64(len([]rune(value))), "length"); problem != "" {
		return problem
	}
	if s.pattern == nil && limits.Matches(s.limit, value) || s.pattern != nil && s.pattern.MatchString(value) {
		return ""
	}
	return s.patternProblem()
}

func (s Shape) patternProblem() string {
	const words = "Member must satisfy regular expression pattern: "
	if s.pattern != nil {
		return words + s.spelled
	}
	return words + limits.Pattern(s.limit)
}

// constraints are all that a string must satisfy, in the order in which AWS lists them; nil for other kinds.
func (s Shape) constraints() []string {
	if s.kind != kindText {
		return nil
	}
	if s.choices != nil {
		return []string{s.textProblem("")}
	}
	list := []string{}
	low, high := s.bounds()
	if high != nil {
		list = append(list, fmt.Sprintf("Member must have length less than or equal to %v", *high))
	}
	if low != nil {
		list = append(list, fmt.Sprintf("Member must have length greater than or equal to %v", *low))
	}
	if s.pattern != nil || limits.Pattern(s.limit) != "" {
		list = append(list, s.patternProblem())
	}
	return list
}

func (s Shape) numberProblem(n json.Number) string {
	value, err := n.Float64()
	if err != nil {
		return "Member must be a finite number"
	}
	return s.outside(value, "value")
}

func (s Shape) sizeProblem(size int) string { return s.outside(float64(size), "length") }

// outside says which bound a value breaks; the word is what AWS calls the bounded quantity.
func (s Shape) outside(value float64, word string) string {
	low, high := s.bounds()
	switch {
	case low != nil && value < *low:
		return fmt.Sprintf("Member must have %s greater than or equal to %v", word, *low)
	case high != nil && value > *high:
		return fmt.Sprintf("Member must have %s less than or equal to %v", word, *high)
	}
	return ""
}

func (s Shape) bounds() (low, high *float64) {
	if a, b, ok := limits.Range(s.limit); ok {
		return &a, &b
	}
	return s.low, s.high
}

// expected is what AWS says when something else is sent for a structure, a list or a map.
var expected = map[kind]string{
	kindStructure: "Expected null", kindList: "Expected list or null", kindMap: "Expected map or null",
}

// mismatch words that a value is of the wrong type.
func (s Shape) mismatch(value any) string {
	switch value.(type) {
	case []any:
		return "Start of list found where not expected"
	case map[string]any:
		return "Start of structure or map found where not expected."
	}
	if words, ok := expected[s.kind]; ok {
		return words
	}
	return jsonType(value) + " can not be converted to " + string(s.kind)
}

// jsonType names the type of a JSON value as AWS's parser does.
func jsonType(value any) string {
	switch typed := value.(type) {
	case string:
		return "STRING_VALUE"
	case json.Number:
		if strings.ContainsAny(typed.String(), ".eE") {
			return "DECIMAL_VALUE"
		}
		return "NUMBER_VALUE"
	case bool:
		return strings.ToUpper(strconv.FormatBool(typed)) + "_VALUE"
	default:
		return "NULL_VALUE"
	}
}

// listed writes a list as AWS does: strings without quotes, parted by commas.
func listed(values []any) string {
	parts := make([]string, len(values))
	for i, value := range values {
		text, ok := value.(string)
		if !ok {
			text = compact(value)
		}
		parts[i] = text
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func compact(value any) string {
	// What was decoded from JSON can be encoded again.
	text, _ := json.Marshal(value)
	return string(text)
}
