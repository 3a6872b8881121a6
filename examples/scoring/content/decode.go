// Package content reads rows of numbers from, and writes predictions to, the bodies of requests and responses.
package content

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"sagehost/examples/hosting/media"
)

// Decode reads rows of width numbers from a body. It fails on a body without rows, and names the row and column,
// counted from 1, of a value that is not a finite number.
func Decode(format media.Format, body []byte, width int) ([][]float64, error) {
	var values []float64
	count := 0
	for row, err := range format.Rows(body, "numbers") {
		if err != nil {
			return nil, err
		}
		count++
		if len(row) != width {
			return nil, fmt.Errorf("row %d: %d values, but the model has %d features", count, len(row), width)
		}
		for i, text := range row {
			value, err := strconv.ParseFloat(text, 64)
			if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
				return nil, fmt.Errorf("row %d, column %d: %.40q is not a finite number", count, i+1, text)
			}
			values = append(values, value)
		}
	}
	if count == 0 {
		return nil, errors.New("the body has no rows")
	}
	rows := make([][]float64, count)
	for i := range rows {
		rows[i] = values[i*width : (i+1)*width]
	}
	return rows, nil
}
