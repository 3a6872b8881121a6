package asl

import (
	"crypto/md5"  //nolint:gosec // it is one of the functions
	"crypto/sha1" //nolint:gosec // it is one of the functions
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// function is an intrinsic function, which takes from least to most arguments; -1 is any number.
type function struct {
	least, most int
	run         func([]any) (any, error)
}

var functions = map[string]function{
	"States.Array":         {0, -1, func(a []any) (any, error) { return a, nil }},
	"States.ArrayContains": {2, 2, arrayContains},
	"States.ArrayGetItem":  {2, 2, arrayGetItem},
	"States.ArrayLength":   {1, 1, arrayLength},
	formatName:             {1, -1, format},
	"States.Hash":          {2, 2, hashOf},
	"States.JsonMerge":     {3, 3, jsonMerge},
	"States.JsonToString":  {1, 1, func(a []any) (any, error) { return Encode(a[0]), nil }},
	"States.MathAdd":       {2, 2, mathAdd},
	"States.MathRandom":    {2, 3, mathRandom},
	"States.StringSplit":   {2, 2, stringSplit},
	"States.StringToJson":  {1, 1, stringToJSON},
	"States.UUID":          {0, 0, func([]any) (any, error) { return uuid.NewString(), nil }},
}

// argument is one of a type.
func argument[T any](arguments []any, i int, kind string) (T, error) {
	value, ok := arguments[i].(T)
	if !ok {
		return value, fmt.Errorf("argument %d must be %s", i+1, kind)
	}
	return value, nil
}

func arrayContains(a []any) (any, error) {
	list, err := argument[[]any](a, 0, "an array")
	if err != nil {
		return nil, err
	}
	return slices.ContainsFunc(list, func(element any) bool { return equal(element, a[1]) }), nil
}

func arrayGetItem(a []any) (any, error) {
	list, err := argument[[]any](a, 0, "an array")
	if err != nil {
		return nil, err
	}
	index, err := integer(a, 1)
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= int64(len(list)) {
		return nil, fmt.Errorf("index %d is out of the array's bounds", index)
	}
	return list[index], nil
}

func arrayLength(a []any) (any, error) {
	list, err := argument[[]any](a, 0, "an array")
	return json.Number(strconv.Itoa(len(list))), err
}

var hashes = map[string]func() hash.Hash{
	"MD5": md5.New, "SHA-1": sha1.New, "SHA-256": sha256.New, "SHA-384": sha512.New384, "SHA-512": sha512.New,
}

func hashOf(a []any) (any, error) {
	name, err := argument[string](a, 1, "a string")
	if err != nil {
		return nil, err
	}
	algorithm, known := hashes[name]
	if !known {
		return nil, fmt.Errorf("%q is not one of %s", name, strings.Join(slices.Sorted(maps.Keys(hashes)), ", "))
	}
	data, isText := a[0].(string)
	if !isText {
		data = Encode(a[0])
	}
	h := algorithm()
	// A hash takes everything.
	_, _ = h.Write([]byte(data))
	return hex.EncodeToString(h.Sum(nil)), nil
}

func jsonMerge(a []any) (any, error) {
	first, err := argument[map[string]any](a, 0, "an object")
	if err != nil {
		return nil, err
	}
	second, err := argument[map[string]any](a, 1, "an object")
	if err != nil {
		return nil, err
	}
	if a[2] != false {
		return nil, errors.New("argument 3 must be false: objects are merged shallowly")
	}
	merged := maps.Clone(first)
	maps.Copy(merged, second)
	return merged, nil
}

// integer is an argument rounded to a whole number, halves up, in the range of 32 bits.
func integer(a []any, i int) (int64, error) {
	number, err := argument[json.Number](a, i, "a number")
	if err != nil {
		return 0, err
	}
	value, err := number.Float64()
	if err != nil || value < math.MinInt32 || value > math.MaxInt32 {
		return 0, fmt.Errorf("argument %d must be from %d to %d", i+1, math.MinInt32, math.MaxInt32)
	}
	return int64(math.Floor(value + 0.5)), nil
}

func mathAdd(a []any) (any, error) {
	x, err := integer(a, 0)
	if err != nil {
		return nil, err
	}
	y, err := integer(a, 1)
	return json.Number(strconv.FormatInt(x+y, 10)), err
}

// mathRandom is a number from the first to below the second one; with a seed, always the same.
func mathRandom(a []any) (any, error) {
	least, err := integer(a, 0)
	if err != nil {
		return nil, err
	}
	end, err := integer(a, 1)
	if err != nil {
		return nil, err
	}
	if end <= least {
		return nil, errors.New("argument 2 must be greater than argument 1")
	}
	drawn := rand.Int64N
	if seeded := len(a) == 3; seeded {
		seed, err := integer(a, 2)
		if err != nil {
			return nil, err
		}
		drawn = rand.New(rand.NewPCG(uint64(seed), 0)).Int64N //nolint:gosec // it is no secret
	}
	return json.Number(strconv.FormatInt(least+drawn(end-least), 10)), nil
}

// stringSplit splits at each of the characters, and leaves out what is empty.
func stringSplit(a []any) (any, error) {
	text, err := argument[string](a, 0, "a string")
	if err != nil {
		return nil, err
	}
	characters, err := argument[string](a, 1, "a string")
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(characters, r) }) {
		list = append(list, part)
	}
	return list, nil
}

// stringToJSON reads JSON; an empty string is null.
func stringToJSON(a []any) (any, error) {
	text, err := argument[string](a, 0, "a string")
	if err != nil || strings.TrimSpace(text) == "" {
		return nil, err
	}
	value, err := Decode(text)
	if err != nil {
		return nil, fmt.Errorf("argument 1 is not JSON: %w", err)
	}
	return value, nil
}
