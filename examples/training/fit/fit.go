// Package fit learns from samples how to prepare records.
package fit

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"sagehost/examples/preprocess/recipe"
	"sagehost/examples/training/samples"
	"sagehost/examples/training/statistics"
)

// Recipe learns how to prepare records with the columns of a table. Those named as categories keep the values that they
// have in the table, in the order of the alphabet, and get the most frequent one where it is missing (of equally
// frequent ones the first). All others are numbers, get the median where one is missing, and are then scaled to mean 0
// and deviation 1. Missing is what stands for a missing value, beside the empty text. It fails if a number cannot be
// read, or if a column has no values or, as a number, only one.
func Recipe(table samples.Table, categories, missing []string) (*recipe.Recipe, error) {
	made := &recipe.Recipe{Missing: missing}
	for i, name := range table.Columns {
		var present []string
		for _, row := range table.Rows {
			if row[i] != "" && !slices.Contains(missing, row[i]) {
				present = append(present, row[i])
			}
		}
		if len(present) == 0 {
			return nil, fmt.Errorf("column %s has no values", name)
		}
		column := recipe.Column{Name: name}
		if slices.Contains(categories, name) {
			column.Category = category(present)
		} else {
			var err error
			if column.Number, err = number(present, len(table.Rows)); err != nil {
				return nil, fmt.Errorf("column %s: %w", name, err)
			}
		}
		made.Columns = append(made.Columns, column)
	}
	if err := made.Check(); err != nil {
		return nil, fmt.Errorf("fit: %w", err)
	}
	return made, nil
}

func category(present []string) *recipe.Category {
	times := map[string]int{}
	for _, value := range present {
		times[value]++
	}
	values := slices.Sorted(maps.Keys(times))
	most := slices.MaxFunc(values, func(a, b string) int { return times[a] - times[b] })
	return &recipe.Category{Fill: most, Values: values}
}

// number describes a column of so many rows, some of which may be missing.
func number(present []string, rows int) (*recipe.Number, error) {
	values := make([]float64, len(present), rows)
	for i, text := range present {
		var err error
		if values[i], err = strconv.ParseFloat(text, 64); err != nil {
			return nil, err
		}
	}
	fill := statistics.Median(values)
	for len(values) < rows {
		values = append(values, fill)
	}
	mean, deviation := statistics.Spread(values)
	return &recipe.Number{Fill: fill, Mean: mean, Scale: deviation}, nil
}
