package metrics_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/release/metrics"
)

func TestClassesThatNoRowIsOfAreLearntFromAnswers(t *testing.T) {
	t.Parallel()
	s := measured(t, []string{"b", "d"}, "", func(c *metrics.Classes) {
		for _, row := range []struct{ truth, predicted string }{{"b", "b"}, {"d", "c"}, {"b", "a"}, {"d", "d"}, {"d", "e"}} {
			require.NoError(t, c.Add(row.truth, &metrics.Answer{Class: row.predicted}))
		}
	})
	assert.Equal(t, [][]int64{{0, 0, 0, 0, 0}, {1, 1, 0, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 1, 1, 1}, {0, 0, 0, 0, 0}},
		s.Confusion)
	names := make([]string, len(s.Classes))
	for i, class := range s.Classes {
		names[i] = class.Name
	}
	assert.Equal(t, []string{"a", "b", "c", "d", "e"}, names)
	assert.Equal(t, 0.4, s.Values["accuracy"])
	assert.Empty(t, s.Positive)
}

// Row for row the same as if all three classes had been known before.
func TestClassesOfTheFirstAnswerCountAsIfTheyHadBeenKnown(t *testing.T) {
	t.Parallel()
	rows := []example{
		{"a", metrics.Answer{Class: "c", Probabilities: map[string]float64{"a": 0.25, "b": 0.25, "c": 0.5}}},
		{"b", metrics.Answer{Class: "b", Probabilities: map[string]float64{"a": 0.25, "b": 0.75, "c": 0}}},
		{"a", metrics.Answer{Class: "a", Probabilities: map[string]float64{"a": 0.5, "b": 0.5, "c": 0}}},
	}
	of := func(classes ...string) *metrics.Summary {
		return measured(t, classes, "", func(c *metrics.Classes) {
			for i := range rows {
				require.NoError(t, c.Add(rows[i].label, &rows[i].answer))
			}
		})
	}
	learnt := of("a", "b")
	assert.Equal(t, of("a", "b", "c"), learnt)
	assert.Empty(t, learnt.Missing)
}

func TestWhatEarlierAnswersDoNotTellOfALearntClassIsMissing(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]metrics.Answer{
		"all probabilities":           {Class: "a", Probabilities: map[string]float64{"a": 0.5, "b": 0.25, "c": 0.25}},
		"that of the predicted class": {Class: "c", Probability: new(0.5)},
	} {
		s := measured(t, []string{"a", "b"}, "", func(c *metrics.Classes) {
			require.NoError(t, c.Add("a", &metrics.Answer{Class: "a", Probability: new(0.75)}))
			require.NoError(t, c.Add("b", &late))
			require.NoError(t, c.Add("b", &metrics.Answer{Class: "b", Probability: new(0.75)}))
		})
		const why = `the answers before the first that names "c" do not tell its probability`
		assert.Equal(t, map[string]string{"logLoss": why, "auc": why}, s.Missing, name)
		assert.Equal(t, 2./3, s.Values["accuracy"])
	}
}

func TestThePositiveClassIsOneOfTwo(t *testing.T) {
	t.Parallel()
	s := measured(t, []string{"b", "d"}, "b", func(c *metrics.Classes) {
		for _, label := range []string{"b", "d"} {
			all := map[string]float64{"a": 0.25, "b": 0.5, "d": 0.25}
			require.NoError(t, c.Add(label, &metrics.Answer{Class: "b", Probabilities: all}))
		}
	})
	assert.Equal(t, map[string]string{"auc": "the answers name 3 classes, and the positive one is one of two"}, s.Missing)
	assert.Contains(t, s.Values, "logLoss")
}

func TestAtMost256ClassesAreLearnt(t *testing.T) {
	t.Parallel()
	c, err := metrics.NewClasses([]string{"a", "b"}, "")
	require.NoError(t, err)
	for i := range 254 {
		require.NoError(t, c.Add("a", &metrics.Answer{Class: fmt.Sprintf("c%d", i)}))
	}
	assert.EqualError(t, c.Add("a", &metrics.Answer{Class: "z"}),
		`the predicted class is "z", and there are 256 classes already, which is the most`)
}

func TestAnswersThatNameNoLabelMeasureNothing(t *testing.T) {
	t.Parallel()
	c, err := metrics.NewClasses([]string{"setosa", "virginica"}, "")
	require.NoError(t, err)
	for _, class := range []string{"0", "1", "0"} {
		require.NoError(t, c.Add("setosa", &metrics.Answer{Class: class}))
	}
	_, err = c.Summary()
	assert.EqualError(t, err, "none of the 3 predictions is one of the labels setosa, virginica; they are 0, 1")
}

func TestFractionsAreClassesWhereLabelsAre(t *testing.T) {
	t.Parallel()
	s := measured(t, []string{"0.5", "1"}, "", func(c *metrics.Classes) {
		require.NoError(t, c.Add("0.5", &metrics.Answer{Class: "0.5"}))
		require.NoError(t, c.Add("1", &metrics.Answer{Class: "1.5"}))
	})
	assert.Equal(t, 0.5, s.Values["accuracy"])
}

func TestLabelsThatAreNumbersAreComparedByValue(t *testing.T) {
	t.Parallel()
	s := measured(t, []string{"1.0", "0.0", "-0", "1"}, "1.00", func(c *metrics.Classes) {
		require.NoError(t, c.Add("1.0", &metrics.Answer{Class: "1", Probability: new(0.75)}))
		require.NoError(t, c.Add("0.0", &metrics.Answer{Class: "0e0", Probability: new(0.5)}))
		all := map[string]float64{"1.0": 0.25, "0": 0.75}
		require.NoError(t, c.Add("1", &metrics.Answer{Class: "0.", Probabilities: all}))
	})
	assert.Equal(t, [][]int64{{1, 0}, {1, 1}}, s.Confusion)
	assert.Equal(t, "1", s.Positive)
	assert.Equal(t, "-0", s.Classes[0].Name)
	assert.Equal(t, 2./3, s.Values["accuracy"])
	assert.Empty(t, s.Missing)

	s = measured(t, []string{"1.0", "3.0"}, "", func(c *metrics.Classes) {
		for _, predicted := range []string{"2", "2.0", "3"} {
			require.NoError(t, c.Add("3.0", &metrics.Answer{Class: predicted}))
		}
	})
	assert.Equal(t, [][]int64{{0, 0, 0}, {0, 0, 0}, {0, 2, 1}}, s.Confusion, "what is learnt is compared so, too")
}

func TestLabelsThatAreTextsOrTooLargeAreComparedAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, labels := range [][]string{{"1", "a"}, {"1", "9007199254740993"}} {
		s := measured(t, labels, "", func(c *metrics.Classes) {
			require.NoError(t, c.Add("1", &metrics.Answer{Class: "1"}))
			require.NoError(t, c.Add("1", &metrics.Answer{Class: "1.0"}))
		})
		assert.Equal(t, 0.5, s.Values["accuracy"])
		assert.Len(t, s.Classes, 3)
	}
}
