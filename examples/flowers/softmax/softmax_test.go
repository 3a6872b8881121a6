package softmax_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/flowers/samples"
	"sagehost/examples/flowers/softmax"
)

func TestTrainLearnsToTellClassesApart(t *testing.T) {
	t.Parallel()
	set := samples.Set{
		Features: []string{"x"},
		Rows:     [][]float64{{1}, {2}, {5}, {6}},
		Labels:   []string{"low", "low", "high", "high"},
	}
	model, err := softmax.Train(set)
	require.NoError(t, err)
	assert.Equal(t, []string{"low", "high"}, model.Classes)
	assert.Equal(t, []float64{3.5}, model.Means)
	assert.Equal(t, []float64{2.06155}, model.Scales, "six digits of the root of 4.25")
	accuracy, err := softmax.Accuracy(model, set)
	require.NoError(t, err)
	assert.Equal(t, 1.0, accuracy)

	set.Labels = []string{"low", "high", "low", "high"}
	accuracy, err = softmax.Accuracy(model, set)
	require.NoError(t, err)
	assert.Equal(t, 0.5, accuracy)
}

func TestTrainRefusesWhatNothingCanBeLearntFrom(t *testing.T) {
	t.Parallel()
	_, err := softmax.Train(samples.Set{
		Features: []string{"x"}, Rows: [][]float64{{1}, {1}}, Labels: []string{"a", "a"},
	})
	assert.EqualError(t, err, "train: classes has 1 entries, want at least 2\nscales[0] is 0, want above 0")
}
