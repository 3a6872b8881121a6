package recipe

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Features names the numbers in a row, in their order: a number by its column, and each value of a category as
// column=value.
func (r *Recipe) Features() []string {
	var names []string
	for _, column := range r.Columns {
		if column.Number != nil {
			names = append(names, column.Name)
			continue
		}
		for _, value := range column.Category.Values {
			names = append(names, column.Name+"="+value)
		}
	}
	return names
}

// Rows makes a row of each record. It fails as Row does.
func (r *Recipe) Rows(records [][]string) ([][]float64, error) {
	rows := make([][]float64, len(records))
	for i, record := range records {
		row, err := r.Row(i+1, record)
		if err != nil {
			return nil, err
		}
		rows[i] = row
	}
	return rows, nil
}

// Row makes a row of a record; errors call it by its number among the records. It fails if the record has not a value
// for each column, and names the column, counted from 1, of one that is no finite number or not among the values of its
// category.
func (r *Recipe) Row(number int, record []string) ([]float64, error) {
	if len(record) != len(r.Columns) {
		return nil, fmt.Errorf("row %d: %d values, but a record has %d columns", number, len(record), len(r.Columns))
	}
	row := make([]float64, 0, 2*len(record))
	for i, column := range r.Columns {
		var err error
		if column.Number != nil {
			row, err = r.number(row, column.Number, record[i])
		} else {
			row, err = r.indicators(row, column.Category, record[i])
		}
		if err != nil {
			return nil, fmt.Errorf("row %d, column %d (%s): %w", number, i+1, column.Name, err)
		}
	}
	return row, nil
}

// number appends the scaled number that a text is.
func (r *Recipe) number(row []float64, number *Number, text string) ([]float64, error) {
	value := number.Fill
	if !r.missing(text) {
		parsed, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(parsed) || math.IsInf(parsed, 0) {
			return nil, fmt.Errorf("%.40q is not a finite number", text)
		}
		value = parsed
	}
	scaled := (value - number.Mean) / number.Scale
	if math.IsInf(scaled, 0) {
		return nil, fmt.Errorf("%.40q is too large to scale", text)
	}
	return append(row, scaled), nil
}

// indicators appends a 1 for the value that a text is, and a 0 for each other value of a category.
func (r *Recipe) indicators(row []float64, category *Category, text string) ([]float64, error) {
	if r.missing(text) {
		text = category.Fill
	}
	if !slices.Contains(category.Values, text) {
		return nil, fmt.Errorf("%.40q is not one of %s", text, strings.Join(category.Values, ", "))
	}
	for _, value := range category.Values {
		if value == text {
			row = append(row, 1)
		} else {
			row = append(row, 0)
		}
	}
	return row, nil
}
