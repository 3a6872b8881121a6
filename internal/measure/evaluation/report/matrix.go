package report

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"unicode/utf8"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"sagehost/internal/release/metrics"
)

const (
	// maxDrawn is the most classes that can be seen apart.
	maxDrawn = 100
	// maxNumbered is the most classes for which each cell has its number.
	maxNumbered = 20
	// maxNamed is the most classes whose names are written at the axes, maxName the longest name in characters.
	maxNamed = 40
	maxName  = 18
)

// matrix is a confusion matrix as a heat map, of which each row adds up to 1. The first class is on top.
type matrix struct{ rows [][]float64 }

// Dims, X, Y and Z are what a heat map asks for.
func (m matrix) Dims() (columns, rows int) { return len(m.rows), len(m.rows) }

// X is where a column is.
func (m matrix) X(column int) float64 { return float64(column) }

// Y is where a row is, counted from below.
func (m matrix) Y(row int) float64 { return float64(row) }

// Z is the share in a cell, whose row is counted from below.
func (m matrix) Z(column, row int) float64 { return m.rows[len(m.rows)-1-row][column] }

// shares are counts as shares of their sum.
func shares(counts []int64) (share []float64) {
	var total int64
	for _, n := range counts {
		total += n
	}
	for _, n := range counts {
		share = append(share, float64(n)/math.Max(float64(total), 1))
	}
	return share
}

// blues go from nearly white to dark blue.
type blues struct{}

func (blues) Colors() []color.Color {
	const steps = 64
	colors := make([]color.Color, steps)
	for i := range colors {
		t := float64(i) / (steps - 1)
		mix := func(from, to float64) uint8 { return uint8(math.Round(from + t*(to-from))) }
		colors[i] = color.NRGBA{R: mix(0xf3, 0x10), G: mix(0xf6, 0x4e), B: mix(0xfa, 0x8b), A: 255}
	}
	return colors
}

// confusion draws what was taken for what.
func confusion(s *metrics.Summary) (picture, error) {
	m := matrix{}
	for _, counts := range s.Confusion {
		m.rows = append(m.rows, shares(counts))
	}
	p := newPlot("predicted", "true")
	heat := plotter.NewHeatMap(m, blues{})
	heat.Min, heat.Max = 0, 1
	p.Add(heat)
	n := len(s.Classes)
	if n <= maxNumbered {
		if err := numbers(s, m, p.Add); err != nil {
			return picture{}, err
		}
	}
	across, down := make([]string, n), make([]string, n)
	if n <= maxNamed {
		for i, class := range s.Classes {
			across[i], down[n-1-i] = short(class.Name), short(class.Name)
		}
	}
	p.NominalX(across...)
	p.NominalY(down...)
	p.X.Tick.Label.Rotation = math.Pi / 4
	p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = text.XRight, text.YCenter
	side := vg.Length(math.Min(math.Max(float64(n)*40, 260), 620)) + 90
	return render(p, "Confusion matrix", fmt.Sprintf("How many of the %d rows of each true class (from top to bottom) "+
		"were predicted as which class. The darker, the greater the share of the row.", s.Rows), side+30, side)
}

// numbers writes how many rows are in each cell.
func numbers(s *metrics.Summary, m matrix, add func(...plot.Plotter)) error {
	var cells plotter.XYLabels
	var dark []bool
	for row, counts := range s.Confusion {
		for column, count := range counts {
			cells.XYs = append(cells.XYs, plotter.XY{X: float64(column), Y: float64(len(m.rows) - 1 - row)})
			cells.Labels = append(cells.Labels, compact(count))
			dark = append(dark, m.rows[row][column] > 0.5)
		}
	}
	labels, err := plotter.NewLabels(cells)
	if err != nil {
		return err
	}
	for i := range labels.TextStyle {
		style := &labels.TextStyle[i]
		style.XAlign, style.YAlign, style.Color = text.XCenter, text.YCenter, ink
		style.Font.Variant, style.Font.Size = sans, vg.Points(11)
		if dark[i] {
			style.Color = color.White
		}
	}
	add(labels)
	return nil
}

// compact writes a count in few characters.
func compact(n int64) string {
	switch {
	case n >= 10_000_000:
		return strconv.FormatInt(n/1_000_000, 10) + "M"
	case n >= 10_000:
		return strconv.FormatInt(n/1000, 10) + "k"
	}
	return strconv.FormatInt(n, 10)
}

// short cuts a class's name.
func short(name string) string {
	if utf8.RuneCountInString(name) <= maxName {
		return name
	}
	return string([]rune(name)[:maxName-1]) + "…"
}
