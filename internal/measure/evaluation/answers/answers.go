// Package answers reads what a model has said about rows, one line for each, as a transform job writes it.
package answers

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"sagehost/internal/release/metrics"
)

// maxLine is the longest line that is read, in bytes.
const maxLine = 16 << 20

// Reader reads answers. A line that begins with a brace is JSON, any other is CSV:
//
//	setosa,0.97                                              the class and, if it is told, its probability
//	{"class":"setosa","probabilities":{"setosa":0.97,…}}     the class and, if they are told, the probabilities
//	4.2                                                      the number of a regression
//	{"score":4.2}                                            the number of a regression
//
// Empty lines are no answers. Spaces around values are no part of them.
type Reader struct {
	kind  metrics.Kind
	skip  int
	lines *bufio.Scanner
	line  int64
	// answer, and what it points to, are the same for all rows.
	answer      metrics.Answer
	probability float64
	columns     []string
}

// NewReader reads answers of a kind. Skip is how many columns of each line of CSV precede the answer: those of the
// input that a job joins it to.
func NewReader(content io.Reader, kind metrics.Kind, skip int) *Reader {
	lines := bufio.NewScanner(content)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	return &Reader{kind: kind, skip: skip, lines: lines}
}

// Line is the line of the last answer, counted from 1.
func (r *Reader) Line() int64 { return r.line }

// Next is the next answer, valid until the call after it; io.EOF when there is none. Other errors name the line.
func (r *Reader) Next() (*metrics.Answer, error) {
	for r.lines.Scan() {
		r.line++
		line := bytes.TrimSpace(r.lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var err error
		r.answer = metrics.Answer{}
		if line[0] == '{' {
			err = r.object(line)
		} else {
			err = r.row(line)
		}
		if err != nil {
			return nil, fmt.Errorf("prediction in line %d: %w", r.line, err)
		}
		return &r.answer, nil
	}
	switch err := r.lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("prediction in line %d: is longer than %d MiB", r.line+1, maxLine>>20)
	case err != nil:
		return nil, fmt.Errorf("prediction in line %d: %w", r.line+1, err)
	}
	return nil, io.EOF
}

// row reads a line of CSV.
func (r *Reader) row(line []byte) error {
	columns, err := r.split(line)
	if err != nil {
		return err
	}
	most := 2
	if r.kind == metrics.Regression {
		most = 1
	}
	if n := len(columns) - r.skip; n < 1 || n > most {
		return fmt.Errorf("has %d columns, %.80q; %s", len(columns), line, r.wanted())
	}
	columns = columns[r.skip:]
	if r.kind == metrics.Regression {
		r.answer.Value, err = number(columns[0])
		return err
	}
	if r.answer.Class = columns[0]; r.answer.Class == "" {
		return errors.New("has no class")
	}
	if len(columns) == 2 {
		if r.probability, err = number(columns[1]); err != nil {
			return err
		}
		r.answer.Probability = &r.probability
	}
	return nil
}

// wanted says which columns a line must have.
func (r *Reader) wanted() string {
	text := "wanted are a class and, if it is told, its probability"
	if r.kind == metrics.Regression {
		text = "wanted is a number"
	}
	if r.skip > 0 {
		text += fmt.Sprintf(", after the %d columns of the input", r.skip)
	}
	return text
}

// split is the columns of a line. Few lines have quotes, and those without are split much faster.
func (r *Reader) split(line []byte) ([]string, error) {
	if bytes.IndexByte(line, '"') < 0 {
		r.columns = r.columns[:0]
		for column := range strings.SplitSeq(string(line), ",") {
			r.columns = append(r.columns, strings.TrimSpace(column))
		}
		return r.columns, nil
	}
	reader := csv.NewReader(bytes.NewReader(line))
	reader.FieldsPerRecord, reader.TrimLeadingSpace = -1, true
	columns, err := reader.Read()
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		err = wrong.Err
	}
	if err != nil {
		return nil, fmt.Errorf("is not CSV: %w", err)
	}
	for i := range columns {
		columns[i] = strings.TrimSpace(columns[i])
	}
	return columns, nil
}

func number(text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, fmt.Errorf("%.80q is not a finite number", text)
	}
	return x, nil
}
