package rpccbor

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// decode is a request's body in JSON. Operations without members are sent without a body.
func decode(body []byte) ([]byte, error) {
	if len(body) == 0 {
		return []byte("{}"), nil
	}
	// The library's limits bound how deep and how long lists and structures may be.
	decoding, err := cbor.DecOptions{
		DefaultMapType: reflect.TypeFor[map[string]any](), DupMapKey: cbor.DupMapKeyEnforcedAPF,
	}.DecMode()
	if err != nil {
		return nil, err
	}
	var content map[string]any
	if err := decoding.Unmarshal(body, &content); err != nil {
		return nil, fmt.Errorf("the request is not CBOR: %w", err)
	}
	plain, err := toPlain(content)
	if err != nil {
		return nil, err
	}
	return json.Marshal(plain)
}

// toPlain writes values as awsJson has them: times in seconds, blobs in base 64, numbers that JSON does not know in
// words ("AWS JSON 1.0 protocol", smithy.io).
func toPlain(value any) (any, error) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			var err error
			if v[name], err = toPlain(member); err != nil {
				return nil, err
			}
		}
		return v, nil
	case []any:
		for i, item := range v {
			var err error
			if v[i], err = toPlain(item); err != nil {
				return nil, err
			}
		}
		return v, nil
	case time.Time:
		return json.Number(strconv.FormatFloat(float64(v.Round(time.Millisecond).UnixMilli())/1000, 'f', -1, 64)), nil
	case float64:
		switch {
		case math.IsNaN(v):
			return "NaN", nil
		case math.IsInf(v, 1):
			return "Infinity", nil
		case math.IsInf(v, -1):
			return "-Infinity", nil
		}
		return v, nil
	case nil, bool, string, uint64, int64, []byte:
		return v, nil
	default:
		return nil, fmt.Errorf("the request holds a value of the type %T", value)
	}
}
