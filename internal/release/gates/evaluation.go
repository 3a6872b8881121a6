package gates

import (
	"maps"
	"math"
	"slices"

	"sagehost/internal/release/metrics"
	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// DefaultMinRows is how many rows an evaluation must have where no limit of "rows" says so. Below it a single row moves
// the accuracy by more than three points.
const DefaultMinRows = 30

// Evaluation is what an evaluation must measure, by metric: accuracy, precision, recall, f1, logLoss and auc of a
// classification; rmse, mae and r2 of a regression. The entry "rows" has only min: with fewer rows than that the
// evaluation is inconclusive. Default of rows.min: 30.
type Evaluation map[string]Limit

// Limit is what a metric may be. At least one of its members must be set.
type Limit struct {
	// Min is the least value that passes. Default: unset, any.
	Min *float64 `json:"min,omitempty" yaml:"min,omitempty"`

	// Max is the greatest value that passes. Default: unset, any.
	Max *float64 `json:"max,omitempty" yaml:"max,omitempty"`

	// MaxDrop is by how much the metric may be below that of the release in production, measured on the same data; for
	// metrics that are better when they are higher. Range: 0 and above. Default: unset, they are not compared.
	MaxDrop *float64 `json:"maxDrop,omitempty" yaml:"maxDrop,omitempty"`

	// MaxRise is by how much the metric may be above that of the release in production, measured on the same data; for
	// metrics that are better when they are lower. Range: 0 and above. Default: unset, they are not compared.
	MaxRise *float64 `json:"maxRise,omitempty" yaml:"maxRise,omitempty"`
}

// Check reports limits that cannot be meant.
func (e Evaluation) Check(at check.At) {
	names := []string{metrics.Rows}
	for _, metric := range metrics.All() {
		names = append(names, metric.Name)
	}
	kinds := map[metrics.Kind]bool{}
	for _, name := range slices.Sorted(maps.Keys(e)) {
		here, limit := at.Key(name), e[name]
		metric, known := metrics.Find(name)
		switch {
		case name == metrics.Rows:
			limit.checkRows(here)
		case known:
			kinds[metric.Kind] = true
			limit.check(here, metric)
		default:
			here.Addf("is an unknown metric%s", check.DidYouMean(name, names))
		}
	}
	if len(kinds) > 1 {
		at.Addf("has metrics of a classification and of a regression; a model is one of them")
	}
}

// Absolute are the limits that compare with nothing: those that count before there is a release in production.
func (e Evaluation) Absolute() Evaluation {
	left := Evaluation{}
	for name, limit := range e {
		if limit.MaxDrop, limit.MaxRise = nil, nil; limit != (Limit{}) {
			left[name] = limit
		}
	}
	return left
}

func (l Limit) check(at check.At, metric metrics.Metric) {
	if l == (Limit{}) {
		at.Addf("sets nothing; set min, max, maxDrop or maxRise")
	}
	for key, bound := range map[string]*float64{"min": l.Min, "max": l.Max} {
		if bound != nil && (!(*bound >= metric.Low && *bound <= metric.High) || math.IsInf(*bound, 0)) {
			at.Key(key).Addf("%v is not between %v and %v", *bound, metric.Low, metric.High)
		}
	}
	if l.Min != nil && l.Max != nil && *l.Min > *l.Max {
		at.Key("max").Addf("%v is less than min (%v)", *l.Max, *l.Min)
	}
	for key, span := range map[string]*float64{"maxDrop": l.MaxDrop, "maxRise": l.MaxRise} {
		if span != nil && (!(*span >= 0) || math.IsInf(*span, 0)) {
			at.Key(key).Addf("%v is not a number of 0 or above", *span)
		} else if widest := metric.High - metric.Low; span != nil && *span > widest {
			at.Key(key).Addf("%v is more than %s can differ by, which is %v", *span, metric.Name, widest)
		}
	}
	if l.MaxDrop != nil && metric.LowerIsBetter {
		at.Key("maxDrop").Addf("a drop of %s is no loss; use maxRise", metric.Name)
	}
	if l.MaxRise != nil && !metric.LowerIsBetter {
		at.Key("maxRise").Addf("a rise of %s is no loss; use maxDrop", metric.Name)
	}
}

func (l Limit) checkRows(at check.At) {
	for key, bound := range map[string]*float64{"max": l.Max, "maxDrop": l.MaxDrop, "maxRise": l.MaxRise} {
		if bound != nil {
			at.Key(key).Addf("cannot be set; rows has only min")
		}
	}
	if at := at.Key("min"); l.Min == nil {
		at.Addf("is required")
	} else if *l.Min > limits.MaxInteger {
		at.Addf("%v is more rows than any held-out set has", *l.Min)
	} else if !(*l.Min >= 1) || *l.Min != math.Trunc(*l.Min) {
		at.Addf("%v is not a whole number of 1 or above", *l.Min)
	}
}
