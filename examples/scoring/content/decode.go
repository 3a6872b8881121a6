package content

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Decode reads rows of width numbers from a body. CSV has no header line; JSON is an array of arrays, or an object
// with that array under "instances"; JSON Lines has an array on each line. It fails on a body without rows, and names
// the row and column, counted from 1, of a value that is not a finite number.
func (f Format) Decode(body []byte, width int) ([][]float64, error) {
	var cells [][]string
	var err error
	switch f {
	case CSV:
		cells, err = decodeCSV(body)
	case Lines:
		cells, err = decodeLines(body)
	default:
		cells, err = decodeJSON(body)
	}
	if err != nil {
		return nil, err
	}
	if len(cells) == 0 {
		return nil, errors.New("the body has no rows")
	}
	return numbers(cells, width)
}

// numbers turns text into numbers and holds every row against the width.
func numbers(cells [][]string, width int) ([][]float64, error) {
	rows := make([][]float64, len(cells))
	for i, line := range cells {
		if len(line) != width {
			return nil, fmt.Errorf("row %d: %d values, but the model has %d features", i+1, len(line), width)
		}
		rows[i] = make([]float64, width)
		for j, cell := range line {
			value, err := strconv.ParseFloat(cell, 64)
			if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
				return nil, fmt.Errorf("row %d, column %d: %.40q is not a finite number", i+1, j+1, cell)
			}
			rows[i][j] = value
		}
	}
	return rows, nil
}

func decodeCSV(body []byte) ([][]string, error) {
	reader := csv.NewReader(bytes.NewReader(body))
	// The width is checked against the model, which gives the better message.
	reader.FieldsPerRecord = -1
	reader.TrimLeadingSpace = true
	cells, err := reader.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("the body is not CSV: %w", err)
	}
	for _, line := range cells {
		for j := range line {
			line[j] = strings.TrimSpace(line[j])
		}
	}
	return cells, nil
}

func decodeJSON(body []byte) ([][]string, error) {
	var rows []json.RawMessage
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		var object struct {
			Instances *[]json.RawMessage `json:"instances"`
		}
		if err := json.Unmarshal(body, &object); err != nil {
			return nil, fmt.Errorf("the body is not JSON with instances: %w", err)
		}
		if object.Instances == nil {
			return nil, errors.New(`the body has no "instances"`)
		}
		rows = *object.Instances
	} else if err := json.Unmarshal(body, &rows); err != nil {
		return nil, fmt.Errorf("the body is not a JSON array of rows: %w", err)
	}
	cells := make([][]string, len(rows))
	for i, row := range rows {
		line, err := decodeRow(row, i+1)
		if err != nil {
			return nil, err
		}
		cells[i] = line
	}
	return cells, nil
}

func decodeLines(body []byte) ([][]string, error) {
	var cells [][]string
	for line := range bytes.Lines(body) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		row, err := decodeRow(line, len(cells)+1)
		if err != nil {
			return nil, err
		}
		cells = append(cells, row)
	}
	return cells, nil
}

// decodeRow leaves the values as they are written, so that whoever reads them as numbers can quote a bad one.
func decodeRow(text []byte, number int) ([]string, error) {
	var values []json.RawMessage
	if err := json.Unmarshal(text, &values); err != nil {
		return nil, fmt.Errorf("row %d: not a JSON array of numbers: %w", number, err)
	}
	row := make([]string, len(values))
	for i, value := range values {
		row[i] = string(value)
	}
	return row, nil
}
