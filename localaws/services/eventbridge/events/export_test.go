package events

import "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

// Decode is JSON as patterns see it.
func Decode(text string) (any, error) { return decode([]byte(text)) }

// Wildcard reports whether a pattern with stars matches a text.
func Wildcard(text, pattern string) bool { return wildcard(text, pattern) }

// FormKey is the key in a form.
func FormKey(contentType string, beginning []byte) string { return formKey(contentType, beginning) }

// InputOf is what a target of a rule "r" gets of an event in JSON.
func InputOf(target types.Target, event string) (string, error) {
	value, err := decode([]byte(event))
	if err != nil {
		return "", err
	}
	fields, _ := value.(map[string]any)
	return inputOf(target, rule{name: "r", arn: "arn:r"}, document{event, fields})
}
