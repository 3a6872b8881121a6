package faults

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestARuleIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	rule, err := decode([]byte(`{"service":"s3","operation":"GetObject","resource":"b/*","error":"SlowDown","status":503,
		"message":"m","rate":0.5,"count":3,"delay":"1.5s"}`))
	require.NoError(t, err)
	assert.Equal(t, Rule{
		Service: "s3", Operation: "GetObject", Resource: "b/*", Error: "SlowDown", Status: 503, Message: "m",
		Rate: new(0.5), Count: 3, Delay: "1.5s",
	}, rule)
}

func TestEveryProblemOfARuleIsToldAtOnce(t *testing.T) {
	t.Parallel()
	tests := []struct{ body, want string }{
		{``, "the body is not a JSON object"},
		{`null`, "the body is not a JSON object"},
		{`{"service":"s3","error":"X"} {}`, "the body is not a JSON object"},
		{`{}`, "service is required\nerror or delay is required"},
		{`{"service":"s3"}`, "error or delay is required"},
		{
			`{"service":5,"error":true,"status":"x","rate":"often"}`,
			"error must be a string\nrate must be a number\nservice must be a string\nstatus must be a whole number",
		},
		{`{"service":"s3","Error":"X","delay":"1s","sped":1}`, "member \"Error\" is unknown\nmember \"sped\" is unknown"},
		{
			`{"service":"S3","operation":"get object","error":"x y","status":200,"rate":0,"count":-1,"delay":"soon"}`,
			`service "S3" is not a name in small letters, such as "sagemaker"` + "\n" +
				`operation "get object" is not a name such as "CreateModel"` + "\n" +
				`error "x y" is not a code such as "ThrottlingException"` + "\n" +
				"status 200 is not between 400 and 599\nrate must be between 0.000001 and 1\ncount -1 is below 0\n" +
				`delay "soon" is not a duration such as "1.5s"`,
		},
		{
			`{"service":"s3","delay":"61m","status":500,"message":"m","rate":1.1}`,
			"rate must be between 0.000001 and 1\nstatus needs an error\nmessage needs an error\n" +
				`delay "61m" is not above 0 and at most 1h0m0s`,
		},
		{
			`{"service":"s3","error":"X","delay":"0s","status":600,"rate":0.0000001}`,
			"status 600 is not between 400 and 599\nrate must be between 0.000001 and 1\n" +
				`delay "0s" is not above 0 and at most 1h0m0s`,
		},
		{
			`{"service":"sagemaker","operation":"InvokeEndpointAsync","error":"X"}`,
			`operation "InvokeEndpointAsync" belongs to the service "sagemaker-runtime"`,
		},
	}
	for _, test := range tests {
		_, err := decode([]byte(test.body))
		assert.EqualError(t, err, test.want, test.body)
	}
}

func TestSetTellsTheProblemsOfTheNameAndTheRule(t *testing.T) {
	t.Parallel()
	err := newFaults().Set("a b", Rule{Service: "s3"})
	require.ErrorIs(t, err, ErrName)
	assert.EqualError(t, err, `fault "a b": the name must have 1 to 64 letters, digits, dots, underscores or hyphens`+
		"\nerror or delay is required")
}

func FuzzARuleThatIsTakenIsShownAsItWas(f *testing.F) {
	for _, seed := range []string{
		`{"service":"s3","error":"SlowDown","rate":0.25}`, `{"service":"sns","delay":"2m","count":1}`, `{"rate":1e-400}`,
		`{"service":"iam","error":"X","status":1e2,"message":"é\ud800"}`, `[]`, `{"service":"s3","resource":"[*?\\"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		rule, err := decode(body)
		faults := newFaults()
		if set := faults.Set("f", rule); err != nil || set != nil {
			require.Error(t, err, "decode takes what Set refuses: %v", set)
			return
		}
		shown, err := json.Marshal(faults.List()[0].Rule)
		require.NoError(t, err)
		again, err := decode(shown)
		require.NoError(t, err)
		require.Equal(t, rule, again)
	})
}
