package loadtest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
)

// Report is what a person wants to see of a load test.
type Report struct {
	// Title says what was tested, and where.
	Title string
	// Options are what was looked for.
	Options *Options
	// Result is what was found.
	Result *Result
	// Advice is what to write into the settings; nil where there is nothing to write.
	Advice *Advice
	// Notes are to be read before the numbers are believed.
	Notes []string
}

// page is one file with everything in it.
var page = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{{.Title}}</title>
<style>
body { font-family: sans-serif; margin: 2em; max-width: 60em }
table { border-collapse: collapse } td, th { padding: .2em .8em; text-align: right; border-bottom: 1px solid #ccc }
td:last-child { text-align: left }
</style>
<h1>{{.Title}}</h1>
<p>{{.Summary}}</p>
{{range .Notes}}<p><strong>{{.}}</strong></p>
{{end}}<p><img alt="Latency over rate" src="{{.Image}}"></p>
{{with .YAML}}<pre>{{.}}</pre>
{{end}}<table>
<tr><th>requests/s<th>sent<th>failed<th>p50<th>p90<th>p99<th>
{{range .Result.Steps}}<tr><td>{{printf "%.1f" .Rate}}<td>{{.Sent}}<td>{{.Errors}}
<td>{{.Latency.P50}}<td>{{.Latency.P90}}<td>{{.Latency.P99}}<td>{{if .Held}}held{{else}}{{.Problem}}{{end}}
{{end}}</table>
</html>
`))

// Summary is the result in a sentence.
func (r *Report) Summary() string {
	within := fmt.Sprintf("99 of 100 requests within %s", r.Options.Latency)
	switch best := r.Result.Best; {
	case best == nil && r.Result.Stopped != "":
		return fmt.Sprintf("No rate was held with %s, and the test is not complete: %s.", within, r.Result.Stopped)
	case best == nil:
		return fmt.Sprintf("Not even the lowest rate was held with %s.", within)
	case r.Result.Stopped != "":
		return fmt.Sprintf("At least %.4g requests/s were held with %s; the limit is not known: %s.",
			best.Rate, within, r.Result.Stopped)
	default:
		return fmt.Sprintf("%.4g requests/s were held with %s.", best.Rate, within)
	}
}

// HTML is the report as one file.
func (r *Report) HTML() ([]byte, error) {
	png, err := chart(r.Title, r.Result.Steps, r.Options)
	if err != nil {
		return nil, err
	}
	image := template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png)) //nolint:gosec // ours
	shown := struct {
		*Report

		YAML  string
		Image template.URL
	}{Report: r, Image: image}
	if r.Advice != nil {
		shown.YAML = r.Advice.YAML()
	}
	var out bytes.Buffer
	if err := page.Execute(&out, shown); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return out.Bytes(), nil
}

// Write writes the report to a file, whose folder is made.
func (r *Report) Write(path string) error {
	text, err := r.HTML()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a folder of the checkout
		return fmt.Errorf("report: %w", err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil { //nolint:gosec // to be opened by a browser
		return fmt.Errorf("report: %w", err)
	}
	return nil
}
