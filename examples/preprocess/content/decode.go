// Package content reads raw records from, and writes rows of numbers to, the bodies of requests and responses.
package content

import (
	"encoding/json"
	"errors"
	"fmt"

	"sagehost/examples/hosting/media"
	"sagehost/examples/preprocess/recipe"
)

// Decode reads records from a body and makes a row of each. In JSON a value is a string, a number or, where it is
// missing, null. It fails on a body without rows, and names the row and column, counted from 1, of a bad value.
func Decode(format media.Format, body []byte, by *recipe.Recipe) ([][]float64, error) {
	var rows [][]float64
	for record, err := range format.Rows(body, "values") {
		if err != nil {
			return nil, err
		}
		number := len(rows) + 1
		if format != media.CSV {
			if err := unquote(record); err != nil {
				return nil, fmt.Errorf("row %d, %w", number, err)
			}
		}
		row, err := by.Row(number, record)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil, errors.New("the body has no rows")
	}
	return rows, nil
}

// unquote turns JSON values into the texts that they are in CSV.
func unquote(record []string) error {
	for i, value := range record {
		switch value[0] {
		case '"':
			if err := json.Unmarshal([]byte(value), &record[i]); err != nil {
				return fmt.Errorf("column %d: %w", i+1, err)
			}
		case 'n':
			record[i] = ""
		case '[', '{', 't', 'f':
			return fmt.Errorf("column %d: %.40q is neither a string nor a number nor null", i+1, value)
		}
	}
	return nil
}
