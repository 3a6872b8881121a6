package metrics_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/release/metrics"
)

// judged is a row of a classification, whose probability is that of "p".
type judged struct {
	truth, predicted string
	score            float64
}

// eight rows, for which the metrics were computed in another language by their formulas.
var eight = []judged{
	{"n", "n", 0.1},
	{"n", "n", 0.4},
	{"p", "n", 0.35},
	{"p", "p", 0.8},
	{"n", "n", 0.35},
	{"p", "p", 0.9},
	{"p", "p", 0.5},
	{"n", "n", 0.0},
}

func measured(t require.TestingT, classes []string, positive string, add func(*metrics.Classes)) *metrics.Summary {
	c, err := metrics.NewClasses(classes, positive)
	require.NoError(t, err)
	add(c)
	s, err := c.Summary()
	require.NoError(t, err)
	return s
}

func TestTwoClassesAreMeasuredAsTheFormulasSay(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(judged) *metrics.Answer{
		"all probabilities": func(row judged) *metrics.Answer {
			return &metrics.Answer{
				Class: row.predicted, Probabilities: map[string]float64{"p": row.score, "n": 1 - row.score},
			}
		},
		"that of the predicted class": func(row judged) *metrics.Answer {
			sure := row.score
			if row.predicted == "n" {
				sure = 1 - row.score
			}
			return &metrics.Answer{Class: row.predicted, Probability: &sure}
		},
	} {
		s := measured(t, []string{"p", "n", "p"}, "", func(c *metrics.Classes) {
			for _, row := range eight {
				require.NoError(t, c.Add(row.truth, answer(row)))
			}
		})
		assert.InDeltaMapValues(t, map[string]float64{
			"accuracy": 0.875, "precision": 0.9, "recall": 0.875, "f1": 0.873015873015873,
			"logLoss": 0.3898053034433663, "auc": 0.90625,
		}, s.Values, 1e-15, name)
		assert.Empty(t, s.Missing)
		assert.Equal(t, [][]int64{{4, 0}, {1, 3}}, s.Confusion)
		assert.Equal(t, []metrics.Class{
			{Name: "n", Support: 4, Predicted: 5, Precision: 0.8, Recall: 1, F1: 8. / 9},
			{Name: "p", Support: 4, Predicted: 3, Precision: 1, Recall: 0.75, F1: 6. / 7},
		}, s.Classes)
		assert.Equal(t, "p", s.Positive)
		assert.Zero(t, s.AUCError)
		assert.Equal(t, []metrics.Point{
			{}, {0, 0.25}, {0, 0.5}, {0, 0.75}, {0.25, 0.75}, {0.5, 1}, {0.75, 1}, {1, 1},
		}, s.ROC)
		assert.Equal(t, map[string]float64{"rows": 8, "accuracy": 0.875}, map[string]float64{
			"rows": s.Measurements()["rows"], "accuracy": s.Measurements()["accuracy"],
		})
	}
}

func TestTheOtherClassCanBeThePositiveOne(t *testing.T) {
	t.Parallel()
	s := measured(t, []string{"p", "n"}, "n", func(c *metrics.Classes) {
		for _, row := range []judged{{"n", "n", 0.75}, {"p", "p", 1}, {"n", "n", 1}} {
			require.NoError(t, c.Add(row.truth, &metrics.Answer{Class: row.predicted, Probability: &row.score}))
		}
	})
	assert.Equal(t, "n", s.Positive)
	assert.Equal(t, []metrics.Point{{}, {0, 0.5}, {0, 1}, {1, 1}}, s.ROC)
}

func TestWhatTheAnswersDoNotTellIsMissing(t *testing.T) {
	t.Parallel()
	half, certain := 0.5, 1.0
	for reason, answers := range map[string][]*metrics.Answer{
		"the answers tell no probabilities": {{Class: "a"}, {Class: "b", Probability: &half}},
		"the answers tell only the probability of the predicted class, and there are more than two": {
			{Class: "a", Probability: &half}, {Class: "b", Probability: &half},
		},
		"the answers do not tell the probabilities of all classes": {
			{Class: "a", Probabilities: map[string]float64{"a": 1, "b": 0, "c": 0}},
			{Class: "b", Probabilities: map[string]float64{"b": 1, "c": 0}},
		},
		"the probabilities of a row add up to 0.998, not to 1": {
			{Class: "a", Probabilities: map[string]float64{"a": 0.998, "b": 0, "c": 0}},
			{Class: "b", Probability: &certain},
		},
	} {
		s := measured(t, []string{"a", "b", "c"}, "", func(c *metrics.Classes) {
			for _, answer := range answers {
				require.NoError(t, c.Add("a", answer))
			}
		})
		assert.Equal(t, map[string]string{"logLoss": reason, "auc": reason}, s.Missing)
		// Recall and precision of class c, which no row is of, are not among the means.
		assert.Equal(t, map[string]float64{"accuracy": 0.5, "precision": 0.5, "recall": 0.25, "f1": 1. / 3}, s.Values)
		assert.Empty(t, s.ROC)
	}
}

