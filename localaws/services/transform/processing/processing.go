// Package processing filters the records of a transform job and joins them with their predictions, as DataProcessing
// says (developer guide, "Associate Prediction Results with Input Records").
package processing

import (
	"bytes"
	"errors"
	"fmt"
	"mime"

	"github.com/dustin/go-humanize/english"
)

// Format is how records are written.
type Format int

// Formats that can be processed.
const (
	// Other is a format that cannot.
	Other Format = iota
	// CSV is rows, text/csv.
	CSV
	// JSON is one value, application/json.
	JSON
	// JSONLines is a value in each line, application/jsonlines.
	JSONLines
)

// FormatOf is the format that a MIME type names.
func FormatOf(contentType string) Format {
	// What cannot be parsed names no format that can be processed.
	name, _, _ := mime.ParseMediaType(contentType)
	switch name {
	case "text/csv":
		return CSV
	case "application/json":
		return JSON
	case "application/jsonlines":
		return JSONLines
	default:
		return Other
	}
}

// Settings is DataProcessing.
type Settings struct {
	// InputFilter and OutputFilter are JSONPath expressions; "$" selects everything.
	InputFilter, OutputFilter string
	// Join appends the prediction to the record.
	Join   bool
	Format Format
}

// Processor applies settings to records. It can be used by one goroutine at a time.
type Processor struct {
	settings      Settings
	input, output filter
	rows          *rows
	// columns and selected are used again for each row.
	columns, selected []string
}

// What AWS calls the texts that cannot be parsed.
const (
	input  = "input"
	output = "output from the algorithm"
)

func badCSV(what string, err error) error {
	return fmt.Errorf("Failed to parse %s as CSV: %w", what, err) //nolint:staticcheck // AWS's words
}

// FiltersInput reports whether requests hold something else than the records.
func (s Settings) FiltersInput() bool { return s.InputFilter != everything }

// ChangesOutput reports whether the output holds something else than the predictions.
func (s Settings) ChangesOutput() bool { return s.Join || s.OutputFilter != everything }

// New makes a processor. The error says, in AWS's words where known, what is wrong with a filter.
func New(settings Settings) (*Processor, error) {
	p := &Processor{settings: settings, rows: newRows()}
	var err error
	if p.input, err = settings.parse(settings.InputFilter); err != nil {
		return nil, err
	}
	if p.output, err = settings.parse(settings.OutputFilter); err != nil {
		return nil, err
	}
	return p, nil
}

func (s Settings) parse(text string) (filter, error) {
	f, err := parse(text)
	if err == nil && s.Format == CSV && !f.forColumns() {
		err = invalid(text, "columns of CSV are selected by index")
	}
	return f, err
}

// Fork is a processor with the same settings for another goroutine.
func (p *Processor) Fork() *Processor {
	return &Processor{settings: p.settings, input: p.input, output: p.output, rows: newRows()}
}

// Input is what to send of a record, ending in a newline if the record does. It is valid until the next call.
func (p *Processor) Input(record []byte) ([]byte, error) {
	if p.input.all() {
		return record, nil
	}
	if p.settings.Format == CSV {
		columns, err := p.rows.parse(p.columns[:0], record)
		if err != nil {
			return nil, badCSV(input, err)
		}
		p.columns = columns
		return p.selectRow(p.input)
	}
	selected, err := p.input.selectJSON(record)
	if err != nil {
		return nil, err
	}
	if bytes.HasSuffix(record, []byte("\n")) {
		selected = append(selected, '\n')
	}
	return selected, nil
}

// selectRow is what a filter selects of the columns.
func (p *Processor) selectRow(f filter) ([]byte, error) {
	selected, err := f.selectColumns(p.selected[:0], p.columns)
	if err != nil {
		return nil, err
	}
	p.selected = selected
	return p.rows.format(selected)
}

// Output joins records with what a model answered for them, filters the result and appends it, a line for each record,
// the last without its newline.
func (p *Processor) Output(dst []byte, records [][]byte, answer []byte) ([]byte, error) {
	predictions, err := p.predictions(answer)
	if err != nil {
		return nil, err
	}
	if p.settings.Join && len(predictions) != len(records) {
		return nil, fmt.Errorf("the algorithm returned %s for %s",
			english.Plural(len(predictions), "prediction", ""), english.Plural(len(records), "record", ""))
	}
	process := p.jsonOutput
	if p.settings.Format == CSV {
		process = p.csvOutput
	}
	for i, prediction := range predictions {
		var record []byte
		if p.settings.Join {
			record = records[i]
		}
		joined, err := process(record, prediction)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			dst = append(dst, '\n')
		}
		dst = append(dst, bytes.TrimSuffix(joined, []byte("\n"))...)
	}
	return dst, nil
}

// predictions takes an answer apart: by lines for CSV, by values for JSON.
func (p *Processor) predictions(answer []byte) ([][]byte, error) {
	if p.settings.Format != CSV {
		return valuesJSON(answer)
	}
	var lines [][]byte
	for line := range bytes.Lines(answer) {
		if line = bytes.TrimRight(line, "\r\n"); len(line) > 0 {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

func (p *Processor) jsonOutput(record, prediction []byte) ([]byte, error) {
	if p.settings.Join {
		joined, err := joinJSON(record, prediction)
		if err != nil {
			return nil, err
		}
		prediction = joined
	}
	if p.output.all() {
		return prediction, nil
	}
	selected, err := p.output.selectJSON(prediction)
	if errors.Is(err, errInputJSON) {
		err = errOutputJSON
	}
	return selected, err
}

func (p *Processor) csvOutput(record, prediction []byte) ([]byte, error) {
	p.columns = p.columns[:0]
	if p.settings.Join {
		columns, err := p.rows.parse(p.columns, record)
		if err != nil {
			return nil, badCSV(input, err)
		}
		p.columns = columns
	}
	columns, err := p.rows.parse(p.columns, prediction)
	if err != nil {
		return nil, badCSV(output, err)
	}
	p.columns = columns
	return p.selectRow(p.output)
}
