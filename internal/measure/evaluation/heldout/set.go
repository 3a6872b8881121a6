package heldout

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"sagehost/internal/release/metrics"
)

// Set is a held-out set that was read once and found sound.
type Set struct {
	// Columns are the names of the columns but the label's, in their order and without spaces around them.
	Columns []string
	// Label is the name of the label's column.
	Label string
	// Kind is what a model is to answer with.
	Kind metrics.Kind
	// Classes are the different labels, sorted; nil for a regression.
	Classes []string
	// Rows is how many rows there are, without the header.
	Rows int64
	// SHA256 is the hash of the set as it is stored, in hexadecimal digits.
	SHA256 string

	source Source
	// label is the index of the label's column.
	label int
}

// Row is one labelled row.
type Row struct {
	// Line is where it begins, counted from 1.
	Line int
	// Label is what is true of it, without spaces around it.
	Label string

	columns []string
}

// maxProblems is how many problems are told at once.
const maxProblems = 10

// Scan reads a set of comma-separated values with a header, and says what is wrong with it. Kind is what the labels
// are. When it is empty, they are those of a regression if all of them are numbers and some are fractions or more than
// 20 are different, and classes if not.
func Scan(ctx context.Context, source Source, label string, kind metrics.Kind) (*Set, error) {
	set, err := scan(ctx, source, label, kind)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", source.Name, err)
	}
	return set, nil
}

func scan(ctx context.Context, source Source, label string, kind metrics.Kind) (*Set, error) {
	c, err := source.open(ctx)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	reader := newReader(c)
	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("is empty; wanted are a header and rows")
	}
	if err != nil {
		return nil, inLine(err)
	}
	s := &Set{Label: label, source: source}
	if err := s.head(slices.Clone(header)); err != nil {
		return nil, err
	}
	seen := labels{numeric: true, distinct: map[string]struct{}{}}
	if err := s.rows(reader, &seen, kind); err != nil {
		return nil, err
	}
	if s.SHA256, err = c.sum(); err != nil {
		return nil, err
	}
	if s.Kind = seen.kind(kind); s.Kind == metrics.Classification {
		if len(seen.distinct) > metrics.MaxClasses {
			return nil, fmt.Errorf("the label %q has more than %d different values; say that it is a regression if it is one",
				label, metrics.MaxClasses)
		}
		s.Classes = slices.Sorted(maps.Keys(seen.distinct))
	}
	return s, nil
}

func newReader(text io.Reader) *csv.Reader {
	reader := csv.NewReader(unmarked(text))
	reader.FieldsPerRecord, reader.ReuseRecord = -1, true
	return reader
}

// rows checks all rows, and tells the first few problems together.
func (s *Set) rows(reader *csv.Reader, seen *labels, kind metrics.Kind) error {
	var problems []error
	for len(problems) < maxProblems {
		row, err := s.read(reader)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = s.check(row, kind)
		}
		if err != nil {
			problems = append(problems, err)
			if row == nil {
				// Where a row cannot be read, the next one's beginning is not known.
				break
			}
			continue
		}
		s.Rows++
		seen.add(row.Label)
	}
	if s.Rows == 0 && len(problems) == 0 {
		return errors.New("has a header but no rows")
	}
	return errors.Join(problems...)
}

// read is the next row; nil with the error where there is none.
func (s *Set) read(reader *csv.Reader) (*Row, error) {
	columns, err := reader.Read()
	if err != nil {
		return nil, inLine(err)
	}
	line, _ := reader.FieldPos(0)
	row := &Row{Line: line, columns: columns}
	if len(columns) != len(s.Columns)+1 {
		return row, fmt.Errorf("line %d: has %d columns, the header has %d", line, len(columns), len(s.Columns)+1)
	}
	row.Label = strings.TrimSpace(columns[s.label])
	return row, nil
}

func (s *Set) check(row *Row, kind metrics.Kind) error {
	if row.Label == "" {
		return fmt.Errorf("line %d: the label %q is empty", row.Line, s.Label)
	}
	if kind == metrics.Regression {
		if _, err := row.Number(); err != nil {
			return err
		}
	}
	for i, value := range row.columns {
		if i != s.label && strings.ContainsAny(value, "\r\n") {
			return fmt.Errorf("line %d: a value has a line break; a transform job takes each line for a row", row.Line)
		}
	}
	return nil
}

// Number is the label of a regression.
func (r *Row) Number() (float64, error) {
	x, err := strconv.ParseFloat(r.Label, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, fmt.Errorf("line %d: the label %.80q is not a finite number", r.Line, r.Label)
	}
	return x, nil
}

// inLine is an error of the CSV reader in the words that other problems have.
func inLine(err error) error {
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		return fmt.Errorf("line %d: %w", wrong.Line, wrong.Err)
	}
	return err
}
