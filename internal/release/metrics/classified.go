package metrics

import (
	"fmt"
	"math"
	"slices"
)

// Summary is what was measured so far. It fails without rows, and when no answer has named a class that labels name.
func (c *Classes) Summary() (*Summary, error) {
	switch {
	case c.rows == 0:
		return nil, ErrNoRows
	case !c.familiar:
		return nil, c.errStrange()
	}
	s := &Summary{
		Kind: Classification, Rows: c.rows, Values: map[string]float64{}, Missing: map[string]string{},
		Classes: make([]Class, len(c.names)), Confusion: make([][]int64, len(c.names)),
	}
	var right int64
	for i := range c.confusion {
		s.Confusion[i] = slices.Clone(c.confusion[i])
		right += c.confusion[i][i]
	}
	s.Values[Accuracy] = float64(right) / float64(c.rows)
	c.perClass(s)
	s.Positive = c.Positive()
	if !c.uncertain {
		s.Calibration = c.calibration()
	}
	if c.unknown != "" {
		s.Missing[LogLoss], s.Missing[AUC] = c.unknown, c.unknown
		return s, nil
	}
	s.Values[LogLoss] = c.loss.value() / float64(c.rows)
	c.areas(s)
	return s, nil
}

// perClass fills in precision, recall and F1 of the classes, and their means over those classes that rows are of, or
// were predicted as.
func (c *Classes) perClass(s *Summary) {
	var seen float64
	for i, name := range c.names {
		class := Class{Name: name}
		for j := range c.names {
			class.Support += c.confusion[i][j]
			class.Predicted += c.confusion[j][i]
		}
		right := c.confusion[i][i]
		class.Precision = ratio(right, class.Predicted)
		class.Recall = ratio(right, class.Support)
		class.F1 = ratio(2*right, class.Support+class.Predicted)
		s.Classes[i] = class
		if class.Support+class.Predicted == 0 {
			continue
		}
		seen++
		s.Values[Precision] += class.Precision
		s.Values[Recall] += class.Recall
		s.Values[F1] += class.F1
	}
	for _, name := range []string{Precision, Recall, F1} {
		s.Values[name] /= seen
	}
}

// areas fills in AUC, over the classes that some rows are of and others are not.
func (c *Classes) areas(s *Summary) {
	if c.asked && len(c.names) > 2 {
		s.Missing[AUC] = fmt.Sprintf("the answers name %d classes, and the positive one is one of two", len(c.names))
		return
	}
	var total, wrong, classes float64
	for i := range c.curves {
		if area, unsure, ok := c.curves[i].auc(); ok {
			total, wrong, classes = total+area, wrong+unsure, classes+1
		}
	}
	if classes == 0 {
		s.Missing[AUC] = "all rows are of one class"
		return
	}
	s.Values[AUC], s.AUCError = total/classes, wrong/classes
	if len(c.curves) == 1 {
		s.ROC = c.curves[0].roc()
	}
}

func (c *Classes) calibration() []Calibrated {
	all := make([]Calibrated, len(c.bins))
	for i, bin := range c.bins {
		if bin.rows > 0 {
			all[i] = Calibrated{int64(bin.rows), bin.total / bin.rows, bin.right / bin.rows}
		}
	}
	return all
}

func ratio(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// sum adds numbers with Neumaier's compensation, so that millions of them lose no digits.
type sum struct{ total, lost float64 }

func (s *sum) add(x float64) {
	t := s.total + x
	if math.Abs(s.total) >= math.Abs(x) {
		s.lost += s.total - t + x
	} else {
		s.lost += x - t + s.total
	}
	s.total = t
}

func (s *sum) value() float64 { return s.total + s.lost }
