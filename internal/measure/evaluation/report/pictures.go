package report

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"sagehost/internal/release/metrics"
)

// The size of most pictures, in points.
const (
	width  = 300
	height = 270
)

// pictures draws what the summary has.
func (r *Report) pictures() ([]picture, error) {
	s := r.Result.Summary
	var all []picture
	for _, drawing := range []struct {
		wanted bool
		draw   func(*metrics.Summary) (picture, error)
	}{
		{len(s.Confusion) > 0 && len(s.Confusion) <= maxDrawn, confusion},
		{len(s.Calibration) > 0, calibration},
		{len(s.ROC) > 0, roc},
		{drawable(s.Pairs), predicted},
		{drawable(s.Pairs) && spread(s.Pairs), residuals},
	} {
		if !drawing.wanted {
			continue
		}
		drawn, err := drawing.draw(s)
		if err != nil {
			return nil, err
		}
		all = append(all, drawn)
	}
	return all, nil
}

// drawable reports whether there are pairs, and none so large that differences overflow.
func drawable(pairs []metrics.Pair) bool {
	const most = 1e300
	return len(pairs) > 0 && !slices.ContainsFunc(pairs, func(pair metrics.Pair) bool {
		return math.Abs(pair.True) > most || math.Abs(pair.Predicted) > most
	})
}

// spread reports whether some predictions are off by more than others: an axis needs two ends.
func spread(pairs []metrics.Pair) bool {
	first := pairs[0].Predicted - pairs[0].True
	return slices.ContainsFunc(pairs, func(pair metrics.Pair) bool { return pair.Predicted-pair.True != first })
}

// calibration draws how often predictions of some probability are right.
func calibration(s *metrics.Summary) (picture, error) {
	p := newPlot("probability of the predicted class", "share that was right")
	unit(p)
	var points plotter.XYs
	for _, bin := range s.Calibration {
		if bin.Rows > 0 {
			points = append(points, plotter.XY{X: bin.Confidence, Y: bin.Accuracy})
		}
	}
	if err := diagonal(p, 0, 1); err != nil {
		return picture{}, err
	}
	if err := path(p, points); err != nil {
		return picture{}, err
	}
	return render(p, "Calibration", "How often the predicted class was right, by the probability that it was given, in "+
		"ten intervals. On the dashed line the model knows how sure it may be; below it, it is too sure.", width, height)
}

// roc draws what the threshold trades.
func roc(s *metrics.Summary) (picture, error) {
	p := newPlot("share of the other class above the threshold", "share of "+short(s.Positive)+" above it")
	unit(p)
	points := make(plotter.XYs, len(s.ROC))
	for i, at := range s.ROC {
		points[i] = plotter.XY{X: at.FalsePositives, Y: at.TruePositives}
	}
	if err := diagonal(p, 0, 1); err != nil {
		return picture{}, err
	}
	if err := path(p, points); err != nil {
		return picture{}, err
	}
	return render(p, "ROC", fmt.Sprintf("Of class %s and of the other one, the shares whose probability of %s is above a "+
		"threshold, for all thresholds. The dashed line is what chance would do.", s.Positive, s.Positive), width, height)
}

// predicted draws what was predicted against what is true.
func predicted(s *metrics.Summary) (picture, error) {
	p := newPlot("true", "predicted")
	p.Add(plotter.NewGrid())
	points := make(plotter.XYs, len(s.Pairs))
	low, high := math.Inf(1), math.Inf(-1)
	for i, pair := range s.Pairs {
		points[i] = plotter.XY{X: pair.True, Y: pair.Predicted}
		low = math.Min(low, math.Min(pair.True, pair.Predicted))
		high = math.Max(high, math.Max(pair.True, pair.Predicted))
	}
	if low < high {
		if err := diagonal(p, low, high); err != nil {
			return picture{}, err
		}
	}
	if err := dots(p, points, point, vg.Points(2)); err != nil {
		return picture{}, err
	}
	return render(p, "Predicted and true", fmt.Sprintf("%d of the %d rows. On the dashed line the prediction is true.",
		len(s.Pairs), s.Rows), width, height)
}

// residuals draws how far predictions are off.
func residuals(s *metrics.Summary) (picture, error) {
	p := newPlot("predicted less true", "rows")
	values := make(plotter.Values, len(s.Pairs))
	for i, pair := range s.Pairs {
		values[i] = pair.Predicted - pair.True
	}
	const most = 40
	histogram, err := plotter.NewHist(values, max(1, min(most, int(math.Sqrt(float64(len(values)))))))
	if err != nil {
		return picture{}, err
	}
	histogram.FillColor = blue
	histogram.Width = 0
	p.Add(plotter.NewGrid(), histogram)
	return render(p, "Residuals", fmt.Sprintf("By how much the predictions for %d of the %d rows are off.",
		len(s.Pairs), s.Rows), width, height)
}
