// Package metrics measures how well a model's answers agree with what is known to be true. Rows are added one at a time
// and not kept, so that memory does not grow with them.
package metrics

import "math"

// Kind is what a model answers with.
type Kind string

// The kinds.
const (
	// Classification answers with one of several classes.
	Classification Kind = "classification"
	// Regression answers with a number.
	Regression Kind = "regression"
)

// The metrics' names, as thresholds and evidence have them.
const (
	Accuracy  = "accuracy"
	Precision = "precision"
	Recall    = "recall"
	F1        = "f1"
	LogLoss   = "logLoss"
	AUC       = "auc"
	RMSE      = "rmse"
	MAE       = "mae"
	R2        = "r2"
)

// Rows is the name under which evidence has the number of rows that were measured. It is no metric.
const Rows = "rows"

// Metric is a number that tells how good a model is.
type Metric struct {
	// Name is how thresholds and evidence call it.
	Name string
	// Title is how people call it.
	Title string
	// Meaning is what it says, without a full stop.
	Meaning string
	// Kind is the kind of model that it measures.
	Kind Kind
	// LowerIsBetter is true of losses and errors.
	LowerIsBetter bool
	// Low and High are the least and the greatest value it can have.
	Low, High float64
}

// All is every metric, in the order in which people read them.
func All() []Metric {
	inf := math.Inf(1)
	return []Metric{
		{Accuracy, "Accuracy", "share of the rows whose class was predicted", Classification, false, 0, 1},
		{
			Precision, "Precision (macro)", "share of the rows predicted as a class that are of it, mean of the classes",
			Classification, false, 0, 1,
		},
		{
			Recall, "Recall (macro)", "share of the rows of a class that were predicted as it, mean of the classes",
			Classification, false, 0, 1,
		},
		{
			F1, "F1 (macro)", "harmonic mean of precision and recall of a class, mean of the classes",
			Classification, false, 0, 1,
		},
		{LogLoss, "Log loss", "mean of -ln of the probability given to the true class", Classification, true, 0, inf},
		{
			AUC, "AUC", "how often a row of a class is given more probability of it than another row; " +
				"of more than two classes the mean, each against the rest", Classification, false, 0, 1,
		},
		{RMSE, "RMSE", "root of the mean squared error, in units of the label", Regression, true, 0, inf},
		{MAE, "MAE", "mean absolute error, in units of the label", Regression, true, 0, inf},
		{R2, "R²", "share of the labels' variance that the predictions explain", Regression, false, -inf, 1},
	}
}

// Find is the metric of a name.
func Find(name string) (Metric, bool) {
	for _, metric := range All() {
		if metric.Name == name {
			return metric, true
		}
	}
	return Metric{}, false
}
