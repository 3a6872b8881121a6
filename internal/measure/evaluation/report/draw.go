package report

import (
	"bytes"
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// dpi makes pictures sharp on dense screens: they are shown at half their size in pixels.
const dpi = 192

// sans is the kind of the fonts.
const sans = "Sans"

// Colours, told apart also by those who do not see red and green.
var (
	ink   = color.NRGBA{R: 0x1b, G: 0x1f, B: 0x24, A: 0xff}
	blue  = color.NRGBA{R: 0x1f, G: 0x5f, B: 0xa8, A: 0xff}
	grey  = color.NRGBA{R: 0x8c, G: 0x95, B: 0x9f, A: 0xff}
	point = color.NRGBA{R: 0x1f, G: 0x5f, B: 0xa8, A: 0x70}
)

// newPlot is an empty plot with names for its axes.
func newPlot(x, y string) *plot.Plot {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = x, y
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font.Variant, axis.Tick.Label.Font.Variant = sans, sans
		axis.Label.TextStyle.Font.Size = vg.Points(11)
		axis.Label.Padding = vg.Points(4)
		axis.Tick.Label.Font.Size = vg.Points(10)
	}
	return p
}

// render draws a plot of a size in points.
func render(p *plot.Plot, title, text string, width, height vg.Length) (picture, error) {
	canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi))
	p.Draw(draw.Crop(draw.New(canvas), vg.Points(4), -vg.Points(10), vg.Points(4), -vg.Points(8)))
	var png bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(&png); err != nil {
		return picture{}, fmt.Errorf("%s: %w", title, err)
	}
	const cssDPI = 96
	return picture{Title: title, Text: text, Data: embed(png.Bytes()), Width: int(width.Dots(cssDPI))}, nil
}

// diagonal adds the line where both axes have the same value.
func diagonal(p *plot.Plot, low, high float64) error {
	line, err := plotter.NewLine(plotter.XYs{{X: low, Y: low}, {X: high, Y: high}})
	if err != nil {
		return err
	}
	line.Color, line.Width = grey, vg.Points(1)
	line.Dashes = []vg.Length{vg.Points(4), vg.Points(3)}
	p.Add(line)
	return nil
}

// path adds a line through points, with a dot at each if there are few.
func path(p *plot.Plot, points plotter.XYs) error {
	line, err := plotter.NewLine(points)
	if err != nil {
		return err
	}
	line.Color, line.Width = blue, vg.Points(1.8)
	p.Add(line)
	const few = 30
	if len(points) > few {
		return nil
	}
	return dots(p, points, blue, vg.Points(3))
}

func dots(p *plot.Plot, points plotter.XYs, colour color.Color, radius vg.Length) error {
	scatter, err := plotter.NewScatter(points)
	if err != nil {
		return err
	}
	scatter.GlyphStyle = draw.GlyphStyle{Color: colour, Radius: radius, Shape: draw.CircleGlyph{}}
	p.Add(scatter)
	return nil
}

// unit makes both axes go from 0 to 1.
func unit(p *plot.Plot) {
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	p.Add(plotter.NewGrid())
}
