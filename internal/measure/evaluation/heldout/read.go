package heldout

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

// ErrChanged is returned when a set is read again and is not what it was.
var ErrChanged = errors.New("has changed since it was read first")

// Each reads the set again and visits its rows in their order; a row is valid until the visit ends. When the set is not
// the one that was scanned, the error is ErrChanged, after the last visit at the latest.
func (s *Set) Each(ctx context.Context, visit func(row *Row) error) error {
	c, err := s.source.open(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", s.source.Name, err)
	}
	defer c.Close()
	reader := newReader(c)
	if _, err := reader.Read(); err != nil {
		return fmt.Errorf("%s: %w", s.source.Name, ErrChanged)
	}
	var rows int64
	for ; ; rows++ {
		row, err := s.read(reader)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && row == nil {
			return fmt.Errorf("%s: %w", s.source.Name, err)
		}
		if err != nil || rows == s.Rows {
			return fmt.Errorf("%s: %w", s.source.Name, ErrChanged)
		}
		if err := visit(row); err != nil {
			return err
		}
	}
	if sum, err := c.sum(); err != nil || sum != s.SHA256 {
		return fmt.Errorf("%s: %w", s.source.Name, errors.Join(ErrChanged, err))
	}
	return nil
}

// WriteInput writes the rows without header and label, as a model takes them.
func (s *Set) WriteInput(ctx context.Context, to io.Writer) error {
	writer := csv.NewWriter(to)
	features := make([]string, len(s.Columns))
	err := s.Each(ctx, func(row *Row) error {
		copy(features, row.columns[:s.label])
		copy(features[s.label:], row.columns[s.label+1:])
		if len(features) == 1 && features[0] == "" {
			// Without quotes it would be an empty line, which is no row.
			writer.Flush()
			_, err := io.WriteString(to, "\"\"\n")
			return err
		}
		return writer.Write(features)
	})
	writer.Flush()
	return errors.Join(err, writer.Error())
}
