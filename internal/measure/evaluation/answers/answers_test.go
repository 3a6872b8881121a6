package answers_test

import (
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/evaluation/answers"
	"sagehost/internal/release/metrics"
)

// read is all answers, and the error that ended them.
func read(r *answers.Reader) ([]metrics.Answer, error) {
	var all []metrics.Answer
	for {
		answer, err := r.Next()
		if err == io.EOF { //nolint:errorlint // it is never wrapped
			return all, nil
		}
		if err != nil {
			return all, err
		}
		copied := *answer
		if answer.Probability != nil {
			p := *answer.Probability
			copied.Probability = &p
		}
		all = append(all, copied)
	}
}

func TestAnswersAreReadInEveryForm(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		kind metrics.Kind
		skip int
		text string
		want []metrics.Answer
	}{
		"a class": {
			metrics.Classification, 0, "setosa\nvirginica",
			[]metrics.Answer{{Class: "setosa"}, {Class: "virginica"}},
		},
		"a class and its probability": {
			metrics.Classification, 0, "a,0.75\r\n\"b, or so\", 1\n\n",
			[]metrics.Answer{{Class: "a", Probability: new(0.75)}, {Class: "b, or so", Probability: new(1.0)}},
		},
		"spaces around values": {
			metrics.Classification, 1, "1 , a , 0.5 \n 1, \" b\", 1 \n" + `{"class":" c","probabilities":{" c":1,"d ":0}}`,
			[]metrics.Answer{
				{Class: "a", Probability: new(0.5)},
				{Class: "b", Probability: new(1.0)},
				{Class: "c", Probabilities: map[string]float64{"c": 1, "d": 0}},
			},
		},
		"joined to the input": {
			metrics.Classification, 3, "1,2,\"x,y\",a,0.5\n,,,b,1e-3\n",
			[]metrics.Answer{{Class: "a", Probability: new(0.5)}, {Class: "b", Probability: new(0.001)}},
		},
		"all probabilities": {
			metrics.Classification, 0, `{"class":"a","probabilities":{"a":0.75,"b":0.25},"more":1}` + "\n" + `{"class":"b"}`,
			[]metrics.Answer{{Class: "a", Probabilities: map[string]float64{"a": 0.75, "b": 0.25}}, {Class: "b"}},
		},
		"a number": {
			metrics.Regression, 0, "4.5\n -1e3 \n{\"score\": 0}\n",
			[]metrics.Answer{{Value: 4.5}, {Value: -1000}, {Value: 0}},
		},
		"a number joined to the input": {metrics.Regression, 1, "7,4.5", []metrics.Answer{{Value: 4.5}}},
		"nothing":                      {metrics.Regression, 0, "\n \n", nil},
	} {
		have, err := read(answers.NewReader(strings.NewReader(row.text), row.kind, row.skip))
		require.NoError(t, err, name)
		assert.Equal(t, row.want, have, name)
	}
}

func TestWhatIsNoAnswerIsRefusedWithItsLine(t *testing.T) {
	t.Parallel()
	const class, number = metrics.Classification, metrics.Regression
	for _, row := range []struct {
		kind       metrics.Kind
		skip       int
		text, want string
	}{
		{class, 0, "a\n\nb,x", `line 3: "x" is not a finite number`},
		{class, 0, ",0.5", "line 1: has no class"},
		{class, 0, "a,1,2", `line 1: has 3 columns, "a,1,2"; wanted are a class and, if it is told, its probability`},
		{
			class, 2, "1,2",
			`line 1: has 2 columns, "1,2"; wanted are a class and, if it is told, its probability, ` +
				"after the 2 columns of the input",
		},
		{number, 0, "1,2", `line 1: has 2 columns, "1,2"; wanted is a number`},
		{number, 0, "NaN", `line 1: "NaN" is not a finite number`},
		{number, 0, "1e999", `line 1: "1e999" is not a finite number`},
		{class, 0, `a,"b`, `line 1: is not CSV: extraneous or missing " in quoted-field`},
		{class, 0, "{", "line 1: is not JSON: unexpected end of JSON input"},
		{class, 0, `{"predictions":[]}`, `line 1: has no member "class"; each line must be the answer for one row`},
		{class, 0, `{"class":""}`, `line 1: has no member "class"; each line must be the answer for one row`},
		{class, 0, `{"class":1}`, `line 1: the member "class" must be a string, not number`},
		{class, 0, `{"class":"a","probabilities":[1]}`, `line 1: the member "probabilities" must be an object, not array`},
		{number, 0, `{"class":"a"}`, `line 1: has no member "score"; each line must be the answer for one row`},
		{number, 0, `{"score":"1"}`, `line 1: the member "score" must be a number, not string`},
		{class, 0, strings.Repeat("x", 16<<20), "line 1: is longer than 16 MiB"},
	} {
		_, err := read(answers.NewReader(strings.NewReader(row.text), row.kind, row.skip))
		assert.EqualError(t, err, "prediction in "+row.want)
	}
}

func TestWhatCannotBeReadIsNoEnd(t *testing.T) {
	t.Parallel()
	broken := io.MultiReader(strings.NewReader("a\n"), &failing{})
	have, err := read(answers.NewReader(broken, metrics.Classification, 0))
	require.EqualError(t, err, "prediction in line 2: unexpected EOF")
	assert.Len(t, have, 1)
}

type failing struct{}

func (*failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func FuzzAnswers(f *testing.F) {
	for _, text := range []string{
		"a,0.5\n", "\"a\"\"b\",1", `{"class":"a","probabilities":{"a":1}}`, `{"score":1}`, "4.2", "1,2,a,1", "{", "\xff",
	} {
		f.Add(text, true, 0)
		f.Add(text, false, 2)
	}
	f.Fuzz(func(t *testing.T, text string, class bool, skip int) {
		kind := metrics.Regression
		if class {
			kind = metrics.Classification
		}
		all, err := read(answers.NewReader(strings.NewReader(text), kind, max(0, skip%8)))
		assert.LessOrEqual(t, len(all), strings.Count(text, "\n")+1)
		if err != nil {
			assert.ErrorContains(t, err, "prediction in line ")
		}
		for _, answer := range all {
			assert.Equal(t, class, answer.Class != "")
			assert.False(t, math.IsNaN(answer.Value) || math.IsInf(answer.Value, 0))
		}
	})
}
