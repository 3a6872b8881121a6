// Package softmax learns linear classifiers by gradient descent over all samples at once, without randomness.
package softmax

import (
	"fmt"
	"io"
	"slices"

	"sagehost/examples/scoring/linear"
	"sagehost/examples/training/samples"
	"sagehost/examples/training/statistics"
)

// Train takes this many steps of this length down the gradient of the mean cross-entropy.
const (
	iterations = 2000
	rate       = 0.5
)

// Train learns to tell the classes of a set apart. It scales each feature to mean 0 and deviation 1. It fails if the
// set has fewer than two classes or a feature that is the same in every row.
func Train(set samples.Set) (*linear.Model, error) {
	var means, scales []float64
	for feature := range set.Features {
		column := make([]float64, len(set.Rows))
		for i, row := range set.Rows {
			column[i] = row[feature]
		}
		mean, deviation := statistics.Spread(column)
		means, scales = append(means, mean), append(scales, deviation)
	}
	return learn(set, means, scales)
}

// TrainScaled learns as Train does, from features that are scaled already: it takes them as they are.
func TrainScaled(set samples.Set) (*linear.Model, error) {
	means := make([]float64, len(set.Features))
	return learn(set, means, slices.Repeat([]float64{1}, len(means)))
}

func learn(set samples.Set, means, scales []float64) (*linear.Model, error) {
	model := &linear.Model{Features: set.Features, Means: means, Scales: scales}
	for _, label := range set.Labels {
		if !slices.Contains(model.Classes, label) {
			model.Classes = append(model.Classes, label)
		}
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
		model.Biases[class] = statistics.Round(model.Biases[class])
		for feature := range weights {
			weights[feature] = statistics.Round(weights[feature])
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

// Report prints how many rows a model was learnt from, how many were held out, and which share of each it gets right.
func Report(out io.Writer, name string, model *linear.Model, train, heldOut samples.Set) error {
	for _, part := range []struct {
		name string
		set  samples.Set
	}{{"train", train}, {"held out", heldOut}} {
		accuracy, err := Accuracy(model, part.set)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%-8s %-8s %3d rows, accuracy %.4f\n", name, part.name, len(part.set.Rows), accuracy)
	}
	return nil
}
