package events_test

import (
	"mime"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/eventbridge/events"
)

const event = `{"time":"2026-01-01T00:00:00Z","resources":["x","y"],` +
	`"detail":{"key":"a \"b\"<c>","size":5,"object":{"k":"v"},"none":null}}`

func template(text string) types.Target {
	return types.Target{InputTransformer: &types.InputTransformer{
		InputTemplate: &text,
		InputPathsMap: map[string]string{
			"key": "$.detail.key", "size": "$.detail.size", "object": "$.detail.object", "second": "$.resources[1]",
			"none": "$.detail.none", "gone": "$.detail.gone", "beyond": "$.resources[2]", "odd": "detail",
		},
	}}
}

func TestInputsOfTargets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		target types.Target
		want   string
	}{
		{"the event", types.Target{}, event},
		{"a text of its own", types.Target{Input: aws.String(`{"a":<key>}`)}, `{"a":<key>}`},
		{"a part", types.Target{InputPath: aws.String("$.detail.object")}, `{"k":"v"}`},
		{"a text", types.Target{InputPath: aws.String("$.detail.key")}, `"a \"b\"<c>"`},
		{"nothing", types.Target{InputPath: aws.String("$.nothing")}, `{}`},
		{"values", template(`{"k":<key>,"s":<size>,"o":<object>}`), `{"k":"a \"b\"<c>","s":5,"o":{"k":"v"}}`},
		{"in strings", template(`"<key> of <size>, <object>"`), `"a \"b\"<c> of 5, {\"k\":\"v\"}"`},
		{"elements", template(`[<second>,<none>]`), `["y",null]`},
		{"missing", template(`{"a":<gone>,"b":"x<beyond>","c":<odd>}`), `{"a":"","b":"x","c":""}`},
		{"unknown", template(`"<other> <key"`), `"<other> <key"`},
		{"escapes", template(`"\"<size>\" \\<size>"`), `"\"5\" \\5"`},
		{
			"EventBridge's own", template(`[<aws.events.rule-arn>,<aws.events.rule-name>,<aws.events.event.ingestion-time>]`),
			`["arn:r","r","2026-01-01T00:00:00Z"]`,
		},
	}
	for _, test := range tests {
		got, err := events.InputOf(test.target, event)
		require.NoError(t, err, test.name)
		assert.Equal(t, test.want, got, test.name)
	}
	whole, err := events.InputOf(template(`{"event":<aws.events.event.json>}`), event)
	require.NoError(t, err)
	assert.JSONEq(t, `{"event":`+event+`}`, whole)
}

func TestTheKeyOfAForm(t *testing.T) {
	t.Parallel()
	const contentType = "multipart/form-data; boundary=x"
	form := func(parts ...string) []byte {
		return []byte("--x\r\n" + strings.Join(parts, "\r\n--x\r\n") + "\r\n--x--\r\n")
	}
	key := "Content-Disposition: form-data; name=\"key\"\r\n\r\nin/${filename}"
	file := "Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n1"
	assert.Equal(t, "in/a.csv", events.FormKey(contentType, form(key, file)))
	assert.Equal(t, "in/${filename}", events.FormKey(contentType, form(key)))
	assert.Empty(t, events.FormKey(contentType, form(file, key)))
	assert.Empty(t, events.FormKey(contentType, []byte("x")))
	assert.Empty(t, events.FormKey("", form(key)))
}

func FuzzFormKey(f *testing.F) {
	form := "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na\r\n--x--"
	f.Add("multipart/form-data; boundary=x", []byte(form))
	f.Fuzz(func(t *testing.T, contentType string, beginning []byte) {
		key := events.FormKey(contentType, beginning)
		if _, _, err := mime.ParseMediaType(contentType); err != nil && key != "" {
			t.Fatalf("%q is the key of what is no form", key)
		}
	})
}

func FuzzInput(f *testing.F) {
	for _, text := range []string{`{"a":<key>}`, `"<size> \"<object>"`, `<`, `"\`, `<<key>>`, `<gone>`} {
		f.Add(text, "$.detail[0].x", event)
	}
	f.Fuzz(func(t *testing.T, text, path, event string) {
		target := template(text)
		target.InputTransformer.InputPathsMap["any"] = path
		if _, err := events.InputOf(target, event); err != nil {
			_, broken := events.Decode(event)
			require.Error(t, broken)
		}
	})
}
