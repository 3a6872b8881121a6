package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/scoring/linear"
	"sagehost/examples/training/samples"
	"sagehost/examples/training/softmax"
)

func TestTrainingAgainWritesTheShippedFiles(t *testing.T) {
	t.Parallel()
	shipped, again := "..", t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(again, "data"), os.DirFS(filepath.Join(shipped, "data"))))
	var out bytes.Buffer
	require.NoError(t, run(again, &out))
	assert.Equal(t, `all      train    120 rows, accuracy 0.9750
all      held out  30 rows, accuracy 0.9667
sepals   train    120 rows, accuracy 0.8250
sepals   held out  30 rows, accuracy 0.8000
petals   train    120 rows, accuracy 0.9667
petals   held out  30 rows, accuracy 0.9333
`, out.String())
	for _, name := range []string{
		"data/train.csv", "data/held-out.csv", "model.json", "model.tar.gz",
		"sepals/model.json", "sepals.tar.gz", "petals/model.json", "petals.tar.gz",
	} {
		want, err := os.ReadFile(filepath.Join(shipped, name))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(again, name))
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
}

func TestTheShippedModelsKnowMostHeldOutFlowers(t *testing.T) {
	t.Parallel()
	heldOut, err := samples.Read("../data/held-out.csv", "species")
	require.NoError(t, err)
	assert.Len(t, heldOut.Rows, 30)
	for folder, right := range map[string]float64{"..": 29, "../sepals": 24, "../petals": 28} {
		model, err := linear.Load(folder)
		require.NoError(t, err)
		rows, err := numbers(heldOut, model.Features)
		require.NoError(t, err)
		accuracy, err := softmax.Accuracy(model, rows)
		require.NoError(t, err)
		assert.Equal(t, right/30, accuracy, folder)
	}
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
