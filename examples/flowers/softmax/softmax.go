// Package softmax learns linear classifiers by gradient descent over all samples at once, without randomness.
package softmax

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"sagehost/examples/flowers/samples"
	"sagehost/examples/scoring/linear"
)

// Train takes this many steps of this length down the gradient of the mean cross-entropy.
const (
	iterations = 2000
	rate       = 0.5
)

// digits is how many significant digits the model's numbers keep. The mathematical functions of different
// architectures differ in the last bits; numbers this short do not show it.
const digits = 6

// Train learns to tell the classes of a set apart. It fails if the set has fewer than two classes or a feature that is
// the same in every row.
func Train(set samples.Set) (*linear.Model, error) {
	model := &linear.Model{Features: set.Features}
	for _, label := range set.Labels {
		if !slices.Contains(model.Classes, label) {
			model.Classes = append(model.Classes, label)
		}
	}
	for feature := range set.Features {
		mean, deviation := spread(set.Rows, feature)
		model.Means = append(model.Means, round(mean))
		model.Scales = append(model.Scales, round(deviation))
	}
	model.Biases = make([]float64, len(model.Classes))
	for range model.Classes {
		model.Weights = append(model.Weights, make([]float64, len(set.Features)))
	}
	if err := model.Check(); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	for range iterations {
		descend(model, set)
	}
	for class, weights := range model.Weights {
		model.Biases[class] = round(model.Biases[class])
		for feature := range weights {
			weights[feature] = round(weights[feature])
		}
	}
	return model, nil
}

// descend takes one step down the gradient. Products are converted to forbid fused multiply-adds, which only some
// architectures have.
func descend(model *linear.Model, set samples.Set) {
	step := rate / float64(len(set.Rows))
	biases := slices.Clone(model.Biases)
	weights := make([][]float64, len(model.Weights))
	for class := range weights {
		weights[class] = slices.Clone(model.Weights[class])
	}
	for i, row := range set.Rows {
		for class, probability := range model.Probabilities(row) {
			if model.Classes[class] == set.Labels[i] {
				probability--
			}
			biases[class] -= float64(step * probability)
			for feature, value := range row {
				standard := (value - model.Means[feature]) / model.Scales[feature]
				weights[class][feature] -= float64(step * probability * standard)
			}
		}
	}
	model.Biases, model.Weights = biases, weights
}

// spread is the mean and the standard deviation of a feature, both in its unit.
func spread(rows [][]float64, feature int) (mean, deviation float64) {
	for _, row := range rows {
		mean += row[feature]
	}
	mean /= float64(len(rows))
	for _, row := range rows {
		difference := row[feature] - mean
		deviation += float64(difference * difference)
	}
	return mean, math.Sqrt(deviation / float64(len(rows)))
}

func round(value float64) float64 {
	// What FormatFloat writes, ParseFloat reads.
	short, _ := strconv.ParseFloat(strconv.FormatFloat(value, 'g', digits, 64), 64)
	return short
}

// Accuracy is the share of a set's rows, from 0 to 1, whose class a model predicts. It fails if the model cannot score
// a row.
func Accuracy(model *linear.Model, set samples.Set) (float64, error) {
	predictions, err := model.Predict(set.Rows)
	if err != nil {
		return 0, fmt.Errorf("test the model: %w", err)
	}
	right := 0
	for i, prediction := range predictions {
		if prediction.Class == set.Labels[i] {
			right++
		}
	}
	return float64(right) / float64(len(set.Rows)), nil
}
