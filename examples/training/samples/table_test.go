package samples_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/training/samples"
)

// read reads samples from a file with the given text, and gives the file's path too.
func read(t *testing.T, text string) (samples.Table, string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "samples.csv")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	table, err := samples.Read(path, "kind")
	return table, path, err
}

// write gives a table's CSV.
func write(t *testing.T, table samples.Table) string {
	t.Helper()
	text, err := table.CSV()
	require.NoError(t, err)
	return string(text)
}

func TestSplitHoldsOutEveryNthRowOfEachClass(t *testing.T) {
	t.Parallel()
	table, _, err := read(t, "x,kind\n1.0,a\n2,b\n3,a\n4,b\nNA,a\n")
	require.NoError(t, err)
	train, heldOut := table.Split(2)
	assert.Equal(t, "x,kind\n1.0,a\n2,b\nNA,a\n", write(t, train))
	assert.Equal(t, "x,kind\n3,a\n4,b\n", write(t, heldOut))
}

func TestReadFindsTheClassInAnyColumnAndCSVWritesItLast(t *testing.T) {
	t.Parallel()
	table, _, err := read(t, "x,kind,y\n1,a,\"2,5\"\n")
	require.NoError(t, err)
	assert.Equal(t, samples.Table{
		Label: "kind", Columns: []string{"x", "y"}, Rows: [][]string{{"1", "2,5"}}, Labels: []string{"a"},
	}, table)
	assert.Equal(t, "x,y,kind\n1,\"2,5\",a\n", write(t, table))
}

func TestSelectKeepsColumnsInTheGivenOrder(t *testing.T) {
	t.Parallel()
	table, _, err := read(t, "x,y,z,kind\n1,2,3,a\n4,5,6,b\n")
	require.NoError(t, err)
	kept, err := table.Select("z", "x")
	require.NoError(t, err)
	assert.Equal(t, "z,x,kind\n3,1,a\n6,4,b\n", write(t, kept))
	_, err = table.Select("x", "w")
	assert.EqualError(t, err, "no column is named w")
}

func TestReadSaysWhatIsWrongWithAFile(t *testing.T) {
	t.Parallel()
	_, path, err := read(t, "x,kind\n")
	assert.EqualError(t, err, path+": want a header of at least two columns, and rows")
	_, path, err = read(t, "x,y\n1,2\n")
	assert.EqualError(t, err, path+": no column is named kind")
	_, err = samples.Read(filepath.Join(t.TempDir(), "none.csv"), "kind")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestNumbersNamesAValueThatIsNone(t *testing.T) {
	t.Parallel()
	table, _, err := read(t, "x,kind\n1,a\n2.5,b\n")
	require.NoError(t, err)
	set, err := table.Numbers()
	require.NoError(t, err)
	assert.Equal(t, samples.Set{
		Features: []string{"x"}, Rows: [][]float64{{1}, {2.5}}, Labels: []string{"a", "b"},
	}, set)
	table.Rows[1][0] = "?"
	_, err = table.Numbers()
	assert.EqualError(t, err, `row 2, column x: strconv.ParseFloat: parsing "?": invalid syntax`)
}
