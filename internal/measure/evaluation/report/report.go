// Package report shows an evaluation to people: one HTML file with its pictures in it, which needs nothing else.
package report

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"time"

	"sagehost/internal/measure/evaluation"
	"sagehost/internal/release/gates"
	"sagehost/internal/release/metrics"
)

// Report is what is shown. The same report is the same bytes.
type Report struct {
	// Model is the model's name, Stack that of the stack it was measured in.
	Model, Stack string
	// Release is the id of the release that was measured. Default: empty, it has none.
	Release string
	// Result is what was measured.
	Result *evaluation.Result
	// Judgement is what the limits say of it.
	Judgement gates.Judgement
	// Baseline is what was measured of the release in production. Default: nil, there is none.
	Baseline *gates.Measured
}

//go:embed report.html
var page string

// Write writes the report as HTML.
func (r *Report) Write(to io.Writer) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"number": number, "percent": percent, "time": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"span": func(d time.Duration) string { return d.Round(time.Second).String() },
	}).Parse(page)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	pictures, err := r.pictures()
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	err = t.Execute(to, struct {
		*Report
		Metrics  []metric
		Pictures []picture
	}{r, r.metrics(), pictures})
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// metric is a row of the table of metrics.
type metric struct {
	metrics.Metric
	// Value and Baseline are numbers, or empty.
	Value, Baseline string
	// Missing is why there is no value.
	Missing string
	// Findings are what the limits say of it.
	Findings []gates.Finding
}

func (r *Report) metrics() []metric {
	summary := r.Result.Summary
	var rows []metric
	for _, m := range metrics.All() {
		row := metric{Metric: m, Missing: summary.Missing[m.Name]}
		for _, finding := range r.Judgement.Findings {
			if finding.Metric == m.Name {
				row.Findings = append(row.Findings, finding)
			}
		}
		if m.Kind != summary.Kind && len(row.Findings) == 0 {
			continue
		}
		if value, ok := summary.Values[m.Name]; ok {
			row.Value = number(value)
		}
		if m.Name == metrics.AUC && summary.AUCError > 0 {
			row.Value += " ± " + strconv.FormatFloat(summary.AUCError, 'g', 2, 64)
		}
		if r.Baseline != nil && r.Baseline.Data == r.Result.Data {
			if value, ok := r.Baseline.Values[m.Name]; ok {
				row.Baseline = number(value)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// picture is an image within the page.
type picture struct {
	Title string
	// Text says what is seen, also to those who do not see it.
	Text string
	// Data is a data: URL.
	Data template.URL
	// Width is in CSS pixels.
	Width int
}

func embed(png []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png)) //nolint:gosec // made here
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

func percent(x float64) string { return strconv.FormatFloat(100*x, 'f', 1, 64) + " %" }
