package shape

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sagehost/internal/limits"
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
	if limits.Matches(s.limit, value) {
		return ""
	}
	return "Member must satisfy regular expression pattern: " + limits.Pattern(s.limit)
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
	low, high := s.low, s.high
	if a, b, ok := limits.Range(s.limit); ok {
		low, high = &a, &b
	}
	switch {
	case low != nil && value < *low:
		return fmt.Sprintf("Member must have %s greater than or equal to %v", word, *low)
	case high != nil && value > *high:
		return fmt.Sprintf("Member must have %s less than or equal to %v", word, *high)
	}
	return ""
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
	case []any:
		return "START_ARRAY"
	case map[string]any:
		return "START_OBJECT"
	default:
		return "NULL_VALUE"
	}
}

func compact(value any) string {
	// What was decoded from JSON can be encoded again.
	text, _ := json.Marshal(value)
	return string(text)
}
