package asl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// called is the value of an expression, or its error.
func called(t *testing.T, text, input string) string {
	t.Helper()
	e, err := parseExpression(text)
	require.NoError(t, err, text)
	got, failed := e.eval(scope{input: value(t, input), context: map[string]any{"Id": "c"}}, "f.$")
	if failed != nil {
		return failed.Error()
	}
	return Encode(got)
}

// The results of States.Format, States.MathAdd, States.StringSplit, States.Hash and States.StringToJson are those that
// AWS gives.
func TestIntrinsicFunctions(t *testing.T) {
	t.Parallel()
	input := `{"s":"a,b,,c","n":-1.5,"big":3e9,"l":[1,"x",{"y":1.0}],"o":{"Arg1":1,"Arg2":[]},"j":"{\"k\":[1]}","z":null}`
	for text, want := range map[string]string{
		`States.Format('x{}-{}', $.n, $.z)`:                      `"x-1.5-null"`,
		`States.Format('{}', $.o)`:                               `"{Arg1=1, Arg2=[]}"`,
		`States.Format('{} {}', true, 'it\'s')`:                  `"true it's"`,
		`States.Format('\{\} \\ {}', $$.Id)`:                     `"{} \\ c"`,
		`States.Format($.s)`:                                     `"a,b,,c"`,
		`States.Format('{}-{}', States.ArrayLength($.l), 'é)')`:  `"3-é)"`,
		`States.Array()`:                                         `[]`,
		`States.Array(1, 'x', null, $.l[0])`:                     `[1,"x",null,1]`,
		`States.ArrayContains($.l, 1.0)`:                         `true`,
		`States.ArrayContains($.l, 'y')`:                         `false`,
		`States.ArrayContains($['l'], $.l[2])`:                   `true`,
		`States.ArrayGetItem( $.l , 1 )`:                         `"x"`,
		`States.ArrayGetItem($.l[?(@.y==1)], 0)`:                 `{"y":1.0}`,
		`States.ArrayLength($.l)`:                                `3`,
		`States.Hash('input data', 'SHA-1')`:                     `"aaff4a450a104cd177d28d18d74485e8cae074b7"`,
		`States.Hash('input data', 'MD5')`:                       `"812f45842bc6d66ee14572ce20db8e86"`,
		`States.JsonMerge($.o, States.StringToJson($.j), false)`: `{"Arg1":1,"Arg2":[],"k":[1]}`,
		`States.JsonToString($.o)`:                               `"{\"Arg1\":1,\"Arg2\":[]}"`,
		`States.JsonToString('<&>')`:                             `"\"<&>\""`,
		`States.MathAdd($.n, 0)`:                                 `-1`,
		`States.MathAdd(1.5, 1.51)`:                              `4`,
		`States.MathAdd(-1.5, -1.51)`:                            `-3`,
		`States.MathRandom(7, 8)`:                                `7`,
		`States.MathRandom(-8, -7, 1)`:                           `-8`,
		`States.StringToJson(States.Format('-{}', $.l[0]))`:      `-1`,
		`States.StringSplit($.s, ',')`:                           `["a","b","c"]`,
		`States.StringSplit('This.is+a,test=string', '.+,=')`:    `["This","is","a","test","string"]`,
		`States.StringSplit(',,', ',')`:                          `[]`,
		`States.StringToJson($.j)`:                               `{"k":[1]}`,
		`States.StringToJson(' ')`:                               `null`,
	} {
		assert.Equal(t, want, called(t, text, input), text)
	}
	id := called(t, `States.UUID()`, `{}`)
	assert.Regexp(t, `^"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"$`, id)
	assert.NotEqual(t, id, called(t, `States.UUID()`, `{}`))

	seeded, drawn := called(t, `States.MathRandom(0, 2147483647, $)`, `1`), map[string]bool{}
	assert.Equal(t, seeded, called(t, `States.MathRandom(0, 2147483647, $)`, `1`))
	assert.NotEqual(t, seeded, called(t, `States.MathRandom(0, 2147483647, $)`, `2`))
	for range 1000 {
		drawn[called(t, `States.MathRandom(60, 63)`, `{}`)] = true
	}
	assert.Equal(t, map[string]bool{"60": true, "61": true, "62": true}, drawn)
}

func TestIntrinsicFunctionsFail(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`States.Format('{}')`:                       `there are fewer arguments than places for them`,
		`States.Format('', 1)`:                      `there are more arguments than places for them`,
		`States.Format(1)`:                          `argument 1 must be a string`,
		`States.ArrayGetItem($.l, 1)`:               `index 1 is out of the array's bounds`,
		`States.ArrayGetItem($.l, -1)`:              `index -1 is out of the array's bounds`,
		`States.ArrayGetItem('x', 0)`:               `argument 1 must be an array`,
		`States.ArrayContains(1, 0)`:                `argument 1 must be an array`,
		`States.ArrayLength($.o)`:                   `argument 1 must be an array`,
		`States.Hash('x', 'CRC')`:                   `"CRC" is not one of MD5, SHA-1, SHA-256, SHA-384, SHA-512`,
		`States.Hash('x', 1)`:                       `argument 2 must be a string`,
		`States.JsonMerge($.o, $.o, true)`:          `argument 3 must be false: objects are merged shallowly`,
		`States.JsonMerge($.o, $.l, false)`:         `argument 2 must be an object`,
		`States.MathAdd('1', 1)`:                    `argument 1 must be a number`,
		`States.MathAdd(1, 2147483648)`:             `argument 2 must be from -2147483648 to 2147483647`,
		`States.MathRandom(2, 2)`:                   `argument 2 must be greater than argument 1`,
		`States.MathRandom(1, 2, 'x')`:              `argument 3 must be a number`,
		`States.MathRandom('x', 2)`:                 `argument 1 must be a number`,
		`States.StringSplit($.l, ',')`:              `argument 1 must be a string`,
		`States.StringToJson('{')`:                  `argument 1 is not JSON: unexpected EOF`,
		`States.StringToJson(States.Format('1 2'))`: `argument 1 is not JSON: there is more than one value`,
	} {
		want = "States.IntrinsicFailure: The function '" + text + "' had the following error: " + want
		assert.Equal(t, want, called(t, text, `{"l":[0],"o":{}}`), text)
	}
	assert.Equal(t, "States.Runtime: The JSONPath '$.x' specified for the field 'f.$' could not be found in the input "+
		"'{}'", called(t, `States.Array($.x)`, `{}`))
}

func TestWhatIsNoExpressionIsRefused(t *testing.T) {
	t.Parallel()
	nested := func(n int) string {
		return strings.Repeat("States.Array(", n) + strings.Repeat(")", n)
	}
	_, err := parseExpression(nested(10))
	require.NoError(t, err)
	for _, text := range []string{
		"", "x", "$.", "$name", "States", "States.Format", "States.Format(", "States.Format()", "States.Format('a'",
		"States.Format('a)", `States.Format('a\`, "States.Format('a') ", "States.Format('a' 'b')", "States.Format('a',)",
		"States.Nothing()", "States.UUID(1)", `States.Format("a")`, "States.Array(x)", "States.Array([])", "States.Array($.)",
		"States.Array($.a[)", "States.Array(1e)", "states.UUID()", " States.UUID()", nested(11),
	} {
		_, err := parseExpression(text)
		assert.Error(t, err, text)
	}
}
