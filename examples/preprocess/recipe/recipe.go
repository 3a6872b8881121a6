// Package recipe turns raw records, of text with gaps, into the rows of numbers that a model takes.
package recipe

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// File is the name of a recipe's file in its folder, and in the archive that SageMaker unpacks there.
const File = "preprocess.json"

// Recipe says for each column of a record what becomes of it.
type Recipe struct {
	// Missing is what stands for a missing value, beside the empty text.
	Missing []string `json:"missing"`
	// Columns are in the order of a record's values. There is at least one.
	Columns []Column `json:"columns"`
}

// Column is a number or a category: exactly one of the two is set.
type Column struct {
	// Name is unique among the columns.
	Name     string    `json:"name"`
	Number   *Number   `json:"number,omitempty"`
	Category *Category `json:"category,omitempty"`
}

// Number becomes one number: (value - Mean) / Scale.
type Number struct {
	// Fill is the value that a missing one is taken for, in the column's unit.
	Fill float64 `json:"fill"`
	// Mean is the value that becomes 0, in the column's unit.
	Mean float64 `json:"mean"`
	// Scale is the distance from Mean that becomes 1, above zero, in the column's unit.
	Scale float64 `json:"scale"`
}

// Category becomes as many numbers as it has values: 1 for the one that the record has, 0 for all others.
type Category struct {
	// Fill is the value that a missing one is taken for. It is one of Values.
	Fill string `json:"fill"`
	// Values are different from each other, and no text for a missing value is among them.
	Values []string `json:"values"`
}

// Load reads the recipe in a folder. It fails if the file is missing, is not JSON or is not a whole recipe.
func Load(folder string) (*Recipe, error) {
	path := filepath.Join(folder, File)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the recipe: %w", err)
	}
	recipe, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the recipe %s: %w", path, err)
	}
	return recipe, nil
}

// Parse reads a recipe in JSON. It fails if the text is not JSON or not a whole recipe.
func Parse(text []byte) (*Recipe, error) {
	recipe := &Recipe{}
	if err := json.Unmarshal(text, recipe); err != nil {
		return nil, err
	}
	if err := recipe.Check(); err != nil {
		return nil, err
	}
	return recipe, nil
}

// Check reports everything that keeps the recipe from making a row of a record.
func (r *Recipe) Check() error {
	var problems []error
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if len(r.Columns) == 0 {
		report("columns is empty")
	}
	names := map[string]bool{}
	for i, column := range r.Columns {
		if column.Name == "" || names[column.Name] {
			report("columns[%d] is named %q, want a name of its own", i, column.Name)
		}
		names[column.Name] = true
		if (column.Number == nil) == (column.Category == nil) {
			report("%s: want either number or category", column.Name)
		}
		if number := column.Number; number != nil && number.Scale <= 0 {
			report("%s: scale is %v, want above 0", column.Name, number.Scale)
		}
		if category := column.Category; category != nil {
			r.checkCategory(category, func(format string, args ...any) {
				report("%s: %w", column.Name, fmt.Errorf(format, args...))
			})
		}
	}
	return errors.Join(problems...)
}

func (r *Recipe) checkCategory(category *Category, report func(format string, args ...any)) {
	if !slices.Contains(category.Values, category.Fill) {
		report("fill is %q, want one of values", category.Fill)
	}
	for i, value := range category.Values {
		if r.missing(value) {
			report("values has %q, which stands for a missing value", value)
		}
		if slices.Contains(category.Values[:i], value) {
			report("values has %q twice", value)
		}
	}
}

// missing reports whether a text stands for a missing value.
func (r *Recipe) missing(text string) bool {
	return text == "" || slices.Contains(r.Missing, text)
}
