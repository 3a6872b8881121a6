package evaluation

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/batchrun"
	"sagehost/internal/measure/evaluation/heldout"
	"sagehost/internal/release/metrics"
)

func scanned(t *testing.T, content string) *heldout.Set {
	t.Helper()
	source := heldout.Source{Name: "a.csv", Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
	set, err := heldout.Scan(t.Context(), source, "y", "")
	require.NoError(t, err)
	return set
}

func joined(t *testing.T, content, predictions string, skip int) (*metrics.Summary, error) {
	t.Helper()
	set := scanned(t, content)
	m, err := newMeasure(set, "", nil)
	require.NoError(t, err)
	return score(t.Context(), set, m, strings.NewReader(predictions), skip)
}

func TestRowsAreJoinedWithPredictionsInTheirOrder(t *testing.T) {
	t.Parallel()
	s, err := joined(t, "x,y\n1,a\n2,b\n3,a\n", "a\nb\nb\n", 0)
	require.NoError(t, err)
	assert.Equal(t, [][]int64{{1, 1}, {0, 1}}, s.Confusion)
	s, err = joined(t, "x,y\n1,a\n2,b\n3,a\n", "1,a,0.5\n2,b,1\n3,b,0.75\n", 1)
	require.NoError(t, err)
	assert.Equal(t, 2./3, s.Values["accuracy"])
	s, err = joined(t, "x,y\n1,0.5\n2,1.5\n", "1\n1\n", 0)
	require.NoError(t, err)
	assert.Equal(t, 0.5, s.Values["rmse"])
}

func TestUnequalNumbersOfRowsAreRefusedWithBoth(t *testing.T) {
	t.Parallel()
	for predictions, count := range map[string]string{
		"": "0 predictions", "a\n": "1 prediction", "a\nb": "2 predictions", "a\nb\na\nb\na\n": "5 predictions",
	} {
		_, err := joined(t, "x,y\n1,a\n2,b\n3,a\n", predictions, 0)
		assert.EqualError(t, err, fmt.Sprintf("the held-out set has 3 rows, but the batch has answered with %s", count))
	}
}

func TestAPredictionThatDoesNotFitIsToldByItsLine(t *testing.T) {
	t.Parallel()
	for predictions, want := range map[string]string{
		"a\n\n0.7\nb\n": `row in line 3, prediction in line 3: the predicted class is "0.7", which is a number and no ` +
			`class; known are a, b; if it is the probability of "b", say so with --threshold`,
		"a\nb,much\na\n": `prediction in line 2: "much" is not a finite number`,
		"a\nb\na,2\n":    "row in line 4, prediction in line 3: 2 is not a probability between 0 and 1",
		"a\nb\na\n{":     "prediction in line 4: is not JSON: unexpected end of JSON input",
	} {
		_, err := joined(t, "x,y\n1,a\n2,b\n3,a\n", predictions, 0)
		assert.EqualError(t, err, want)
	}
}

func TestAModelMayKnowClassesThatNoRowIsOf(t *testing.T) {
	t.Parallel()
	s, err := joined(t, "x,y\n1,a\n2,c\n3,a\n", "a\nb\na\n", 0)
	require.NoError(t, err)
	assert.Equal(t, [][]int64{{2, 0, 0}, {0, 0, 0}, {0, 1, 0}}, s.Confusion)
	_, err = joined(t, "x,y\n1,0\n2,1\n", "a\nb\n", 0)
	assert.EqualError(t, err, "none of the 2 predictions is one of the labels 0, 1; they are a, b")
}

func TestOneNumberIsTheProbabilityOfThePositiveClassWhenThereIsAThreshold(t *testing.T) {
	t.Parallel()
	set := scanned(t, "x,y\n1,0.0\n2,1.0\n3,1.0\n4,0.0\n")
	for _, row := range []struct {
		positive, predictions string
		threshold             float64
		confusion             [][]int64
		auc                   float64
	}{
		{"", "0.25\n0.5\n0.125\n0.375\n", 0.5, [][]int64{{2, 0}, {1, 1}}, 0.5},
		{"1", "0.25\n{\"score\":0.5}\n0.125\n0.375\n", 0.125, [][]int64{{0, 2}, {0, 2}}, 0.5},
		{"0", "0.75\n0.5\n0.875\n0.625\n", 0.75, [][]int64{{1, 1}, {1, 1}}, 0.5},
	} {
		m, err := newMeasure(set, row.positive, &row.threshold)
		require.NoError(t, err)
		s, err := score(t.Context(), set, m, strings.NewReader(row.predictions), 0)
		require.NoError(t, err)
		assert.Equal(t, row.confusion, s.Confusion)
		assert.Equal(t, row.auc, s.Values["auc"])
		// The mean of -ln 0.75, -ln 0.5, -ln 0.125 and -ln 0.625.
		assert.InDelta(t, 0.8825686059843244, s.Values["logLoss"], 1e-15)
	}
	m, err := newMeasure(set, "", new(0.5))
	require.NoError(t, err)
	_, err = score(t.Context(), set, m, strings.NewReader("0.5\n1.5\n"), 0)
	assert.EqualError(t, err, "row in line 3, prediction in line 2: 1.5 is not a probability between 0 and 1")
}

func TestWhatCannotBeMeasuredIsRefusedBeforeAnythingStarts(t *testing.T) {
	t.Parallel()
	_, err := newMeasure(scanned(t, "x,y\n1,a\n2,a\n"), "", nil)
	require.EqualError(t, err, `the labels in column "y": 1 classes cannot be told apart; 2 to 256 can`)
	_, err = newMeasure(scanned(t, "x,y\n1,0.5\n"), "a", nil)
	require.EqualError(t, err, "a regression has no classes, and so no positive one and no threshold")
	_, err = newMeasure(scanned(t, "x,y\n1,0.5\n"), "", new(0.5))
	require.EqualError(t, err, "a regression has no classes, and so no positive one and no threshold")
	_, err = newMeasure(scanned(t, "x,y\n1,a\n2,b\n3,c\n"), "", new(0.5))
	require.EqualError(t, err, `the labels in column "y": a threshold tells 2 classes apart, and not 3`)
	_, err = newMeasure(scanned(t, "x,y\n1,a\n2,b\n"), "", new(1.5))
	require.EqualError(t, err, "the threshold 1.5 is not between 0 and 1")
	_, err = Run(t.Context(), Request{Kind: "clustering", Data: "a.csv"})
	assert.EqualError(t, err, `kind "clustering" is not classification or regression`)
}

func TestColumnsOfTheInputPrecedeThePredictionWhereTheyAreJoined(t *testing.T) {
	t.Parallel()
	set := scanned(t, "a,b,y\n1,2,x\n")
	job := &batchrun.Job{}
	assert.Equal(t, 0, skipped(set, job))
	job.DataProcessing.JoinSource = "Input"
	assert.Equal(t, 2, skipped(set, job))
	job.DataProcessing.OutputFilter = "$[-2:]"
	assert.Equal(t, 0, skipped(set, job))
}
