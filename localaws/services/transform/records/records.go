// Package records splits the content of objects into records, as the SplitType of a transform job says.
package records

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Split is a SplitType of SageMaker's API.
type Split string

// Ways to split.
const (
	// None takes the whole content as one record; empty content has none.
	None Split = "None"
	// Line ends a record after each newline; the last one may lack it.
	Line Split = "Line"
	// RecordIO is the format of MXNet.
	RecordIO Split = "RecordIO"
	// TFRecord is the format of TensorFlow.
	TFRecord Split = "TFRecord"
)

var (
	// ErrTooLarge is the reason for a record with more data than the limit.
	ErrTooLarge = errors.New("the record is too large")
	// ErrTruncated is the reason for content that ends within a record.
	ErrTruncated = errors.New("the object ends within a record")
)

// Record is one record. Its bytes are valid until the next one is read.
type Record struct {
	// Framed is the record as it stands in the object: all of them in a row are the object's content.
	Framed []byte
	// Data is the record without the lengths, checksums and padding around it; the same as Framed for lines.
	Data []byte
}

// Reader reads one record after the other.
type Reader interface {
	// Next is the next record. It returns io.EOF after the last one, and an *Error for content that is not in the
	// format.
	Next() (Record, error)
}

// Error is why a record could not be read.
type Error struct {
	// Offset is where the record starts, in bytes from the start of the content.
	Offset int64
	// Err is the reason.
	Err error
}

// Error names the position and the reason.
func (e *Error) Error() string { return fmt.Sprintf("record at byte %d: %v", e.Offset, e.Err) }

// Unwrap is the reason.
func (e *Error) Unwrap() error { return e.Err }

// New reads the records of some content. Limit bounds the data of a record, in bytes, and so the memory that reading
// takes; 0 stands for no bound.
func New(split Split, content io.Reader, limit int64) Reader {
	s := source{in: bufio.NewReaderSize(content, 64<<10), limit: limit}
	switch split {
	case Line:
		return &lines{s}
	case RecordIO:
		return &recordIO{source: s}
	case TFRecord:
		return &tfRecord{s}
	default:
		return &whole{source: s}
	}
}

// source reads content and knows the position.
type source struct {
	in    *bufio.Reader
	limit int64
	// start is where the record that is being read starts.
	start  int64
	framed bytes.Buffer
}

// begin starts a record after what has been read so far.
func (s *source) begin() {
	s.start += int64(s.framed.Len())
	s.framed.Reset()
}

// take reads bytes of a record. Memory grows with what arrives, not with what a length that may be wrong announces.
func (s *source) take(size int64) ([]byte, error) {
	from := s.framed.Len()
	if _, err := io.CopyN(&s.framed, s.in, size); errors.Is(err, io.EOF) {
		return nil, s.fail(ErrTruncated)
	} else if err != nil {
		return nil, s.fail(err)
	}
	return s.framed.Bytes()[from:], nil
}

// atEnd reports whether no byte is left.
func (s *source) atEnd() bool {
	_, err := s.in.Peek(1)
	return errors.Is(err, io.EOF)
}

func (s *source) tooLarge(size int64) bool { return s.limit > 0 && size > s.limit }

func (s *source) fail(err error) error { return &Error{Offset: s.start, Err: err} }

// whole is the content as one record.
type whole struct {
	source
	read bool
}

func (w *whole) Next() (Record, error) {
	if w.read {
		return Record{}, io.EOF
	}
	w.read = true
	content := io.Reader(w.in)
	if w.limit > 0 {
		content = io.LimitReader(w.in, w.limit+1)
	}
	if _, err := w.framed.ReadFrom(content); err != nil {
		return Record{}, w.fail(err)
	}
	if w.framed.Len() == 0 {
		return Record{}, io.EOF
	}
	if w.tooLarge(int64(w.framed.Len())) {
		return Record{}, w.fail(ErrTooLarge)
	}
	return Record{Framed: w.framed.Bytes(), Data: w.framed.Bytes()}, nil
}
