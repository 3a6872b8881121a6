package metrics

import (
	"cmp"
	"math"
	"slices"
)

const (
	// keptScores is how many scores are kept exactly, for all curves together: 4 MiB.
	keptScores = 1 << 18
	// perOctave is how many intervals there are while the distance to 0 or 1 doubles.
	perOctaveBits = 6
	// leastExponent is that of the least distance that is told from 0: 2^-32.
	leastExponent = 1023 - 32
	// half is how many intervals there are up to 0.5: one below 2^-32, those from there, and that of 0.5 itself, which
	// both halves share.
	half      = (32-1)<<perOctaveBits + 2
	intervals = 2*half - 1
	// rocSteps bounds the points of a ROC curve.
	rocSteps = 200
)

type scored struct {
	score    float64
	positive bool
}

// tally is how many rows of each side share a score, or an interval.
type tally struct{ positive, negative int64 }

// curve is the scores of one class against the rest.
type curve struct {
	// kept are the scores while there are at most limit of them, counted takes over then.
	kept    []scored
	limit   int
	counted []tally
}

// interval numbers the intervals from 0 up in the order of the scores, which are between 0 and 1.
func interval(score float64) int {
	if score > 0.5 {
		return intervals - 1 - interval(1-score)
	}
	// A score of -0 is a 0 with another sign.
	bits := int(math.Float64bits(math.Abs(score)) >> (52 - perOctaveBits))
	return max(0, bits-leastExponent<<perOctaveBits+1)
}

func (c *curve) add(score float64, positive bool) {
	if c.counted == nil && len(c.kept) < c.limit {
		c.kept = append(c.kept, scored{score, positive})
		return
	}
	if c.counted == nil {
		c.counted = make([]tally, intervals)
		for _, s := range c.kept {
			c.counted[interval(s.score)].add(s.positive)
		}
		c.kept = nil
	}
	c.counted[interval(score)].add(positive)
}

func (t *tally) add(positive bool) {
	if positive {
		t.positive++
	} else {
		t.negative++
	}
}

// tallies are the rows by score, from the greatest score to the least. Exact says that each has one score.
func (c *curve) tallies() (all []tally, exact bool) {
	if c.counted != nil {
		all = slices.Clone(c.counted)
		slices.Reverse(all)
		return all, false
	}
	sorted := slices.SortedFunc(slices.Values(c.kept), func(x, y scored) int { return cmp.Compare(y.score, x.score) })
	for i, s := range sorted {
		if i == 0 || s.score != sorted[i-1].score {
			all = append(all, tally{})
		}
		all[len(all)-1].add(s.positive)
	}
	return all, true
}

// auc is the area under the ROC curve and by how much it can be wrong; ok is false when there are not both sides.
func (c *curve) auc() (area, wrong float64, ok bool) {
	all, exact := c.tallies()
	// Pairs of a row of each side: those in the right order, and those with the same score, which count half.
	var positives, negatives, right, same float64
	for _, t := range all {
		right += positives * float64(t.negative)
		same += float64(t.positive) * float64(t.negative)
		positives += float64(t.positive)
		negatives += float64(t.negative)
	}
	pairs := positives * negatives
	if pairs == 0 {
		return 0, 0, false
	}
	if !exact {
		wrong = same / 2 / pairs
	}
	return (right + same/2) / pairs, wrong, true
}

// roc is the curve, thinned out to about rocSteps points; nil when there are not both sides.
func (c *curve) roc() []Point {
	all, _ := c.tallies()
	var total tally
	for _, t := range all {
		total.positive += t.positive
		total.negative += t.negative
	}
	if total.positive == 0 || total.negative == 0 {
		return nil
	}
	points := []Point{{}}
	var sum tally
	for i, t := range all {
		sum.positive += t.positive
		sum.negative += t.negative
		point := Point{
			float64(sum.negative) / float64(total.negative), float64(sum.positive) / float64(total.positive),
		}
		last := points[len(points)-1]
		moved := point.FalsePositives - last.FalsePositives + point.TruePositives - last.TruePositives
		if moved >= 2.0/rocSteps || i == len(all)-1 {
			points = append(points, point)
		}
	}
	return points
}
