package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/flowers/samples"
	"sagehost/examples/flowers/softmax"
	"sagehost/examples/scoring/linear"
)

func TestTrainingAgainWritesTheShippedFiles(t *testing.T) {
	t.Parallel()
	shipped, again := "..", t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(again, "data"), os.DirFS(filepath.Join(shipped, "data"))))
	var out bytes.Buffer
	require.NoError(t, run(again, &out))
	assert.Equal(t, "train    120 rows, accuracy 0.9750\nheld out  30 rows, accuracy 0.9667\n", out.String())
	for _, name := range []string{"data/train.csv", "data/held-out.csv", "model.json", "model.tar.gz"} {
		want, err := os.ReadFile(filepath.Join(shipped, name))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(again, name))
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
}

func TestTheShippedModelGets29Of30HeldOutRowsRight(t *testing.T) {
	t.Parallel()
	model, err := linear.Load("..")
	require.NoError(t, err)
	heldOut, err := samples.Read("../data/held-out.csv")
	require.NoError(t, err)
	assert.Len(t, heldOut.Rows, 30)
	accuracy, err := softmax.Accuracy(model, heldOut)
	require.NoError(t, err)
	assert.Equal(t, 29.0/30, accuracy)
}

func TestEveryRowIsEitherLearntFromOrHeldOut(t *testing.T) {
	t.Parallel()
	count := func(name string) map[string]int {
		text, err := os.ReadFile(filepath.Join("..", "data", name))
		require.NoError(t, err)
		rows := map[string]int{}
		for line := range strings.Lines(string(text)) {
			rows[line]++
		}
		return rows
	}
	all, train, heldOut := count("iris.csv"), count("train.csv"), count("held-out.csv")
	for row, times := range all {
		if row != "sepal_length,sepal_width,petal_length,petal_width,species\n" {
			assert.Equal(t, times, train[row]+heldOut[row], row)
		}
	}
}
