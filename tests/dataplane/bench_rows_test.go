package dataplane_test

import (
	"bufio"
	"bytes"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sample draws flowers from those of the examples: the same ones each time, in an order that shows what was mixed up.
type sample struct {
	// measured is each flower as a row in CSV, seen what the model says about it; both without the newline.
	measured, seen []string
}

// newSample reads the flowers and asks an endpoint about them.
func newSample(b *testing.B, w *world, endpoint string) sample {
	b.Helper()
	table, err := os.ReadFile(filepath.Join(root, "examples", "flowers", "data", "iris.csv"))
	require.NoError(b, err)
	var s sample
	for row := range strings.Lines(string(table)) {
		// The last column is what the model is to find out.
		s.measured = append(s.measured, row[:strings.LastIndexByte(row, ',')])
	}
	s.measured = s.measured[1:]
	answer, err := w.invoke(b.Context(), endpoint, strings.Join(s.measured, "\n"))
	require.NoError(b, err)
	for line := range strings.Lines(string(answer.Body)) {
		s.seen = append(s.seen, strings.TrimSuffix(line, "\n"))
	}
	require.Len(b, s.seen, len(s.measured))
	require.Equal(b, flower, s.measured[0])
	require.Equal(b, flowerSeen, s.seen[0]+"\n")
	return s
}

// drawn is the indexes of the flowers.
func (s sample) drawn(count int) iter.Seq2[int, int] {
	return func(yield func(row, index int) bool) {
		random := rand.New(rand.NewPCG(1, 2))
		for row := range count {
			if !yield(row, random.IntN(len(s.measured))) {
				return
			}
		}
	}
}

// rows is an object of the flowers, each on a line of 16 bytes.
func (s sample) rows(count int) []byte {
	var text bytes.Buffer
	for _, index := range s.drawn(count) {
		text.WriteString(s.measured[index])
		text.WriteByte('\n')
	}
	return text.Bytes()
}

// check compares an output line by line with what the model says. It does not hold the output in memory.
func (s sample) check(b *testing.B, output io.Reader, count int) {
	b.Helper()
	lines := bufio.NewScanner(output)
	for row, index := range s.drawn(count) {
		if !lines.Scan() || lines.Text() != s.seen[index] {
			b.Fatalf("line %d is %q, want %q: %v", row+1, lines.Text(), s.seen[index], lines.Err())
		}
	}
	require.False(b, lines.Scan(), "there are more than %d lines", count)
	require.NoError(b, lines.Err())
}
