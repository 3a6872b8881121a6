package metrics

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// maxPairs bounds the rows that are kept for a picture.
const maxPairs = 2000

// Numbers measures a regression.
type Numbers struct {
	rows              int64
	squares, absolute sum
	// mean and spread are the labels' mean and the sum of their squared distances from it, by Welford's recurrence.
	mean, spread float64
	pairs        []Pair
	random       *rand.Rand
}

// NewNumbers measures a regression.
func NewNumbers() *Numbers {
	// The same rows give the same sample.
	return &Numbers{random: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // nothing secret is drawn
}

// Add measures one row. It fails on what is no finite number.
func (n *Numbers) Add(label float64, answer *Answer) error {
	for what, x := range map[string]float64{"label": label, "prediction": answer.Value} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("the %s %v is not a finite number", what, x)
		}
	}
	n.rows++
	wrong := answer.Value - label
	n.squares.add(wrong * wrong)
	n.absolute.add(math.Abs(wrong))
	before := label - n.mean
	n.mean += before / float64(n.rows)
	n.spread += before * (label - n.mean)
	n.keep(Pair{label, answer.Value})
	return nil
}

// keep draws each row with the same probability (Vitter's algorithm R).
func (n *Numbers) keep(pair Pair) {
	if len(n.pairs) < maxPairs {
		n.pairs = append(n.pairs, pair)
	} else if i := n.random.Int64N(n.rows); i < maxPairs {
		n.pairs[i] = pair
	}
}

// Summary is what was measured so far.
func (n *Numbers) Summary() (*Summary, error) {
	if n.rows == 0 {
		return nil, ErrNoRows
	}
	s := &Summary{
		Kind: Regression, Rows: n.rows, Values: map[string]float64{}, Missing: map[string]string{}, Pairs: n.pairs,
	}
	rows := float64(n.rows)
	s.set(RMSE, math.Sqrt(n.squares.value()/rows))
	s.set(MAE, n.absolute.value()/rows)
	if n.spread == 0 {
		s.Missing[R2] = "all labels are the same"
	} else {
		s.set(R2, 1-n.squares.value()/n.spread)
	}
	return s, nil
}

func (s *Summary) set(name string, value float64) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		s.Missing[name] = "the numbers are too large"
		return
	}
	s.Values[name] = value
}
