package media

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Rows gives the rows of a body one after the other, with their values as the client wrote them: in CSV the text
// without quotes and the spaces around it, in JSON and JSON Lines the JSON text. CSV has no header line; JSON is an
// array of arrays, or an object with that array under "instances"; JSON Lines has an array on each line. Empty lines
// are no rows. A row is valid until the next one. After an error, which names the row counted from 1 where there is
// one, nothing follows. Errors call the values in a row by the name that is given, such as "numbers".
func (f Format) Rows(body []byte, values string) iter.Seq2[[]string, error] {
	switch f {
	case CSV:
		if bytes.IndexByte(body, '"') < 0 {
			return plainRows(string(body))
		}
		return quotedRows(body)
	case Lines:
		return lineRows(body, values)
	default:
		return arrayRows(body, values)
	}
}

// plainRows finds the same as quotedRows in text without a quote, several times as fast.
func plainRows(text string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		var row []string
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
			if line == "" {
				continue
			}
			row = row[:0]
			for more := true; more; {
				var value string
				value, line, more = strings.Cut(line, ",")
				row = append(row, strings.TrimSpace(value))
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func quotedRows(body []byte) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		reader := csv.NewReader(bytes.NewReader(body))
		// Whoever knows how many values a row has can give the better message.
		reader.FieldsPerRecord = -1
		reader.TrimLeadingSpace = true
		reader.ReuseRecord = true
		for {
			row, err := reader.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("the body is not CSV: %w", err))
				return
			}
			for i := range row {
				row[i] = strings.TrimSpace(row[i])
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func arrayRows(body []byte, values string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		rows, err := instances(body)
		if err != nil {
			yield(nil, err)
			return
		}
		for i, text := range rows {
			if row, err := array(text, i+1, values); !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func instances(body []byte) ([]json.RawMessage, error) {
	var rows []json.RawMessage
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		if err := json.Unmarshal(body, &rows); err != nil {
			return nil, fmt.Errorf("the body is not a JSON array of rows: %w", err)
		}
		return rows, nil
	}
	var object struct {
		Instances *[]json.RawMessage `json:"instances"`
	}
	if err := json.Unmarshal(body, &object); err != nil {
		return nil, fmt.Errorf("the body is not JSON with instances: %w", err)
	}
	if object.Instances == nil {
		return nil, errors.New(`the body has no "instances"`)
	}
	return *object.Instances, nil
}

func lineRows(body []byte, values string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		number := 0
		for line := range bytes.Lines(body) {
			if len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			number++
			if row, err := array(line, number, values); !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// array leaves the values as they are written, so that whoever reads them can quote a bad one.
func array(text []byte, number int, values string) ([]string, error) {
	var texts []json.RawMessage
	if err := json.Unmarshal(text, &texts); err != nil {
		return nil, fmt.Errorf("row %d: not a JSON array of %s: %w", number, values, err)
	}
	row := make([]string, len(texts))
	for i, value := range texts {
		row[i] = string(value)
	}
	return row, nil
}
