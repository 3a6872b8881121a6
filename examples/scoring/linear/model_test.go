package linear_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/examples/scoring/linear"
)

// sign tells negative numbers from positive ones.
func sign() *linear.Model {
	return &linear.Model{
		Features: []string{"x"},
		Classes:  []string{"negative", "positive"},
		Weights:  [][]float64{{-math.Ln2}, {math.Ln2}},
		Biases:   []float64{0, 0},
		Means:    []float64{0},
		Scales:   []float64{2},
	}
}

func TestPredictNamesTheMostProbableClass(t *testing.T) {
	t.Parallel()
	predictions, err := sign().Predict([][]float64{{2}, {-2}, {0}})
	require.NoError(t, err)
	require.Len(t, predictions, 3)
	assert.Equal(t, "positive", predictions[0].Class)
	assert.InDelta(t, 0.8, predictions[0].Probabilities["positive"], 1e-12)
	assert.InDelta(t, 0.2, predictions[0].Probabilities["negative"], 1e-12)
	assert.Equal(t, "negative", predictions[1].Class)
	assert.Equal(t, linear.Prediction{
		Class: "negative", Probabilities: map[string]float64{"negative": 0.5, "positive": 0.5},
	}, predictions[2], "the first of equally probable classes")
}

func TestPredictRefusesValuesTooLargeToScore(t *testing.T) {
	t.Parallel()
	model := sign()
	model.Scales[0] = 1e-300
	_, err := model.Predict([][]float64{{1}, {1e300}})
	assert.EqualError(t, err, "row 2: its values are too large to score")
}

func TestProbabilitiesOfAnyRowSumToOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Float64Range(-1e9, 1e9).Draw(t, "value")
		probabilities := sign().Probabilities([]float64{value})
		assert.InDelta(t, 1, probabilities[0]+probabilities[1], 1e-12)
	})
}

func TestSizeCountsEightBytesForEachNumber(t *testing.T) {
	t.Parallel()
	assert.Equal(t, int64(8*6), sign().Size())
}

func TestCheckReportsEveryProblem(t *testing.T) {
	t.Parallel()
	assert.NoError(t, sign().Check())
	model := &linear.Model{
		Features: []string{"x"},
		Classes:  []string{"a", "a"},
		Weights:  [][]float64{{1}, {1, 2}},
		Biases:   []float64{1},
		Scales:   []float64{0},
	}
	assert.EqualError(t, model.Check(), `classes names "a" twice
weights[1] has 2 entries, want 1
bias has 1 entries, want 2
means has 0 entries, want 1
scales[0] is 0, want above 0`)
	assert.EqualError(t, (&linear.Model{}).Check(), "features is empty\nclasses has 0 entries, want at least 2")
}

func TestLoadSaysWhyAModelCannotBeRead(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	_, err := linear.Load(folder)
	assert.ErrorIs(t, err, os.ErrNotExist)

	path := filepath.Join(folder, linear.File)
	require.NoError(t, os.WriteFile(path, []byte("{"), 0o600))
	_, err = linear.Load(folder)
	assert.EqualError(t, err, "read the model "+path+": unexpected end of JSON input")

	require.NoError(t, os.WriteFile(path, []byte(`{"features": ["x"]}`), 0o600))
	_, err = linear.Load(folder)
	assert.EqualError(t, err, "the model "+path+": classes has 0 entries, want at least 2\n"+
		"means has 0 entries, want 1\nscales has 0 entries, want 1")
}
