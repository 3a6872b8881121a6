package heldout

import (
	"math"
	"strconv"

	"sagehost/internal/release/metrics"
)

// fewNumbers is how many different whole numbers are still taken for classes.
const fewNumbers = 20

// labels is what is to know of all labels, without keeping them.
type labels struct {
	// distinct are the different ones, at most one more than there can be classes.
	distinct map[string]struct{}
	// numeric is true as long as all are numbers, fractions when any of them has a fraction.
	numeric, fractions bool
}

func (l *labels) add(label string) {
	if _, known := l.distinct[label]; known {
		return
	}
	if len(l.distinct) <= metrics.MaxClasses {
		l.distinct[label] = struct{}{}
	}
	if !l.numeric {
		return
	}
	x, err := strconv.ParseFloat(label, 64)
	l.numeric = err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
	l.fractions = l.fractions || x != math.Trunc(x)
}

// kind is what was asked for; if nothing was, what the labels look like.
func (l *labels) kind(asked metrics.Kind) metrics.Kind {
	switch {
	case asked != "":
		return asked
	case l.numeric && (l.fractions || len(l.distinct) > fewNumbers):
		return metrics.Regression
	}
	return metrics.Classification
}
