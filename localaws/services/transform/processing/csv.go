package processing

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/theory/jsonpath/spec"
)

// rows reads and writes rows of CSV (RFC 4180) one at a time.
type rows struct {
	feed   *bytes.Reader
	reader *csv.Reader
	buffer bytes.Buffer
	writer *csv.Writer
}

func newRows() *rows {
	r := &rows{feed: bytes.NewReader(nil)}
	r.reader = csv.NewReader(r.feed)
	r.reader.FieldsPerRecord, r.reader.ReuseRecord = -1, true
	r.writer = csv.NewWriter(&r.buffer)
	return r
}

// parse appends the columns of a row. The reader keeps no state between rows, so that one serves for all.
func (r *rows) parse(columns []string, row []byte) ([]string, error) {
	r.feed.Reset(row)
	found, err := r.reader.Read()
	if err != nil {
		// The reader's line number counts rows of the whole object, and there is nothing to tell beside the reason.
		if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
			err = wrong.Err
		}
		return nil, fmt.Errorf("%w found near: %.80s", err, bytes.TrimSpace(row))
	}
	columns = append(columns, found...)
	// An embedded newline ends the row too early.
	if _, err := r.reader.Read(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("newline in a quoted field found near: %.80s", bytes.TrimSpace(row))
	}
	return columns, nil
}

// format is a row with a newline at its end, valid until the next call.
func (r *rows) format(columns []string) ([]byte, error) {
	r.buffer.Reset()
	if err := r.writer.Write(columns); err != nil {
		return nil, err
	}
	r.writer.Flush()
	return r.buffer.Bytes(), r.writer.Error()
}

// selectColumns applies a filter to a row, and appends what it selects.
func (f filter) selectColumns(selected, row []string) ([]string, error) {
	if f.all() {
		return append(selected, row...), nil
	}
	for _, selector := range f.segments[0].Selectors() {
		switch typed := selector.(type) {
		case spec.Index:
			at := int(typed)
			if at < 0 {
				at += len(row)
			}
			if at < 0 || at >= len(row) {
				return nil, f.missing(selector)
			}
			selected = append(selected, row[at])
		case spec.SliceSelector:
			low, high := typed.Bounds(len(row))
			if low >= high {
				return nil, f.missing(selector)
			}
			selected = append(selected, row[low:high]...)
		default:
			selected = append(selected, row...)
		}
	}
	return selected, nil
}

// forColumns reports whether the filter selects by index only.
func (f filter) forColumns() bool {
	for _, segment := range f.segments {
		for _, selector := range segment.Selectors() {
			if _, name := selector.(spec.Name); name || len(f.segments) > 1 {
				return false
			}
		}
	}
	return true
}
