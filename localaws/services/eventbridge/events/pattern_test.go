package events_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/eventbridge/events"
)

const arrival = `{"source":"aws.s3","detail-type":"Object Created","resources":["arn:aws:s3:::b","arn:aws:s3:::c"],` +
	`"detail":{"bucket":{"name":"Batch"},"object":{"key":"in/rows.csv","size":300,"etag":null},"ip":"10.0.0.7",` +
	`"flag":true,"empty":"","none":[],"list":[{"a":"1","b":"2"},{"a":"3","b":"4"}]}}`

func TestPatterns(t *testing.T) {
	t.Parallel()
	detail := func(field string) string { return `{"detail":{` + field + `}}` }
	tests := map[string]bool{
		`{"source":["aws.s3"]}`:                                                         true,
		`{"source":["aws.ec2","aws.s3"]}`:                                               true,
		`{"source":["aws.ec2"]}`:                                                        false,
		`{"source":["AWS.S3"]}`:                                                         false,
		`{"source":["aws.s3"],"detail-type":["other"]}`:                                 false,
		`{"resources":["arn:aws:s3:::c"]}`:                                              true,
		`{"resources":["arn:aws:s3:::d"]}`:                                              false,
		`{"nothing":["x"]}`:                                                             false,
		detail(`"bucket":{"name":["Batch"]}`):                                           true,
		detail(`"bucket":["Batch"]`):                                                    false,
		detail(`"object":{"size":[300]}`):                                               true,
		detail(`"object":{"size":[3.0e2]}`):                                             false,
		detail(`"object":{"size":["300"]}`):                                             false,
		detail(`"object":{"etag":[null]}`):                                              true,
		detail(`"object":{"key":[null]}`):                                               false,
		detail(`"flag":[true]`):                                                         true,
		detail(`"flag":[false]`):                                                        false,
		detail(`"empty":[""]`):                                                          true,
		detail(`"list":{"a":["3"]}`):                                                    true,
		detail(`"list":{"a":["1"],"b":["4"]}`):                                          false,
		detail(`"object":{"key":[{"prefix":"in/"}]}`):                                   true,
		detail(`"object":{"key":[{"prefix":"out/"}]}`):                                  false,
		detail(`"object":{"size":[{"prefix":"3"}]}`):                                    false,
		detail(`"object":{"key":[{"suffix":".csv"}]}`):                                  true,
		detail(`"object":{"key":[{"suffix":".tsv"}]}`):                                  false,
		detail(`"bucket":{"name":[{"prefix":{"equals-ignore-case":"bAT"}}]}`):           true,
		detail(`"bucket":{"name":[{"suffix":{"equals-ignore-case":"TCH"}}]}`):           true,
		detail(`"bucket":{"name":[{"suffix":{"equals-ignore-case":"bat"}}]}`):           false,
		detail(`"bucket":{"name":[{"equals-ignore-case":"bAtCh"}]}`):                    true,
		detail(`"bucket":{"name":[{"equals-ignore-case":"bat"}]}`):                      false,
		detail(`"object":{"key":[{"wildcard":"in/*.csv"}]}`):                            true,
		detail(`"object":{"key":[{"wildcard":"in/*.tsv"}]}`):                            false,
		detail(`"object":{"key":[{"anything-but":"x"}]}`):                               true,
		detail(`"object":{"key":[{"anything-but":["x","in/rows.csv"]}]}`):               false,
		detail(`"object":{"size":[{"anything-but":[1,2]}]}`):                            true,
		detail(`"object":{"size":[{"anything-but":300}]}`):                              false,
		detail(`"object":{"nothing":[{"anything-but":"x"}]}`):                           false,
		detail(`"object":{"key":[{"anything-but":{"prefix":"in/"}}]}`):                  false,
		detail(`"object":{"key":[{"anything-but":{"suffix":[".x",".y"]}}]}`):            true,
		detail(`"object":{"key":[{"anything-but":{"wildcard":"*/rows*"}}]}`):            false,
		detail(`"bucket":{"name":[{"anything-but":{"equals-ignore-case":["batch"]}}]}`): false,
		detail(`"object":{"size":[{"numeric":[">",0,"<=",300]}]}`):                      true,
		detail(`"object":{"size":[{"numeric":[">",0,"<",300]}]}`):                       false,
		detail(`"object":{"size":[{"numeric":["=",3e2]}]}`):                             true,
		detail(`"object":{"size":[{"numeric":[">=",300.5]}]}`):                          false,
		detail(`"object":{"key":[{"numeric":[">",0]}]}`):                                false,
		detail(`"object":{"key":[{"exists":true}]}`):                                    true,
		detail(`"object":{"key":[{"exists":false}]}`):                                   false,
		detail(`"object":{"etag":[{"exists":true}]}`):                                   true,
		detail(`"object":{"nothing":[{"exists":false}]}`):                               true,
		detail(`"nothing":{"deep":[{"exists":false}]}`):                                 true,
		detail(`"bucket":[{"exists":true}]`):                                            false,
		detail(`"none":[{"exists":false}]`):                                             true,
		detail(`"nothing":["x",{"exists":false}]`):                                      true,
		detail(`"ip":[{"cidr":"10.0.0.0/24"}]`):                                         true,
		detail(`"ip":[{"cidr":"10.0.1.0/24"}]`):                                         false,
		`{"$or":[{"source":["x"]},{"detail":{"flag":[true]}}]}`:                         true,
		`{"$or":[{"source":["x"]},{"detail":{"flag":[false]}}]}`:                        false,
		`{"source":["x"],"$or":[{"source":["aws.s3"]},{"detail":{"flag":[true]}}]}`:     false,
		detail(`"$or":[{"flag":[false]},{"object":{"key":[{"prefix":"in"}]}}]`):         true,
	}
	value, err := events.Decode(arrival)
	require.NoError(t, err)
	event := value.(map[string]any)
	for pattern, want := range tests {
		compiled, err := events.Compile(pattern)
		require.NoError(t, err, pattern)
		assert.Equal(t, want, compiled.Match(event), pattern)
	}
}

func TestMalformedPatternsAreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		``:                                   "it is not a JSON object",
		`[]`:                                 "it is not a JSON object",
		`{"a":["x"]} {}`:                     "it is not a JSON object",
		`{}`:                                 "Empty objects are not allowed",
		`{"a":{}}`:                           "Empty objects are not allowed",
		`{"a":"x"}`:                          `"a" must be an object or an array`,
		`{"a":[]}`:                           "Empty arrays are not allowed",
		`{"a":[[1]]}`:                        `Match value of "a" must be String, number, true, false, or null`,
		`{"a":[{}]}`:                         `Only one key allowed in match expression of "a"`,
		`{"a":[{"prefix":"x","suffix":""}]}`: `Only one key allowed in match expression of "a"`,
		`{"a":[{"begins":"x"}]}`:             "Unrecognized match type begins",
		`{"a":[{"prefix":1}]}`:               "prefix match pattern must be a string",
		`{"a":[{"prefix":{"suffix":"x"}}]}`:  "Only equals-ignore-case is allowed in a prefix match expression",
		`{"a":[{"exists":"yes"}]}`:           "exists match pattern must be either true or false",
		`{"a":[{"numeric":[">"]}]}`:          "numeric match pattern must have one or two comparisons",
		`{"a":[{"numeric":["!",1]}]}`:        "Unrecognized numeric range operator: !",
		`{"a":[{"numeric":[">","1"]}]}`:      "Value of > must be numeric, from -5.0e9 to 5.0e9",
		`{"a":[{"numeric":[">",5.1e9]}]}`:    "Value of > must be numeric, from -5.0e9 to 5.0e9",
		`{"a":[{"anything-but":[]}]}`:        "Empty arrays are not allowed",
		`{"a":[{"anything-but":true}]}`:      "anything-but list must be strings or numbers",
		`{"a":[{"anything-but":{"x":"y"}}]}`: "Unrecognized match type x",
		`{"a":[{"anything-but":{}}]}`:        "Only one key allowed in anything-but match expression",
		`{"a":[{"wildcard":"a**b"}]}`: "Consecutive wildcard characters are not allowed in a wildcard match " +
			"expression",
		`{"a":[{"cidr":"10.0.0.0"}]}`:   "Malformed CIDR, one '/' required",
		`{"$or":[{"a":["x"]}]}`:         "There must be at least 2 patterns in $or",
		`{"$or":[{"a":["x"]},"b"]}`:     "Only objects are allowed in $or",
		`{"$or":[{"a":["x"]},{"b":1}]}`: `"b" must be an object or an array`,
	}
	for pattern, want := range tests {
		_, err := events.Compile(pattern)
		wrong, ok := errors.AsType[*events.PatternError](err)
		require.True(t, ok, pattern)
		assert.Equal(t, want, wrong.Reason, pattern)
	}
}

