package events

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

// inputOf is what a target gets of an event: a text of its own, a part of the event, a template that is filled in, or
// the event.
func inputOf(target types.Target, of rule, event document) (string, error) {
	switch {
	case target.Input != nil:
		return *target.Input, nil
	case target.InputPath != nil:
		part, ok := event.at(*target.InputPath)
		if !ok {
			return "{}", nil
		}
		return text(part)
	case target.InputTransformer != nil:
		return fill(target.InputTransformer, of, event)
	default:
		return event.text, nil
	}
}

// fill writes the variables of a template, "<name>". Within a string of the template they are text, elsewhere JSON.
func fill(transformer *types.InputTransformer, of rule, event document) (string, error) {
	var out strings.Builder
	template, quoted := aws.ToString(transformer.InputTemplate), false
	for i := 0; i < len(template); i++ {
		switch c := template[i]; {
		case quoted && c == '\\' && i+1 < len(template):
			out.WriteString(template[i : i+2])
			i++
			continue
		case c == '"':
			quoted = !quoted
		case c == '<':
			name, _, closed := strings.Cut(template[i+1:], ">")
			value, known := variable(name, transformer.InputPathsMap, of, event)
			if !closed || !known {
				break
			}
			written, err := inserted(value, quoted)
			if err != nil {
				return "", err
			}
			out.WriteString(written)
			i += len(name) + 1
			continue
		}
		out.WriteByte(template[i])
	}
	return out.String(), nil
}

// variable is the value of a variable: one that EventBridge has for every rule, or one with a path of its own. What a
// path does not lead to is empty.
func variable(name string, paths map[string]string, of rule, event document) (value any, known bool) {
	switch name {
	case "aws.events.rule-arn":
		return of.arn, true
	case "aws.events.rule-name":
		return of.name, true
	case "aws.events.event.ingestion-time":
		return event.fields["time"], true
	case "aws.events.event", "aws.events.event.json":
		return event.fields, true
	}
	path, known := paths[name]
	if !known {
		return nil, false
	}
	if value, ok := event.at(path); ok {
		return value, true
	}
	return "", true
}

// inserted writes a value into a template.
func inserted(value any, quoted bool) (string, error) {
	plain, isText := value.(string)
	if !quoted {
		return text(value)
	}
	if !isText {
		var err error
		if plain, err = text(value); err != nil {
			return "", err
		}
	}
	escaped, err := text(plain)
	return strings.TrimSuffix(strings.TrimPrefix(escaped, `"`), `"`), err
}
