package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/preprocess/recipe"
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
	assert.Equal(t, `penguins train    277 rows, accuracy 1.0000
penguins held out  67 rows, accuracy 0.9851
`, out.String())
	for _, name := range []string{
		"data/train.csv", "data/held-out.csv", "preprocess/preprocess.json", "preprocess.tar.gz",
		"scoring/model.json", "scoring.tar.gz",
	} {
		want, err := os.ReadFile(filepath.Join(shipped, name))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(again, name))
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
}

func TestTheShippedModelsGet66Of67HeldOutRecordsRight(t *testing.T) {
	t.Parallel()
	by, err := recipe.Load("../preprocess")
	require.NoError(t, err)
	model, err := linear.Load("../scoring")
	require.NoError(t, err)
	assert.Equal(t, by.Features(), model.Features, "the model takes what the recipe makes")
	heldOut, err := samples.Read("../data/held-out.csv", "species")
	require.NoError(t, err)
	set, err := prepare(by, heldOut)
	require.NoError(t, err)
	assert.Len(t, set.Rows, 67)
	accuracy, err := softmax.Accuracy(model, set)
	require.NoError(t, err)
	assert.Equal(t, 66.0/67, accuracy)
}

func TestEveryPenguinIsEitherLearntFromOrHeldOut(t *testing.T) {
	t.Parallel()
	count := func(name string, columns ...string) map[string]int {
		table, err := samples.Read(filepath.Join("..", "data", name), "species")
		require.NoError(t, err)
		table, err = table.Select(columns...)
		require.NoError(t, err)
		records := map[string]int{}
		for i, row := range table.Rows {
			record, err := samples.Table{
				Columns: columns, Label: "species", Rows: [][]string{row}, Labels: table.Labels[i : i+1],
			}.CSV()
			require.NoError(t, err)
			records[string(record)]++
		}
		return records
	}
	columns := []string{"island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex"}
	parts := count("train.csv", columns...)
	for record, times := range count("held-out.csv", columns...) {
		parts[record] += times
	}
	assert.Equal(t, count("penguins.csv", columns...), parts)
}
