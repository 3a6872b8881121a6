package answers

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"sagehost/internal/release/metrics"
)

// object reads a line of JSON.
func (r *Reader) object(line []byte) error {
	if r.kind == metrics.Regression {
		return r.score(line)
	}
	var given struct {
		Class         *string            `json:"class"`
		Probabilities map[string]float64 `json:"probabilities"`
	}
	if err := json.Unmarshal(line, &given); err != nil {
		return notJSON(err)
	}
	if given.Class != nil {
		r.answer.Class = strings.TrimSpace(*given.Class)
	}
	if r.answer.Class == "" {
		return errors.New(`has no member "class"; each line must be the answer for one row`)
	}
	for name, probability := range given.Probabilities {
		if trimmed := strings.TrimSpace(name); trimmed != name {
			delete(given.Probabilities, name)
			given.Probabilities[trimmed] = probability
		}
	}
	r.answer.Probabilities = given.Probabilities
	return nil
}

func (r *Reader) score(line []byte) error {
	var given struct {
		Score *float64 `json:"score"`
	}
	if err := json.Unmarshal(line, &given); err != nil {
		return notJSON(err)
	}
	if given.Score == nil {
		return errors.New(`has no member "score"; each line must be the answer for one row`)
	}
	r.answer.Value = *given.Score
	return nil
}

// notJSON tells what is wrong in the terms of the answer.
func notJSON(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("the member %q must be %s, not %s", wrong.Field, plain(wrong.Type.Kind().String()), wrong.Value)
	}
	return fmt.Errorf("is not JSON: %w", err)
}

// plain is what JSON calls a type of Go.
func plain(kind string) string {
	switch kind {
	case "float64":
		return "a number"
	case "map", "struct":
		return "an object"
	}
	return "a " + kind
}
