package softmax_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/training/samples"
	"sagehost/examples/training/softmax"
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

func TestTrainScaledTakesFeaturesAsTheyAre(t *testing.T) {
	t.Parallel()
	set := samples.Set{
		Features: []string{"x"}, Rows: [][]float64{{-1}, {1}}, Labels: []string{"low", "high"},
	}
	model, err := softmax.TrainScaled(set)
	require.NoError(t, err)
	assert.Equal(t, []float64{0}, model.Means)
	assert.Equal(t, []float64{1}, model.Scales)
	accuracy, err := softmax.Accuracy(model, set)
	require.NoError(t, err)
	assert.Equal(t, 1.0, accuracy)
}

func TestReportTellsTheAccuracyOnBothParts(t *testing.T) {
	t.Parallel()
	train := samples.Set{
		Features: []string{"x"}, Rows: [][]float64{{-1}, {1}}, Labels: []string{"low", "high"},
	}
	heldOut := samples.Set{
		Features: []string{"x"}, Rows: [][]float64{{-2}, {2}, {3}}, Labels: []string{"low", "high", "low"},
	}
	model, err := softmax.Train(train)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, softmax.Report(&out, "some", model, train, heldOut))
	assert.Equal(t, `some     train      2 rows, accuracy 1.0000
some     held out   3 rows, accuracy 0.6667
`, out.String())
}
