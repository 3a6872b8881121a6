package metrics

import "maps"

// Answer is what a model says about one row.
type Answer struct {
	// Class is the class that it predicts; of a classification.
	Class string
	// Probability is that of Class; nil when the answer does not tell it.
	Probability *float64
	// Probabilities are those of all classes; nil when the answer tells at most that of Class.
	Probabilities map[string]float64
	// Value is the number that it predicts; of a regression.
	Value float64
}

// Summary is what was measured.
type Summary struct {
	// Kind is what the model answers with.
	Kind Kind
	// Rows is how many rows were measured.
	Rows int64
	// Values are the metrics by name. All of them are finite numbers.
	Values map[string]float64
	// Missing says of each metric that has no value why: what the answers do not tell is not guessed.
	Missing map[string]string

	// Classes is one for each class, sorted by name; of a classification.
	Classes []Class
	// Confusion is how many rows of a class (first index) were predicted as a class (second), both ordered as Classes.
	Confusion [][]int64
	// Positive is the class that AUC and ROC are of; empty unless there are two.
	Positive string
	// AUCError is by how much AUC can be wrong: 0 while all scores were kept, which are 262,144 for all classes together.
	// Beyond that they are counted in intervals of 1/64 of their distance to 0 or 1, whichever is nearer, and the error is
	// half of the pairs of rows that share one.
	AUCError float64
	// ROC is the curve from (0, 0) to (1, 1) in at most 200 steps; empty unless there are two classes.
	ROC []Point
	// Calibration is ten intervals of the probability of the predicted class; empty when the answers do not tell it.
	Calibration []Calibrated

	// Pairs are rows drawn at random, at most 2,000: all of a smaller set; of a regression. The same rows give the same.
	Pairs []Pair
}

// Class is how well one class was predicted.
type Class struct {
	// Name is the class's label.
	Name string
	// Support is how many rows are of it, Predicted how many were predicted as it.
	Support, Predicted int64
	// Precision, Recall and F1 are between 0 and 1. Each is 0 where nothing was there to divide by.
	Precision, Recall, F1 float64
}

// Point is one point of a ROC curve: the share of the other class, and of the positive one, above a threshold.
type Point struct {
	FalsePositives, TruePositives float64
}

// Calibrated is the rows whose predicted class was given a probability in one of ten equal intervals.
type Calibrated struct {
	// Rows is how many they are.
	Rows int64
	// Confidence is the mean of the probabilities, Accuracy the share that was right; both 0 without rows.
	Confidence, Accuracy float64
}

// Pair is what is true of a row and what was predicted.
type Pair struct {
	True, Predicted float64
}

// Measurements are the metrics and the number of rows, as evidence has them.
func (s *Summary) Measurements() map[string]float64 {
	all := map[string]float64{Rows: float64(s.Rows)}
	maps.Copy(all, s.Values)
	return all
}
