package media_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/hosting/media"
)

// collect reads the rows of a body up to the first error.
func collect(format media.Format, body string) ([][]string, error) {
	var rows [][]string
	for row, err := range format.Rows([]byte(body), "values") {
		if err != nil {
			return rows, err
		}
		rows = append(rows, slices.Clone(row))
	}
	return rows, nil
}

func TestRowsLeavesValuesAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, given := range []struct {
		format media.Format
		body   string
		want   [][]string
	}{
		{media.CSV, "Dream, 39.10,\r\n\r\n NA ,,x", [][]string{{"Dream", "39.10", ""}, {"NA", "", "x"}}},
		{media.CSV, "\"a, or so\", \"b\"\nc,d\n", [][]string{{"a, or so", "b"}, {"c", "d"}}},
		{media.CSV, " \n", [][]string{{""}}},
		{media.CSV, "\n\r\n", nil},
		{media.JSON, `[["a", 1.50, null], []]`, [][]string{{`"a"`, "1.50", "null"}, {}}},
		{media.JSON, `{"instances": [[1]]}`, [][]string{{"1"}}},
		{media.Lines, "[\"a\"]\n\n[null]", [][]string{{`"a"`}, {"null"}}},
	} {
		rows, err := collect(given.format, given.body)
		require.NoError(t, err, given.body)
		assert.Equal(t, given.want, rows, given.body)
	}
}

func TestRowsEndWithTheFirstError(t *testing.T) {
	t.Parallel()
	for _, given := range []struct {
		format media.Format
		body   string
		rows   int
		want   string
	}{
		{
			media.CSV, "1,2\n3,\"4", 1,
			"the body is not CSV: parse error on line 2, column 5: extraneous or missing \" in quoted-field",
		},
		{media.JSON, "[[1],2,[3]]", 1, "row 2: not a JSON array of values: " +
			"json: cannot unmarshal number into Go value of type []json.RawMessage"},
		{media.JSON, "{}", 0, `the body has no "instances"`},
		{media.Lines, "[1]\n[2\n[3]", 1, "row 2: not a JSON array of values: unexpected end of JSON input"},
	} {
		rows, err := collect(given.format, given.body)
		assert.EqualError(t, err, given.want)
		assert.Len(t, rows, given.rows, given.body)
	}
}

func TestRowsEndWhenNoMoreAreWanted(t *testing.T) {
	t.Parallel()
	for format, body := range map[media.Format]string{
		media.CSV: "1\n2\n", media.JSON: "[[1],[2]]", media.Lines: "[1]\n[2]\n",
	} {
		for row, err := range format.Rows([]byte(body), "values") {
			require.NoError(t, err)
			assert.Equal(t, []string{"1"}, row)
			break
		}
	}
}

// FuzzPlainAndQuotedCSVHaveTheSameRows holds the reader of text without quotes to encoding/csv, which reads the rest: a
// quoted row behind the text makes all of it go there.
func FuzzPlainAndQuotedCSVHaveTheSameRows(f *testing.F) {
	for _, seed := range []string{
		"1,2\n3,4", "1,2\r\n\r\n", " a , b \n\n,", "\r\r\n", "1\r,2\r", "\u00a0x\u2003,\x00", "\r",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(text, `"`, "")
		plain, err := collect(media.CSV, text+"\n")
		require.NoError(t, err)
		quoted, err := collect(media.CSV, text+"\n\"end\"\n")
		require.NoError(t, err)
		assert.Equal(t, append(plain, []string{"end"}), quoted)
	})
}

func FuzzRowsOfAnyBodyEnd(f *testing.F) {
	for _, seed := range []string{"", "1,\"2\"", `[["a",1]]`, `{"instances":[[null]]}`, "[1]\n[2]", `{"instances":null}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, format := range []media.Format{media.CSV, media.JSON, media.Lines} {
			rows, err := collect(format, body)
			assert.LessOrEqual(t, len(rows), len(body), fmt.Sprint(err))
		}
	})
}
