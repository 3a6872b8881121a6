package metrics_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/internal/release/metrics"
)

// example is a row with its answer.
type example struct {
	label  string
	answer metrics.Answer
}

// examples draws rows of a classification with all probabilities.
func examples(classes []string) *rapid.Generator[[]example] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) example {
		probabilities, total := map[string]float64{}, 0.0
		for _, class := range classes {
			// Few different scores, so that there are ties.
			probabilities[class] = float64(rapid.IntRange(1, 5).Draw(t, "weight"))
			total += probabilities[class]
		}
		for _, class := range classes {
			probabilities[class] /= total
		}
		return example{rapid.SampledFrom(classes).Draw(t, "label"), metrics.Answer{
			Class: rapid.SampledFrom(classes).Draw(t, "class"), Probabilities: probabilities,
		}}
	}), 1, 60)
}

func classNames(t *rapid.T) []string {
	names := make([]string, rapid.IntRange(2, 5).Draw(t, "classes"))
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	return names
}

func summarised(t *rapid.T, classes []string, rows []example) *metrics.Summary {
	return measured(t, classes, "", func(c *metrics.Classes) {
		for i := range rows {
			require.NoError(t, c.Add(rows[i].label, &rows[i].answer))
		}
	})
}

func requireInRange(t require.TestingT, s *metrics.Summary) {
	for name, value := range s.Values {
		metric, ok := metrics.Find(name)
		require.True(t, ok, name)
		require.Equal(t, s.Kind, metric.Kind, name)
		require.GreaterOrEqual(t, value, metric.Low, name)
		require.LessOrEqual(t, value, metric.High+1e-12, name)
		require.NotContains(t, s.Missing, name)
	}
	for _, metric := range metrics.All() {
		if metric.Kind == s.Kind && !assert.ObjectsAreEqual("", s.Missing[metric.Name]) {
			require.NotContains(t, s.Values, metric.Name)
		} else if metric.Kind == s.Kind {
			require.Contains(t, s.Values, metric.Name)
		}
	}
}

func TestMetricsOfAClassificationAreInRangeAndDoNotDependOnTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		classes := classNames(t)
		rows := examples(classes).Draw(t, "rows")
		s := summarised(t, classes, rows)
		requireInRange(t, s)
		var total int64
		for _, line := range s.Confusion {
			for _, n := range line {
				total += n
			}
		}
		require.Equal(t, int64(len(rows)), total)
		require.Equal(t, int64(len(rows)), s.Rows)
		other := summarised(t, classes, rapid.Permutation(rows).Draw(t, "permutation"))
		require.Equal(t, s.Confusion, other.Confusion)
		require.Equal(t, s.Missing, other.Missing)
		require.InDeltaMapValues(t, s.Values, other.Values, 1e-12)
	})
}

func TestPerfectPredictionsGive1(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		classes := classNames(t)
		rows := examples(classes).Draw(t, "rows")
		for i := range rows {
			rows[i].answer.Class = rows[i].label
			for class := range rows[i].answer.Probabilities {
				rows[i].answer.Probabilities[class] = 0
			}
			rows[i].answer.Probabilities[rows[i].label] = 1
		}
		s := summarised(t, classes, rows)
		want := map[string]float64{"accuracy": 1, "precision": 1, "recall": 1, "f1": 1, "logLoss": 0, "auc": 1}
		if s.Missing["auc"] != "" {
			delete(want, "auc")
		}
		require.Equal(t, want, s.Values)
	})
}

func TestTheAreaIsTheShareOfPairsInTheRightOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		classes := []string{"n", "p"}
		rows := examples(classes).Draw(t, "rows")
		var right, pairs float64
		for _, x := range rows {
			for _, y := range rows {
				if x.label != "p" || y.label != "n" {
					continue
				}
				pairs++
				switch a, b := x.answer.Probabilities["p"], y.answer.Probabilities["p"]; {
				case a > b:
					right++
				case a == b:
					right += 0.5
				}
			}
		}
		s := summarised(t, classes, rows)
		if pairs == 0 {
			require.Equal(t, "all rows are of one class", s.Missing["auc"])
			return
		}
		require.InDelta(t, right/pairs, s.Values["auc"], 1e-12)
	})
}

func TestMetricsOfARegressionAreInRangeAndDoNotDependOnTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// Squares of much smaller numbers would underflow.
		number := rapid.Map(rapid.IntRange(-1e9, 1e9), func(n int) float64 { return float64(n) / 1000 })
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) metrics.Pair {
			return metrics.Pair{True: number.Draw(t, "true"), Predicted: number.Draw(t, "predicted")}
		}), 1, 60).Draw(t, "rows")
		s := regressed(t, rows)
		requireInRange(t, s)
		require.LessOrEqual(t, s.Values["mae"], s.Values["rmse"]*(1+1e-12))
		other := regressed(t, rapid.Permutation(rows).Draw(t, "permutation"))
		require.Len(t, other.Values, len(s.Values))
		for name, value := range s.Values {
			require.InDelta(t, value, other.Values[name], 1e-6*math.Max(1, math.Abs(value)), name)
		}
		for i := range rows {
			rows[i].Predicted = rows[i].True
		}
		perfect := regressed(t, rows)
		require.Zero(t, perfect.Values["rmse"])
		require.Zero(t, perfect.Values["mae"])
		if perfect.Missing["r2"] == "" {
			require.Equal(t, 1.0, perfect.Values["r2"])
		}
	})
}
