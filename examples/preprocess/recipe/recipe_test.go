package recipe_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/preprocess/recipe"
)

// small prepares records of a weight and a colour.
func small() *recipe.Recipe {
	return &recipe.Recipe{Missing: []string{"NA"}, Columns: []recipe.Column{
		{Name: "weight", Number: &recipe.Number{Fill: 6, Mean: 5, Scale: 2}},
		{Name: "colour", Category: &recipe.Category{Fill: "red", Values: []string{"blue", "red"}}},
	}}
}

func TestRowScalesNumbersAndMarksCategories(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"weight", "colour=blue", "colour=red"}, small().Features())
	rows, err := small().Rows([][]string{{"9", "blue"}, {"5", "red"}, {"NA", ""}, {"", "NA"}})
	require.NoError(t, err)
	assert.Equal(t, [][]float64{{2, 1, 0}, {0, 0, 1}, {0.5, 0, 1}, {0.5, 0, 1}}, rows)
}

func TestRowNamesWhereARecordIsWrong(t *testing.T) {
	t.Parallel()
	by := small()
	by.Columns[0].Number.Scale = 0.5
	for want, record := range map[string][]string{
		"row 7: 1 values, but a record has 2 columns":               {"1"},
		`row 7, column 1 (weight): "heavy" is not a finite number`:  {"heavy", "red"},
		`row 7, column 1 (weight): "NaN" is not a finite number`:    {"NaN", "red"},
		`row 7, column 1 (weight): "1.7e308" is too large to scale`: {"1.7e308", "red"},
		`row 7, column 2 (colour): "green" is not one of blue, red`: {"1", "green"},
		`row 7, column 2 (colour): "Red" is not one of blue, red`:   {"1", "Red"},
	} {
		_, err := by.Row(7, record)
		assert.EqualError(t, err, want)
	}
	_, err := by.Rows([][]string{{"1", "red"}, {"1", "green"}})
	assert.EqualError(t, err, `row 2, column 2 (colour): "green" is not one of blue, red`)
}

func TestCheckReportsEveryProblem(t *testing.T) {
	t.Parallel()
	assert.NoError(t, small().Check())
	assert.EqualError(t, (&recipe.Recipe{}).Check(), "columns is empty")
	by := &recipe.Recipe{Missing: []string{"NA"}, Columns: []recipe.Column{
		{Name: "a"},
		{Name: "a", Number: &recipe.Number{}},
		{Name: "b", Category: &recipe.Category{Fill: "x", Values: []string{"y", "y", "NA"}}},
	}}
	assert.EqualError(t, by.Check(), `a: want either number or category
columns[1] is named "a", want a name of its own
a: scale is 0, want above 0
b: fill is "x", want one of values
b: values has "y" twice
b: values has "NA", which stands for a missing value`)
}

func TestLoadSaysWhyARecipeCannotBeRead(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	_, err := recipe.Load(folder)
	assert.ErrorIs(t, err, os.ErrNotExist)
	path := filepath.Join(folder, recipe.File)
	for text, want := range map[string]string{
		"{":               "unexpected end of JSON input",
		`{"columns": []}`: "columns is empty",
	} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err = recipe.Load(folder)
		assert.EqualError(t, err, "the recipe "+path+": "+want)
	}
}

// FuzzARecipeMakesRowsAsWideAsItsFeatures tries every recipe that is accepted on a record of gaps.
func FuzzARecipeMakesRowsAsWideAsItsFeatures(f *testing.F) {
	shipped, err := os.ReadFile("../../penguins/preprocess/preprocess.json")
	require.NoError(f, err)
	f.Add(shipped)
	f.Add([]byte(`{"columns": [{"name": "a", "number": {"fill": 1e308, "mean": -1e308, "scale": 1}}]}`))
	f.Add([]byte(`{"columns": [{"name": "a", "category": {"fill": "", "values": [""]}}, null]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		by, err := recipe.Parse(text)
		if err != nil {
			return
		}
		row, err := by.Row(1, make([]string, len(by.Columns)))
		if err == nil {
			assert.Len(t, row, len(by.Features()))
		}
	})
}
