package samples

import (
	"fmt"
	"strconv"
)

// Set is rows of numbers with a class for each.
type Set struct {
	// Features names the columns.
	Features []string
	// Rows has a number for each feature.
	Rows [][]float64
	// Labels has a class for each row.
	Labels []string
}

// Numbers reads every value of a table as a number. It fails if one is not.
func (t Table) Numbers() (Set, error) {
	set := Set{Features: t.Columns, Labels: t.Labels}
	for i, line := range t.Rows {
		row := make([]float64, len(line))
		for j, value := range line {
			var err error
			if row[j], err = strconv.ParseFloat(value, 64); err != nil {
				return Set{}, fmt.Errorf("row %d, column %s: %w", i+1, t.Columns[j], err)
			}
		}
		set.Rows = append(set.Rows, row)
	}
	return set, nil
}
