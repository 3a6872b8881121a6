package loadtest

import (
	"bytes"
	"cmp"
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"sagehost/internal/measure/smoke"
)

// The chart's size.
const chartWidth, chartHeight = 18 * vg.Centimeter, 11 * vg.Centimeter

// line is one line of the chart.
type line struct {
	name   string
	color  color.Color
	dashed bool
	points plotter.XYs
}

// chart is latency over rate, as a PNG image.
func chart(title string, steps []Step, options *Options) ([]byte, error) {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, "requests per second", "milliseconds"
	p.X.Min, p.Y.Min = 0, 0
	p.Legend.Top, p.Legend.Left = true, true
	p.Add(plotter.NewGrid())
	for _, l := range lines(steps, options) {
		drawn, points, err := plotter.NewLinePoints(l.points)
		if err != nil {
			return nil, fmt.Errorf("chart: %w", err)
		}
		drawn.Color, points.Color, drawn.Width = l.color, l.color, vg.Points(1.5)
		p.Add(drawn)
		p.Legend.Add(l.name, drawn)
		if l.dashed {
			drawn.Dashes = []vg.Length{vg.Points(4), vg.Points(3)}
			continue
		}
		p.Add(points)
	}
	writer, err := p.WriterTo(chartWidth, chartHeight, "png")
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	var png bytes.Buffer
	if _, err := writer.WriteTo(&png); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return png.Bytes(), nil
}

// lines are the percentiles of the steps that had answers, by rate, and the limit.
func lines(steps []Step, options *Options) []line {
	sorted := slices.SortedFunc(slices.Values(steps), func(a, b Step) int { return cmp.Compare(a.Rate, b.Rate) })
	sorted = slices.DeleteFunc(sorted, func(s Step) bool { return s.Latency.Count == 0 })
	if len(sorted) == 0 {
		return nil
	}
	p50 := line{name: "p50", color: color.RGBA{R: 0x1f, G: 0x77, B: 0xb4, A: 0xff}}
	p99 := line{name: "p99", color: color.RGBA{R: 0xd6, G: 0x27, B: 0x28, A: 0xff}}
	for _, s := range sorted {
		p50.points = append(p50.points, plotter.XY{X: s.Rate, Y: smoke.Milliseconds(s.Latency.P50)})
		p99.points = append(p99.points, plotter.XY{X: s.Rate, Y: smoke.Milliseconds(s.Latency.P99)})
	}
	limit := smoke.Milliseconds(options.Latency)
	return []line{p50, p99, {
		name: "limit of p99", color: color.Gray{Y: 0x60}, dashed: true,
		points: plotter.XYs{{X: 0, Y: limit}, {X: sorted[len(sorted)-1].Rate, Y: limit}},
	}}
}
