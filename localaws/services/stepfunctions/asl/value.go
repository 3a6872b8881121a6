package asl

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"strconv"
)

// Decode reads JSON. Numbers keep their digits, as json.Number.
func Decode(text string) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one value")
	}
	return value, nil
}

// Encode writes a value as AWS Step Functions does: without spaces, and with <, > and & as they are.
func Encode(value any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		// Values come from JSON, or are made of what JSON has.
		return "null"
	}
	return string(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
}

// equal compares values as JSON does: 1 and 1.0 are the same.
func equal(a, b any) bool {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for name, member := range x {
			other, there := y[name]
			if !there || !equal(member, other) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case json.Number:
		y, ok := b.(json.Number)
		if !ok {
			return false
		}
		order, ok := compareNumbers(x, y)
		return ok && order == 0
	default:
		return a == b
	}
}

// maxDigits bounds the numbers that are compared exactly: an exponent would make them as large as memory.
const maxDigits = 400

// compareNumbers compares exactly where it can: ok is false for what is no number.
func compareNumbers(a, b json.Number) (order int, ok bool) {
	x, err := a.Float64()
	y, other := b.Float64()
	if err != nil || other != nil {
		return 0, false
	}
	left, isLeft := new(big.Rat).SetString(short(a))
	right, isRight := new(big.Rat).SetString(short(b))
	switch {
	case isLeft && isRight:
		return left.Cmp(right), true
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	}
	return 0, true
}

// short is a number's text, or empty for one that is not to be compared exactly.
func short(n json.Number) string {
	if len(n) > maxDigits || bytes.ContainsAny([]byte(n), "eE") {
		return ""
	}
	return n.String()
}

func itoa(i int) string { return strconv.Itoa(i) }
