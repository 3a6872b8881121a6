package content_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/examples/hosting/media"
	"sagehost/examples/scoring/content"
	"sagehost/examples/scoring/linear"
)

func TestDecodeReadsRowsInEveryFormat(t *testing.T) {
	t.Parallel()
	want := [][]float64{{1, -2.5}, {3e2, 0}}
	for _, given := range []struct {
		format media.Format
		body   string
	}{
		{media.CSV, "1,-2.5\n3e2,0"},
		{media.CSV, " 1 , -2.5\r\n\r\n300 , 0\r\n"},
		{media.JSON, `[[1, -2.5], [3e2, 0]]`},
		{media.JSON, ` {"instances": [[1, -2.5], [300, 0]]}`},
		{media.Lines, "[1, -2.5]\n\n[300, 0]\n"},
	} {
		rows, err := content.Decode(given.format, []byte(given.body), 2)
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
		{media.CSV, "", "the body has no rows"},
		{media.CSV, "1,2\n3,x", `row 2, column 2: "x" is not a finite number`},
		{media.CSV, "1,NaN", `row 1, column 2: "NaN" is not a finite number`},
		{media.CSV, "1,", `row 1, column 2: "" is not a finite number`},
		{media.CSV, "1,2,3", "row 1: 3 values, but the model has 2 features"},
		{media.CSV, "1,\"2", "the body is not CSV: parse error on line 1, column 5: " +
			"extraneous or missing \" in quoted-field"},
		{media.JSON, `{"rows": []}`, `the body has no "instances"`},
		{media.JSON, `{"instances": []}`, "the body has no rows"},
		{media.JSON, `[[1, 2], [1]]`, "row 2: 1 values, but the model has 2 features"},
		{media.JSON, `[[1, "2"]]`, `row 1, column 2: "\"2\"" is not a finite number`},
		{media.JSON, `[[1, null]]`, `row 1, column 2: "null" is not a finite number`},
		{media.JSON, `[[1, 1e999]]`, `row 1, column 2: "1e999" is not a finite number`},
		{media.JSON, `[`, "the body is not a JSON array of rows: unexpected end of JSON input"},
		{media.JSON, `{`, "the body is not JSON with instances: unexpected end of JSON input"},
		{media.Lines, "[1, 2]\n[1", "row 2: not a JSON array of numbers: unexpected end of JSON input"},
	} {
		_, err := content.Decode(given.format, []byte(given.body), 2)
		assert.EqualError(t, err, given.want, given.body)
	}
}

func TestDecodeFindsTheSameRowsInEveryFormat(t *testing.T) {
	t.Parallel()
	row := rapid.SliceOfN(rapid.Float64Range(-1e300, 1e300), 3, 3)
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(row, 1, 20).Draw(t, "rows")
		array, err := json.Marshal(rows)
		require.NoError(t, err)
		var lines, csv strings.Builder
		for _, row := range rows {
			line, err := json.Marshal(row)
			require.NoError(t, err)
			fmt.Fprintf(&lines, "%s\n", line)
			fmt.Fprintf(&csv, "%v,%v,%v\n", row[0], row[1], row[2])
		}
		for format, body := range map[media.Format]string{
			media.JSON: string(array), media.Lines: lines.String(), media.CSV: csv.String(),
		} {
			got, err := content.Decode(format, []byte(body), 3)
			require.NoError(t, err)
			assert.Equal(t, rows, got)
		}
	})
}

func TestEncodeWritesPredictionsInEveryFormat(t *testing.T) {
	t.Parallel()
	predictions := []linear.Prediction{
		{Class: "a", Probabilities: map[string]float64{"a": 0.75, "b": 0.25}},
		{Class: "b, or so", Probabilities: map[string]float64{"b, or so": 1}},
	}
	for format, want := range map[media.Format]string{
		media.CSV: "a,0.75\n\"b, or so\",1\n",
		media.JSON: `{"predictions":[{"class":"a","probabilities":{"a":0.75,"b":0.25}},` +
			`{"class":"b, or so","probabilities":{"b, or so":1}}]}` + "\n",
		media.Lines: `{"class":"a","probabilities":{"a":0.75,"b":0.25}}` + "\n" +
			`{"class":"b, or so","probabilities":{"b, or so":1}}` + "\n",
	} {
		body, err := content.Encode(format, predictions)
		require.NoError(t, err)
		assert.Equal(t, want, string(body))
	}
}
