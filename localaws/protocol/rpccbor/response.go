package rpccbor

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// encode writes times as seconds with tag 1, which is what the protocol has for them.
func encode(content map[string]any) ([]byte, error) {
	encoding, err := cbor.EncOptions{Time: cbor.TimeUnixDynamic, TimeTag: cbor.EncTagRequired}.EncMode()
	if err != nil {
		return nil, err
	}
	return encoding.Marshal(content)
}

// parse reads an answer in JSON. An answer without members may be empty.
func parse(body []byte, typed members) (map[string]any, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return map[string]any{}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var content map[string]any
	if err := decoder.Decode(&content); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something behind the answer")
	}
	if content == nil {
		return nil, errors.New("the answer is no structure")
	}
	typed.apply(content)
	return content, nil
}

// apply gives the members of a structure their types, in place. Members that are null are left out, as CBOR has it.
func (m members) apply(content map[string]any) {
	for name, value := range content {
		if value == nil {
			delete(content, name)
			continue
		}
		content[name] = m.typed(name, value)
	}
}

// typed is the value of a member; the items of a list are of the member's type.
func (m members) typed(name string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		m.apply(v)
	case []any:
		for i, item := range v {
			v[i] = m.typed(name, item)
		}
	case json.Number:
		return m.number(name, v)
	case string:
		if data, err := base64.StdEncoding.DecodeString(v); err == nil && slices.Contains(m.blobs, name) {
			return data
		}
	}
	return value
}

func (m members) number(name string, number json.Number) any {
	whole, err := number.Int64()
	isWhole := err == nil
	fraction, err := number.Float64()
	switch {
	case slices.Contains(m.times, name) && err == nil:
		return time.UnixMilli(int64(math.Round(fraction * 1000)))
	case isWhole:
		return whole
	case err == nil:
		return fraction
	default:
		// A number that no SDK could read.
		return number.String()
	}
}
