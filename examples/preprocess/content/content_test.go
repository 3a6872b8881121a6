package content_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/hosting/media"
	"sagehost/examples/preprocess/content"
	"sagehost/examples/preprocess/recipe"
	scoring "sagehost/examples/scoring/content"
)

// small prepares records of a weight and a colour.
func small() *recipe.Recipe {
	return &recipe.Recipe{Missing: []string{"NA"}, Columns: []recipe.Column{
		{Name: "weight", Number: &recipe.Number{Fill: 6, Mean: 5, Scale: 2}},
		{Name: "colour", Category: &recipe.Category{Fill: "red", Values: []string{"blue, or so", "red"}}},
	}}
}

func TestDecodePreparesRecordsInEveryFormat(t *testing.T) {
	t.Parallel()
	want := [][]float64{{2, 1, 0}, {0.5, 0, 1}, {-1.25, 0, 1}}
	for _, given := range []struct {
		format media.Format
		body   string
	}{
		{media.CSV, "9,\"blue, or so\"\n, NA\n2.5,red\n"},
		{media.JSON, `[[9, "blue, or so"], [null, null], ["2.5", "red"]]`},
		{media.JSON, `{"instances": [[9, "blue, or so"], ["NA", ""], [2.5, "red"]]}`},
		{media.Lines, "[9, \"blue, or so\"]\n[null, \"NA\"]\n[2.5, \"\\u0072ed\"]\n"},
	} {
		rows, err := content.Decode(given.format, []byte(given.body), small())
		require.NoError(t, err, given.body)
		assert.Equal(t, want, rows, given.body)
	}
}

func TestDecodeNamesWhereABodyIsWrong(t *testing.T) {
	t.Parallel()
	for _, given := range []struct {
		format media.Format
		body   string
		want   string
	}{
		{media.CSV, "\n", "the body has no rows"},
		{media.CSV, "1,red\n1,green", `row 2, column 2 (colour): "green" is not one of blue, or so, red`},
		{media.CSV, "1,red\nx,red", `row 2, column 1 (weight): "x" is not a finite number`},
		{media.CSV, "1", "row 1: 1 values, but a record has 2 columns"},
		{media.JSON, `[[1, true]]`, `row 1, column 2: "true" is neither a string nor a number nor null`},
		{media.JSON, `[[1, "red"], [[2], "red"]]`, `row 2, column 1: "[2]" is neither a string nor a number nor null`},
		{media.Lines, "[1, 2]", `row 1, column 2 (colour): "2" is not one of blue, or so, red`},
		{media.Lines, "{}", "row 1: not a JSON array of values: " +
			"json: cannot unmarshal object into Go value of type []json.RawMessage"},
	} {
		_, err := content.Decode(given.format, []byte(given.body), small())
		assert.EqualError(t, err, given.want, given.body)
	}
}

func TestTheScoringContainerReadsWhatEncodeWrites(t *testing.T) {
	t.Parallel()
	rows := [][]float64{{1.0 / 3, 0, 1}, {-1e-300, 1, 0}}
	for format, want := range map[media.Format]string{
		media.CSV:   "0.3333333333333333,0,1\n-1e-300,1,0\n",
		media.JSON:  `{"instances":[[0.3333333333333333,0,1],[-1e-300,1,0]]}` + "\n",
		media.Lines: "[0.3333333333333333,0,1]\n[-1e-300,1,0]\n",
	} {
		body, err := content.Encode(format, rows)
		require.NoError(t, err)
		assert.Equal(t, want, string(body))
		read, err := scoring.Decode(format, body, 3)
		require.NoError(t, err)
		assert.Equal(t, rows, read)
	}
}

func FuzzWhateverIsDecodedCanBeScored(f *testing.F) {
	for _, seed := range []string{"9,\"blue, or so\"\n,NA", `[[9, "red"], [null, null]]`, `[1,"\ud800"]`, "[1e999,\"\"]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, format := range []media.Format{media.CSV, media.JSON, media.Lines} {
			rows, err := content.Decode(format, []byte(body), small())
			if err != nil {
				continue
			}
			text, err := content.Encode(media.CSV, rows)
			require.NoError(t, err)
			read, err := scoring.Decode(media.CSV, text, 3)
			require.NoError(t, err)
			assert.Equal(t, rows, read)
		}
	})
}
