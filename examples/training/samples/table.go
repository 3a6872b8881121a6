// Package samples reads labelled rows from CSV files and divides them into those to learn from and those to test with.
package samples

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
)

// Table is rows of text with a class for each.
type Table struct {
	// Label names the column with the class.
	Label string
	// Columns names the other ones.
	Columns []string
	// Rows has a value for each of Columns.
	Rows [][]string
	// Labels has a class for each row.
	Labels []string
}

// Read reads a CSV file whose header names the columns, the one with the class among them. It fails if the file is
// missing or is not such a table.
func Read(path, label string) (Table, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Table{}, fmt.Errorf("read samples: %w", err)
	}
	lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return Table{}, fmt.Errorf("read samples in %s: %w", path, err)
	}
	if len(lines) < 2 || len(lines[0]) < 2 {
		return Table{}, fmt.Errorf("%s: want a header of at least two columns, and rows", path)
	}
	at := slices.Index(lines[0], label)
	if at < 0 {
		return Table{}, fmt.Errorf("%s: no column is named %s", path, label)
	}
	table := Table{Label: label}
	for i, line := range lines {
		class := line[at]
		line = slices.Delete(line, at, at+1)
		if i == 0 {
			table.Columns = line
			continue
		}
		table.Rows = append(table.Rows, line)
		table.Labels = append(table.Labels, class)
	}
	return table, nil
}

// Select keeps the columns with the given names, in that order. It fails if there is none of a name.
func (t Table) Select(names ...string) (Table, error) {
	kept := Table{Label: t.Label, Columns: names, Labels: t.Labels, Rows: make([][]string, len(t.Rows))}
	for _, name := range names {
		at := slices.Index(t.Columns, name)
		if at < 0 {
			return Table{}, fmt.Errorf("no column is named %s", name)
		}
		for i, row := range t.Rows {
			kept.Rows[i] = append(kept.Rows[i], row[at])
		}
	}
	return kept, nil
}

// Split holds out every n-th row of each class, in the order of the table.
func (t Table) Split(n int) (train, heldOut Table) {
	train = Table{Label: t.Label, Columns: t.Columns}
	heldOut = train
	seen := map[string]int{}
	for i, label := range t.Labels {
		seen[label]++
		part := &train
		if seen[label]%n == 0 {
			part = &heldOut
		}
		part.Rows = append(part.Rows, t.Rows[i])
		part.Labels = append(part.Labels, label)
	}
	return train, heldOut
}

// CSV writes the table as Read reads it, with the class last.
func (t Table) CSV() ([]byte, error) {
	var text bytes.Buffer
	writer := csv.NewWriter(&text)
	lines := [][]string{append(slices.Clone(t.Columns), t.Label)}
	for i, row := range t.Rows {
		lines = append(lines, append(slices.Clone(row), t.Labels[i]))
	}
	if err := writer.WriteAll(lines); err != nil {
		return nil, fmt.Errorf("write samples: %w", err)
	}
	return text.Bytes(), nil
}
