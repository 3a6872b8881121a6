package awsjson_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol/awsjson"
)

func TestDecodeKeepsDigitsAndDropsNulls(t *testing.T) {
	t.Parallel()
	object, err := awsjson.Decode([]byte(`{"A":1.50,"B":null,"C":{"D":null,"E":[{"F":null}]}}`))
	require.NoError(t, err)
	text, err := json.Marshal(object)
	require.NoError(t, err)
	assert.JSONEq(t, `{"A":1.50,"C":{"E":[{}]}}`, string(text))
}

func TestDecodeRefusesWhatIsNotOneObject(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{`:      "the request body is not a JSON object",
		`[]`:     "the request body is not a JSON object",
		`null`:   "the request body is not a JSON object",
		`"a"`:    "the request body is not a JSON object",
		`{} {}`:  "the request body has data after its JSON object",
		`{"a":1`: "the request body is not a JSON object",
	} {
		_, err := awsjson.Decode([]byte(text))
		var told *awsjson.Error
		require.ErrorAs(t, err, &told, text)
		assert.Equal(t, "SerializationException", told.Code, text)
		assert.Equal(t, want, told.Message, text)
	}
}

func TestAnEmptyBodyIsAnEmptyObject(t *testing.T) {
	t.Parallel()
	object, err := awsjson.Decode([]byte(" \n"))
	require.NoError(t, err)
	assert.Equal(t, awsjson.Object{}, object)
}

func TestMembersOfTheWrongTypeReadAsAbsent(t *testing.T) {
	t.Parallel()
	object, err := awsjson.Decode([]byte(`{"A":{"B":1},"L":[1,"x",{"C":true}],"T":1767225600.125}`))
	require.NoError(t, err)
	assert.Empty(t, object.Text("A"))
	assert.Zero(t, object.Number("L"))
	assert.False(t, object.Flag("A"))
	assert.Equal(t, []string{"x"}, object.Texts("L"))
	assert.Equal(t, []awsjson.Object{{"C": true}}, object.Objects("L"))
	assert.Equal(t, int64(1), object.Object("A").Number("B"))
	_, ok := object.Time("A")
	assert.False(t, ok)
	at, ok := object.Time("T")
	require.True(t, ok)
	assert.Equal(t, time.Date(2026, 1, 1, 0, 0, 0, 125e6, time.UTC), at.UTC())
}

func TestTimesAreSecondsWithMilliseconds(t *testing.T) {
	t.Parallel()
	assert.Equal(t, json.Number("1767225600.125"), awsjson.Time(time.Date(2026, 1, 1, 0, 0, 0, 125999999, time.UTC)))
}

func TestCopiesLeaveTheOriginalAlone(t *testing.T) {
	t.Parallel()
	object := awsjson.Object{"A": "1"}
	assert.Equal(t, awsjson.Object{"A": "1", "B": "2"}, object.With(awsjson.Object{"B": "2"}))
	assert.Equal(t, awsjson.Object{}, object.Without("A"))
	assert.Equal(t, awsjson.Object{"A": "1"}, object)
	assert.Equal(t, awsjson.Object{"A": "1"}, awsjson.Object(nil).With(object))
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{``, `{}`, `{"A":[1,2,{"B":null}]}`, `{"A":1e999}`, `[`, `{"A":"\ud800"}`, "\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		object, err := awsjson.Decode(body)
		if err != nil {
			var told *awsjson.Error
			require.ErrorAs(t, err, &told)
			assert.Equal(t, "SerializationException", told.Code)
			return
		}
		text, err := json.Marshal(object)
		require.NoError(t, err)
		again, err := awsjson.Decode(text)
		require.NoError(t, err)
		assert.Equal(t, object, again)
	})
}

func TestATimeIsWithinFromAfterToBefore(t *testing.T) {
	t.Parallel()
	in := awsjson.Object{"TimeAfter": json.Number("10"), "TimeBefore": json.Number("20.5")}
	for at, want := range map[time.Duration]bool{
		10*time.Second - time.Millisecond: false, 10 * time.Second: true, 20*time.Second + 499*time.Millisecond: true,
		20*time.Second + 500*time.Millisecond: false, 20*time.Second + 500*time.Millisecond - 1: true,
	} {
		assert.Equal(t, want, in.Within("Time", time.Unix(0, 0).Add(at)), at)
		assert.True(t, in.Within("Other", time.Unix(0, 0).Add(at)), "nothing bounds it")
	}
}
