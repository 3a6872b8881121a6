package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize/english"

	"sagehost/internal/measure/evaluation"
	"sagehost/internal/measure/evaluation/report"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
	"sagehost/internal/release/metrics"
)

// evaluated is what an evaluation came to.
type evaluated struct {
	model, stack, release string
	result                *evaluation.Result
	baseline              *gates.Measured
	judgement             gates.Judgement
}

// reasons say why it is no pass.
func (e *evaluated) reasons() []string {
	var reasons []string
	if e.judgement.Reason != "" {
		reasons = append(reasons, e.judgement.Reason)
	}
	for _, finding := range e.judgement.Findings {
		if finding.Result != release.Pass {
			reasons = append(reasons, finding.Detail)
		}
	}
	return reasons
}

// print writes the metrics, a line each, and what the limits say.
func (e *evaluated) print(out io.Writer) {
	summary := e.result.Summary
	fmt.Fprintf(out, "\n%s of stack %s on %s of %s:\n", e.model, e.stack,
		english.Plural(int(summary.Rows), "row", ""), e.result.Source)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, metric := range metrics.All() {
		if value, ok := summary.Values[metric.Name]; ok {
			fmt.Fprintf(table, "  %s\t%.6g\n", metric.Name, value)
		} else if why := summary.Missing[metric.Name]; why != "" {
			fmt.Fprintf(table, "  %s\tnot known: %s\n", metric.Name, why)
		}
	}
	_ = table.Flush() // as other progress
	for _, finding := range e.judgement.Findings {
		fmt.Fprintf(out, "  %s: %s\n", finding.Result, finding.Detail)
	}
	if e.judgement.Reason != "" {
		fmt.Fprintf(out, "  %s\n", e.judgement.Reason)
	}
}

// write writes the metrics and the page into a folder.
func (e *evaluated) write(out io.Writer, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // reports are for everybody
		return fmt.Errorf("report: %w", err)
	}
	page, err := os.Create(filepath.Join(folder, "report.html"))
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	defer func() { _ = page.Close() }()
	shown := report.Report{
		Model: e.model, Stack: e.stack, Release: e.release, Result: e.result, Judgement: e.judgement, Baseline: e.baseline,
	}
	if err := shown.Write(page); err != nil {
		return err
	}
	if err := page.Close(); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	numbers := filepath.Join(folder, "metrics.json")
	if err := os.WriteFile(numbers, e.json(), 0o644); err != nil { //nolint:gosec // reports are for everybody
		return fmt.Errorf("report: %w", err)
	}
	fmt.Fprintf(out, "written to %s and %s\n", page.Name(), numbers)
	return nil
}

// json is the metrics for programs.
func (e *evaluated) json() []byte {
	summary := e.result.Summary
	classes := map[string]map[string]int64{}
	for i, class := range summary.Classes {
		row := map[string]int64{}
		for j, count := range summary.Confusion[i] {
			row[summary.Classes[j].Name] = count
		}
		classes[class.Name] = row
	}
	values := map[string]any{
		"model": e.model, "stack": e.stack, "release": e.release, "data": e.result.Data, "source": e.result.Source,
		"label": e.result.Label, "at": e.result.Ended.UTC().Format(time.RFC3339), "rows": summary.Rows,
		"metrics": summary.Values, "missing": summary.Missing, "confusion": classes, "result": e.judgement.Result,
		"output": e.result.Outcome.Output,
	}
	if e.result.Threshold != nil {
		values["threshold"] = *e.result.Threshold
	}
	maps.DeleteFunc(values, func(_ string, value any) bool { return value == "" })
	text, err := json.MarshalIndent(values, "", "  ")
	if err != nil {
		// Metrics are finite numbers, everything else is text.
		return []byte(err.Error())
	}
	return slices.Concat(text, []byte("\n"))
}
