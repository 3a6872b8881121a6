// Package samples reads labelled rows from CSV files and divides them into those to learn from and those to test with.
package samples

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
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

// Read reads a CSV file whose header names the features and, last, the column with the class. It fails if the file is
// missing or is not such a table.
func Read(path string) (Set, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Set{}, fmt.Errorf("read samples: %w", err)
	}
	table, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return Set{}, fmt.Errorf("read samples in %s: %w", path, err)
	}
	if len(table) < 2 || len(table[0]) < 2 {
		return Set{}, fmt.Errorf("%s: want a header of at least two columns, and rows", path)
	}
	width := len(table[0]) - 1
	set := Set{Features: table[0][:width]}
	for i, line := range table[1:] {
		row := make([]float64, width)
		for j := range row {
			if row[j], err = strconv.ParseFloat(line[j], 64); err != nil {
				return Set{}, fmt.Errorf("%s, row %d, column %s: %w", path, i+1, set.Features[j], err)
			}
		}
		set.Rows = append(set.Rows, row)
		set.Labels = append(set.Labels, line[width])
	}
	return set, nil
}

// Split holds out every n-th row of each class, in the order of the set.
func (s Set) Split(n int) (train, heldOut Set) {
	train.Features, heldOut.Features = s.Features, s.Features
	seen := map[string]int{}
	for i, label := range s.Labels {
		seen[label]++
		part := &train
		if seen[label]%n == 0 {
			part = &heldOut
		}
		part.Rows = append(part.Rows, s.Rows[i])
		part.Labels = append(part.Labels, label)
	}
	return train, heldOut
}

// CSV writes the set with the given number of decimals, as Read reads it.
func (s Set) CSV(label string, decimals int) []byte {
	var text bytes.Buffer
	for _, feature := range s.Features {
		text.WriteString(feature + ",")
	}
	text.WriteString(label + "\n")
	for i, row := range s.Rows {
		for _, value := range row {
			text.WriteString(strconv.FormatFloat(value, 'f', decimals, 64) + ",")
		}
		text.WriteString(s.Labels[i] + "\n")
	}
	return text.Bytes()
}
