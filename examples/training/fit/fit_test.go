package fit_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/preprocess/recipe"
	"sagehost/examples/training/fit"
	"sagehost/examples/training/samples"
)

// table has two columns, weight and colour.
func table(rows ...[]string) samples.Table {
	return samples.Table{Label: "kind", Columns: []string{"weight", "colour"}, Rows: rows}
}

func TestRecipeFillsGapsWithTheMedianAndTheMostFrequentValue(t *testing.T) {
	t.Parallel()
	made, err := fit.Recipe(table(
		[]string{"1", "red"}, []string{"NA", "blue"}, []string{"9", "NA"}, []string{"4", "red"}, []string{"", "blue"},
	), []string{"colour"}, []string{"NA"})
	require.NoError(t, err)
	assert.Equal(t, &recipe.Recipe{Missing: []string{"NA"}, Columns: []recipe.Column{
		// The root of ((1-4.4)² + (9-4.4)² + 3·(4-4.4)²) / 5, to six digits.
		{Name: "weight", Number: &recipe.Number{Fill: 4, Mean: 4.4, Scale: 2.57682}},
		{Name: "colour", Category: &recipe.Category{Fill: "blue", Values: []string{"blue", "red"}}},
	}}, made)
}

func TestRecipeRefusesColumnsThatNothingCanBeLearntFrom(t *testing.T) {
	t.Parallel()
	for want, given := range map[string]samples.Table{
		"column colour has no values": table([]string{"1", "NA"}, []string{"2", ""}),
		`column weight: strconv.ParseFloat: parsing "x": invalid syntax`: table(
			[]string{"1", "red"}, []string{"x", "red"}),
		"fit: weight: scale is 0, want above 0": table([]string{"1", "red"}, []string{"1", "blue"}),
	} {
		_, err := fit.Recipe(given, []string{"colour"}, []string{"NA"})
		assert.EqualError(t, err, want)
	}
}
