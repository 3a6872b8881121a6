package awsjson_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/protocol/shape"
)

// other stands for the emulator behind the service: it repeats the body.
var other = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, _ = w.Write(append([]byte("other:"), body...))
})

func service(log io.Writer) *awsjson.Service {
	input := shape.Structure(shape.Required("Name", shape.Length(1, 3)))
	operation := func(run func(awsjson.Call) (awsjson.Object, error)) awsjson.Operation {
		return awsjson.Operation{Input: input, Run: run}
	}
	return &awsjson.Service{
		Prefix: "Test",
		Operations: map[string]awsjson.Operation{
			"Echo": operation(func(c awsjson.Call) (awsjson.Object, error) {
				return c.Input.With(awsjson.Object{"Region": c.Region}), nil
			}),
			"Nothing": operation(func(awsjson.Call) (awsjson.Object, error) { return nil, nil }),
			"Refuse": operation(func(awsjson.Call) (awsjson.Object, error) {
				return nil, awsjson.Errorf("ObjectNotFoundException", "no %s", "x")
			}),
			"Break": operation(func(awsjson.Call) (awsjson.Object, error) { return nil, errors.New("disk") }),
			"Panic": operation(func(awsjson.Call) (awsjson.Object, error) {
				return awsjson.Object{"A": []int{}[len(log.(*bytes.Buffer).String())]}, nil
			}),
			"Unwritable": operation(func(awsjson.Call) (awsjson.Object, error) {
				return awsjson.Object{"A": make(chan int)}, nil
			}),
		},
		Mine:  func(c awsjson.Call) bool { return c.Input.Text("Name") != "foreign" },
		Other: other,
		Log:   log,
	}
}

func send(t *testing.T, target, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", target)
	w := httptest.NewRecorder()
	service(&bytes.Buffer{}).ServeHTTP(w, r)
	return w
}

// capital is the second spelling of an error's message.
var capital = regexp.MustCompile(`"Message":"[^"]*",`)

func TestAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, target, body string
		status             int
		want               string
	}{
		{"an answer", "Test.Echo", `{"Name":"a"}`, 200, `{"Name":"a","Region":"us-east-1"}`},
		{"nothing to say", "Test.Nothing", `{"Name":"a"}`, 200, `{}`},
		{
			"an error with a code", "Test.Refuse", `{"Name":"a"}`, 400,
			`{"__type":"ObjectNotFoundException","message":"no x"}`,
		},
		{"an error without one", "Test.Break", `{"Name":"a"}`, 500, `{"__type":"InternalFailure","message":"disk"}`},
		{"a violated constraint", "Test.Echo", `{}`, 400, `{"__type":"ValidationException","message":` +
			`"1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"}`},
		{
			"a wrong type", "Test.Echo", `{"Name":1}`, 400,
			`{"__type":"SerializationException","message":"NUMBER_VALUE can not be converted to a String"}`,
		},
		{
			"malformed JSON", "Test.Echo", `{"Name`, 400,
			`{"__type":"SerializationException","message":"the request body is not a JSON object"}`,
		},
		{"a panic", "Test.Panic", `{"Name":"a"}`, 500, `{"__type":"InternalFailure","message":` +
			`"Panic failed: runtime error: index out of range [0] with length 0"}`},
		{
			"what JSON cannot write", "Test.Unwritable", `{"Name":"a"}`, 500,
			`{"__type":"InternalFailure","message":"the answer could not be written"}`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := send(t, test.target, test.body)
			assert.Equal(t, test.status, w.Code)
			assert.JSONEq(t, test.want, capital.ReplaceAllString(w.Body.String(), ""))
			assert.Equal(t, "application/x-amz-json-1.1", w.Header().Get("Content-Type"))
			assert.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, w.Header().Get("x-amzn-RequestId"))
		})
	}
}

func TestOtherRequestsAreHandedOnWhole(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "other:{oops", send(t, "Test.Unknown", "{oops").Body.String())
	assert.Equal(t, "other:", send(t, "", "").Body.String())
	assert.Equal(t, `other:{"Name":"foreign"}`, send(t, "Test.Echo", `{"Name":"foreign"}`).Body.String())
}

func TestABodyAboveTheLimitIsRefused(t *testing.T) {
	t.Parallel()
	w := send(t, "Test.Echo", `{"Name":"`+strings.Repeat("a", 8<<20)+`"}`)
	assert.Equal(t, 400, w.Code)
	assert.JSONEq(t, `{"__type":"SerializationException",`+
		`"message":"the request body could not be read: http: request body too large",`+
		`"Message":"the request body could not be read: http: request body too large"}`, w.Body.String())
}

func TestThePanicsStackIsLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"Name":"a"}`))
	r.Header.Set("X-Amz-Target", "Test.Panic")
	service(&log).ServeHTTP(httptest.NewRecorder(), r)
	require.Contains(t, log.String(), "Test.Panic panicked: runtime error: index out of range")
	assert.Contains(t, log.String(), "service_test.go")
	assert.Contains(t, log.String(), "Test.Panic 500 ")
}
