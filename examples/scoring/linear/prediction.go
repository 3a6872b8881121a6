package linear

import (
	"fmt"
	"math"
)

// Prediction is the answer for one row.
type Prediction struct {
	// Class is the most probable class; of equally probable ones the first.
	Class string `json:"class"`
	// Probabilities has a number between 0 and 1 for each class. Their sum is 1.
	Probabilities map[string]float64 `json:"probabilities"`
}

// Predict answers for each row. It fails if a row's values are so large that the score is not a number.
func (m *Model) Predict(rows [][]float64) ([]Prediction, error) {
	predictions := make([]Prediction, len(rows))
	for i, row := range rows {
		best := 0
		named := make(map[string]float64, len(m.Classes))
		probabilities := m.Probabilities(row)
		for c, probability := range probabilities {
			if math.IsNaN(probability) {
				return nil, fmt.Errorf("row %d: its values are too large to score", i+1)
			}
			named[m.Classes[c]] = probability
			if probability > probabilities[best] {
				best = c
			}
		}
		predictions[i] = Prediction{Class: m.Classes[best], Probabilities: named}
	}
	return predictions, nil
}
