package evaluation

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/evaluation/heldout"
	"sagehost/internal/release/metrics"
)

// lines is a text of which one line at a time is in memory.
type lines struct {
	next func() ([]byte, bool)
	rest []byte
}

func (l *lines) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(l.rest) == 0 {
			line, ok := l.next()
			if !ok && n == 0 {
				return 0, io.EOF
			}
			if !ok {
				break
			}
			l.rest = line
		}
		copied := copy(p[n:], l.rest)
		l.rest = l.rest[copied:]
		n += copied
	}
	return n, nil
}

// form is how predictions are written.
type form string

const (
	csvForm    form = "CSV"
	jsonForm   form = "JSONLines"
	numberForm form = "Regression"
)

var species = []string{"setosa", "versicolor", "virginica"}

// truth draws the same labels each time.
func truth() func() int {
	random := rand.New(rand.NewPCG(7, 8))
	return func() int { return random.IntN(len(species)) }
}

// generated is a held-out set of so many rows of four numbers, each as long as a flower's.
func generated(f form, rows int) heldout.Source {
	return heldout.Source{Name: "generated.csv", Open: func(context.Context) (io.ReadCloser, error) {
		draw, row := truth(), -1
		buffer := make([]byte, 0, 64)
		return io.NopCloser(&lines{next: func() ([]byte, bool) {
			row++
			if row == 0 {
				return []byte("sepal_length,sepal_width,petal_length,petal_width,species\n"), true
			}
			if row > rows {
				return nil, false
			}
			buffer = append(buffer[:0], "5.0,3.6,1.4,0.2,"...)
			if class := draw(); f == numberForm {
				buffer = strconv.AppendFloat(buffer, float64(class)+0.5, 'g', -1, 64)
			} else {
				buffer = append(buffer, species[class]...)
			}
			return append(buffer, '\n'), true
		}}), nil
	}}
}

// predicted is what a model says of the generated rows. Each is told when it is read.
func predicted(f form, rows int, each func(row int)) io.Reader {
	draw, noise, row := truth(), rand.New(rand.NewPCG(9, 10)), 0
	return &lines{next: func() ([]byte, bool) {
		if row++; row > rows {
			return nil, false
		}
		if each != nil {
			each(row)
		}
		class, p := draw(), noise.Float64()
		switch f {
		case jsonForm:
			q := (1 - p) / 2
			return fmt.Appendf(nil, "{\"class\":%q,\"probabilities\":{%q:%g,%q:%g,%q:%g}}\n", species[class],
				species[class], p, species[(class+1)%3], q, species[(class+2)%3], q), true
		case numberForm:
			return fmt.Appendf(nil, "%g\n", float64(class)+p), true
		default:
			return fmt.Appendf(nil, "%s,%g\n", species[class], p), true
		}
	}}
}

// scoreGenerated does all that an evaluation does beside the job: it checks the set, writes its rows and joins them.
func scoreGenerated(tb testing.TB, f form, rows int, each func(row int)) *metrics.Summary {
	tb.Helper()
	set, err := heldout.Scan(tb.Context(), generated(f, rows), "species", "")
	require.NoError(tb, err)
	require.NoError(tb, set.WriteInput(tb.Context(), io.Discard))
	m, err := newMeasure(set, "", nil)
	require.NoError(tb, err)
	summary, err := score(tb.Context(), set, m, predicted(f, rows, each), 0)
	require.NoError(tb, err)
	require.Equal(tb, int64(rows), summary.Rows)
	return summary
}