func TestWildcards(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text, pattern string
		want          bool
	}{
		{"", "", true},
		{"", "*", true},
		{"abc", "*", true},
		{"abc", "a*c", true},
		{"abcabd", "*ab?", false},
		{"aab", "*ab", true},
		{"in/x/y.csv", "in/*/*.csv", true},
		{"in/y.csv", "in/*/*.csv", false},
		{"a*c", `a\*c`, true},
		{"abc", `a\*c`, false},
		{`a\c`, `a\\c`, true},
		{`a\`, `a\`, true},
		{"ab", "abc", false},
		{"abc", "ab", false},
		{"a*", `*\*`, true},
		{"ab", `*\*`, false},
	} {
		assert.Equal(t, test.want, events.Wildcard(test.text, test.pattern), "%q %q", test.text, test.pattern)
	}
}

func FuzzPattern(f *testing.F) {
	for _, pattern := range []string{
		`{"source":["aws.s3"],"detail":{"object":{"key":[{"prefix":"in/"}]}}}`,
		`{"detail":{"$or":[{"flag":[true]},{"object":{"size":[{"numeric":[">",0,"<",9]}]}}]}}`,
		`{"detail":{"x":[{"anything-but":{"wildcard":["*a*"]}},{"exists":false}]}}`,
		`{"detail":{"ip":[{"cidr":"10.0.0.0/8"}],"list":{"a":[{"suffix":{"equals-ignore-case":"X"}}]}}}`, `{`, `{"a":[`,
	} {
		f.Add(pattern, arrival)
	}
	f.Fuzz(func(t *testing.T, pattern, event string) {
		compiled, err := events.Compile(pattern)
		if err != nil {
			_, ok := errors.AsType[*events.PatternError](err)
			assert.True(t, ok)
			return
		}
		either, err := events.Compile(`{"$or":[` + pattern + `,` + pattern + `]}`)
		require.NoError(t, err)
		value, err := events.Decode(event)
		if fields, ok := value.(map[string]any); err == nil && ok {
			assert.Equal(t, compiled.Match(fields), either.Match(fields))
		}
	})
}

func FuzzWildcard(f *testing.F) {
	f.Add("in/rows.csv", "in/*.csv")
	f.Add(`a\*`, `*\**`)
	f.Fuzz(func(t *testing.T, text, pattern string) {
		same := strings.NewReplacer(`*`, `\*`, `\`, `\\`).Replace(text)
		for _, own := range []string{"*", same, same + "*", "*" + same} {
			if !events.Wildcard(text, own) {
				t.Fatalf("%q is not matched by %q", text, own)
			}
		}
		// A backslash at the end would take the x's meaning.
		whole := !strings.HasSuffix(pattern, `\`)
		if whole && events.Wildcard(text, pattern) && !events.Wildcard(text+"x", pattern+"x") {
			t.Fatalf("%q matches %q only without an x after both", text, pattern)
		}
	})
}
