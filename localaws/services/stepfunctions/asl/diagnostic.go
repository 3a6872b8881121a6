package asl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Codes of diagnostics.
const (
	schemaInvalid = "SCHEMA_VALIDATION_FAILED"
	jsonInvalid   = "INVALID_JSON_DESCRIPTION"
	targetMissing = "MISSING_TRANSITION_TARGET"
	endMissing    = "MISSING_END_STATE"
)

// Diagnostic is something that is wrong with a definition.
type Diagnostic struct {
	Code, Message string
	// Location is a path such as "/States/Wait/Seconds"; it may be empty.
	Location string
}

// String is the diagnostic as a part of the message of an InvalidDefinition.
func (d Diagnostic) String() string {
	location := d.Location
	switch {
	case d.Code == jsonInvalid:
		return d.Code + ": " + d.Message
	case location == "":
		location = "null"
	}
	return fmt.Sprintf("%s: %s at %s", d.Code, d.Message, location)
}

// Diagnostics are all that is wrong with a definition.
type Diagnostics []Diagnostic

// Error words them as the message of an InvalidDefinition.
func (d Diagnostics) Error() string {
	parts := make([]string, len(d))
	for i, one := range d {
		parts[i] = one.String()
	}
	return "Invalid State Machine Definition: '" + strings.Join(parts, ", ") + "'"
}

// malformed is the diagnostic for what is no JSON.
func malformed(text string, err error) Diagnostic {
	offset := len(text)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = int(min(syntax.Offset, int64(len(text))))
	}
	before := []byte(text)[:offset]
	line := bytes.Count(before, []byte("\n")) + 1
	column := offset - 1 - bytes.LastIndexByte(before, '\n')
	shown := []rune(text)
	if len(shown) > maxShown {
		shown = append(shown[:maxShown], []rune("[truncated]")...)
	}
	location := fmt.Sprintf("[Source: (String)%q; line: %d, column: %d]", string(shown), line, column)
	return Diagnostic{jsonInvalid, err.Error() + "\n at " + location, location}
}

// maxShown is how many characters of a definition a diagnostic repeats.
const maxShown = 500
