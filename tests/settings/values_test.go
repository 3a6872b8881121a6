package settings_test

import (
	"encoding/json"
	"strings"
)

// value is what a key is changed to. Never says that no key takes it.
type value struct {
	name  string
	value any
	never bool
}

// values are wrong types, what is empty, extreme, foreign or malformed, and some of what is right elsewhere.
func values() []value {
	list := []value{
		{"null", nil, true},
		{"empty text", "", true},
		{"a space", " ", true},
		{"line breaks", "\n\t", true},
		{"NUL", "a\x00b", true},
		{"a text too long", strings.Repeat("x", 70_000), true},
		{"an object of nothing known", map[string]any{"frobnicate": 1}, true},
		{"a list of null", []any{nil}, true},
		{"a list of lists", []any{[]any{}}, true},
		{"a list of an empty text", []any{""}, true},
		{"an empty object", map[string]any{}, false},
		{"an empty list", []any{}, false},
		{"true", true, false},
		{"false", false, false},
	}
	for _, number := range []string{"-9223372036854775808", "1e308", "-1e308", "-1"} {
		list = append(list, value{"the number " + number, json.Number(number), true})
	}
	for _, number := range []string{
		"0", "-0", "1", "0.5", "1e-320", "2", "1000", "2147483648", "4294967298", "9223372036854775807",
		"99999999999999999999",
	} {
		list = append(list, value{"the number " + number, json.Number(number), false})
	}
	for _, text := range []string{
		"ünïcode ☃", "😀", "a b", "../../etc/passwd", "/etc/passwd", "<script>", "'; DROP TABLE", "${jndi:ldap://x}", "%s%n",
		"a\x1b[31mb", "\u202eabc", "\ufeff", "NaN", "Infinity", "0x10", "null", "true", "1ns", "-1s", "999999h", "5m", "1h",
		"s3://bucket", "s3://Bucket_/x", "s3://bucket/x/", "https://bucket.s3.amazonaws.com/x", "latest", "ml.m5.large",
		"arn:aws:sns:us-east-1:123456789012:topic", "arn:aws-cn:kms:cn-north-1:123456789012:key/1", "arn:aws:iam::1:role/x",
		"123456789012.dkr.ecr.us-east-1.amazonaws.com/x:1", "cron(0 8 * * MON *)", "cron(0 8 * * ? 2020)", "rate(1 minutes)",
		"at(2030-01-31T08:00:00)", "Europe/Berlin", "Local", "AKIAIOSFODNN7EXAMPLE", "{}", "[]",
	} {
		list = append(list, value{"the text " + text, text, false})
	}
	return list
}