func TestRowsOfOneClassHaveNoAUC(t *testing.T) {
	t.Parallel()
	sure := 0.75
	s := measured(t, []string{"a", "b"}, "", func(c *metrics.Classes) {
		require.NoError(t, c.Add("a", &metrics.Answer{Class: "a", Probability: &sure}))
	})
	assert.Equal(t, map[string]string{"auc": "all rows are of one class"}, s.Missing)
	assert.Equal(t, 0.2876820724517809, s.Values["logLoss"], "-ln 0.75")
}

func TestCalibrationTellsHowOftenSurePredictionsAreRight(t *testing.T) {
	t.Parallel()
	s := measured(t, []string{"a", "b"}, "", func(c *metrics.Classes) {
		for _, row := range []judged{{"a", "a", 0.5}, {"b", "a", 0.5625}, {"a", "a", 1}, {"a", "a", 0.9375}, {"b", "a", 1}} {
			require.NoError(t, c.Add(row.truth, &metrics.Answer{Class: row.predicted, Probability: &row.score}))
		}
	})
	want := make([]metrics.Calibrated, 10)
	want[5] = metrics.Calibrated{Rows: 2, Confidence: 0.53125, Accuracy: 0.5}
	want[9] = metrics.Calibrated{Rows: 3, Confidence: 2.9375 / 3, Accuracy: 2. / 3}
	assert.Equal(t, want, s.Calibration)
}

func TestWhatIsNoClassOrProbabilityIsRefused(t *testing.T) {
	t.Parallel()
	known := "; known are setosa, versicolor, virginica"
	more, less := 1.5, -0.1
	for _, row := range []struct {
		label  string
		answer metrics.Answer
		want   string
	}{
		{"rose", metrics.Answer{Class: "setosa"}, `the label is "rose", which is no class` + known},
		{
			"setosa",
			metrics.Answer{Class: "0.73"},
			`the predicted class is "0.73", which is a number and no class` + known,
		},
		{
			"setosa",
			metrics.Answer{Class: "setosa", Probabilities: map[string]float64{"1e-3": 1}},
			`a class with a probability is "1e-3", which is a number and no class` + known,
		},
		{"setosa", metrics.Answer{Class: "setosa", Probability: &more}, "1.5 is not a probability between 0 and 1"},
		{"setosa", metrics.Answer{Class: "setosa", Probability: &less}, "-0.1 is not a probability between 0 and 1"},
		{
			"setosa",
			metrics.Answer{Class: "setosa", Probabilities: map[string]float64{"virginica": 2}},
			"2 is not a probability between 0 and 1",
		},
	} {
		c, err := metrics.NewClasses([]string{"virginica", "versicolor", "setosa"}, "")
		require.NoError(t, err)
		assert.EqualError(t, c.Add(row.label, &row.answer), row.want)
		_, err = c.Summary()
		assert.ErrorIs(t, err, metrics.ErrNoRows, "the row is not counted")
	}
}

func TestClassesMustBeTwoTo256AndHaveThePositiveOne(t *testing.T) {
	t.Parallel()
	many := strings.Split(strings.Repeat("x", 257), "")
	for i := range many {
		many[i] = strings.Repeat("x", i+1)
	}
	_, err := metrics.NewClasses(many[:256], "")
	require.NoError(t, err)
	for _, row := range []struct {
		classes        []string
		positive, want string
	}{
		{nil, "", "0 classes cannot be told apart; 2 to 256 can"},
		{[]string{"a", "a"}, "", "1 classes cannot be told apart; 2 to 256 can"},
		{many, "", "257 classes cannot be told apart; 2 to 256 can"},
		{
			[]string{"yes", "no"},
			"ye",
			`the positive class is "ye", which is no class; known are no, yes; did you mean "yes"?`,
		},
		{[]string{"a", "b", "c"}, "a", "of 3 classes none is the positive one; there must be 2"},
	} {
		_, err := metrics.NewClasses(row.classes, row.positive)
		assert.EqualError(t, err, row.want)
	}
}
