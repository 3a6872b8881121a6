// Package linear is a linear classifier with a softmax over its classes.
package linear

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// File is the name of a model's file in its folder, and in the archive that SageMaker unpacks there.
const File = "model.json"

// Model scores a row x for class c with Biases[c] + Σ Weights[c][f] · (x[f] - Means[f]) / Scales[f].
type Model struct {
	// Features names the columns of a row, in their order.
	Features []string `json:"features"`
	// Classes names what a row can be.
	Classes []string `json:"classes"`
	// Weights has a line for each class, with a number for each feature.
	Weights [][]float64 `json:"weights"`
	// Biases has a number for each class.
	Biases []float64 `json:"bias"`
	// Means has a number for each feature, in the feature's unit.
	Means []float64 `json:"means"`
	// Scales has a number above zero for each feature, in the feature's unit.
	Scales []float64 `json:"scales"`
}

// Load reads the model in a folder. It fails if the file is missing, is not JSON or is not a whole model.
func Load(folder string) (*Model, error) {
	path := filepath.Join(folder, File)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the model: %w", err)
	}
	model := &Model{}
	if err := json.Unmarshal(text, model); err != nil {
		return nil, fmt.Errorf("read the model %s: %w", path, err)
	}
	if err := model.Check(); err != nil {
		return nil, fmt.Errorf("the model %s: %w", path, err)
	}
	return model, nil
}

// Check reports everything that keeps the model from scoring a row.
func (m *Model) Check() error {
	var problems []error
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	count := func(name string, got, want int) {
		if got != want {
			report("%s has %d entries, want %d", name, got, want)
		}
	}
	if len(m.Features) == 0 {
		report("features is empty")
	}
	if len(m.Classes) < 2 {
		report("classes has %d entries, want at least 2", len(m.Classes))
	}
	for i, class := range m.Classes {
		if slices.Contains(m.Classes[:i], class) {
			report("classes names %q twice", class)
		}
	}
	count("weights", len(m.Weights), len(m.Classes))
	for i, line := range m.Weights {
		count(fmt.Sprintf("weights[%d]", i), len(line), len(m.Features))
	}
	count("bias", len(m.Biases), len(m.Classes))
	count("means", len(m.Means), len(m.Features))
	count("scales", len(m.Scales), len(m.Features))
	for i, scale := range m.Scales {
		if scale <= 0 {
			report("scales[%d] is %v, want above 0", i, scale)
		}
	}
	return errors.Join(problems...)
}

// Size is how much memory the model's numbers take, in bytes.
func (m *Model) Size() int64 {
	numbers := len(m.Classes)*(len(m.Features)+1) + 2*len(m.Features)
	return 8 * int64(numbers)
}

// Probabilities gives the probability of each class, in the order of Classes. The row has a value for each feature.
func (m *Model) Probabilities(row []float64) []float64 {
	scores := make([]float64, len(m.Classes))
	for c := range scores {
		scores[c] = m.Biases[c]
		for f, value := range row {
			// The conversion forbids a fused multiply-add, so that every architecture finds the same sum.
			scores[c] += float64(m.Weights[c][f] * ((value - m.Means[f]) / m.Scales[f]))
		}
	}
	return softmax(scores)
}

// softmax turns scores into probabilities in place.
func softmax(scores []float64) []float64 {
	// Scores relative to the highest one cannot overflow.
	highest, sum := slices.Max(scores), 0.0
	for i, score := range scores {
		scores[i] = math.Exp(score - highest)
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
	return scores
}
