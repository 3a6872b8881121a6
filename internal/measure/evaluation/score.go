package evaluation

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/dustin/go-humanize/english"

	"sagehost/internal/measure/evaluation/answers"
	"sagehost/internal/measure/evaluation/heldout"
	"sagehost/internal/release/metrics"
)

// measure adds up what is true of rows and what was predicted.
type measure interface {
	// reads is what an answer must be: a class, or a number.
	reads() metrics.Kind
	add(row *heldout.Row, answer *metrics.Answer) error
	Summary() (*metrics.Summary, error)
}

type classes struct{ *metrics.Classes }

func (c classes) add(row *heldout.Row, answer *metrics.Answer) error { return c.Add(row.Label, answer) }

func (c classes) reads() metrics.Kind { return metrics.Classification }

// scores are classes of which answers tell the probability of the positive one.
type scores struct {
	*metrics.Classes
	threshold float64
}

func (s scores) add(row *heldout.Row, answer *metrics.Answer) error {
	return s.AddScore(row.Label, answer.Value, s.threshold)
}

func (s scores) reads() metrics.Kind { return metrics.Regression }

type numbers struct{ *metrics.Numbers }

func (n numbers) add(row *heldout.Row, answer *metrics.Answer) error {
	label, err := row.Number()
	if err != nil {
		return err
	}
	return n.Add(label, answer)
}

func (n numbers) reads() metrics.Kind { return metrics.Regression }

// newMeasure is what a held-out set is measured by. The positive class and the threshold are those of a classification;
// without a threshold, answers are classes.
func newMeasure(set *heldout.Set, positive string, threshold *float64) (measure, error) {
	if set.Kind == metrics.Regression {
		if positive != "" || threshold != nil {
			return nil, errors.New("a regression has no classes, and so no positive one and no threshold")
		}
		return numbers{metrics.NewNumbers()}, nil
	}
	c, err := metrics.NewClasses(set.Classes, positive)
	if err != nil {
		return nil, fmt.Errorf("the labels in column %q: %w", set.Label, err)
	}
	switch {
	case threshold == nil:
		return classes{c}, nil
	case !(*threshold >= 0 && *threshold <= 1):
		return nil, fmt.Errorf("the threshold %v is not between 0 and 1", *threshold)
	case c.Positive() == "":
		return nil, fmt.Errorf("the labels in column %q: a threshold tells 2 classes apart, and not %d",
			set.Label, len(set.Classes))
	}
	return scores{c, *threshold}, nil
}

// score joins the rows of a set with the answers in their order, keeping neither. Skip is how many columns precede an
// answer.
func score(
	ctx context.Context, set *heldout.Set, m measure, predictions io.Reader, skip int,
) (*metrics.Summary, error) {
	reader := answers.NewReader(predictions, m.reads(), skip)
	var rows int64
	err := set.Each(ctx, func(row *heldout.Row) error {
		answer, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return unequal(set.Rows, rows)
		}
		if err != nil {
			return err
		}
		rows++
		if err := m.add(row, answer); err != nil {
			return fmt.Errorf("row in line %d, prediction in line %d: %w", row.Line, reader.Line(), err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for {
		_, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF) && rows == set.Rows:
			return m.Summary()
		case errors.Is(err, io.EOF):
			return nil, unequal(set.Rows, rows)
		case err != nil:
			return nil, err
		}
		rows++
	}
}

// unequal says that rows and predictions do not belong together: none of them can be joined then.
func unequal(rows, predictions int64) error {
	return fmt.Errorf("the held-out set has %s, but the batch has answered with %s",
		english.Plural(int(rows), "row", ""), english.Plural(int(predictions), "prediction", ""))
}
