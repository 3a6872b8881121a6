package conformance_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"
)

var uuid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// moment matches the names of members that are moments.
var moment = regexp.MustCompile(`(Time|Date|^timestamp)$`)

// plain is content in which "(time)" stands for moments of this test, "(token)" for tokens and "(uuid)" for ids.
func plain(content map[string]any) map[string]any {
	cleaned, _ := change("", content, func(name, text string) string {
		if strings.EqualFold(name, "NextToken") {
			return "(token)"
		}
		return uuid.ReplaceAllString(text, "(uuid)")
	}).(map[string]any)
	return cleaned
}

// change is a copy of a value in which each text is replaced, numbers are float64, and moments of this test are
// "(time)". The name is that of the member which holds the value.
func change(name string, value any, text func(name, text string) string) any {
	switch typed := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for member, inner := range typed {
			out[member] = change(member, inner, text)
		}
		return out
	case []any:
		out := make([]any, len(typed))
		for i, inner := range typed {
			out[i] = change(name, inner, text)
		}
		return out
	case json.Number:
		n, _ := typed.Float64()
		if moment.MatchString(name) && time.Since(time.Unix(int64(n), 0)).Abs() < time.Hour {
			return "(time)"
		}
		return n
	case int:
		return float64(typed)
	case string:
		return text(name, typed)
	}
	return value
}
