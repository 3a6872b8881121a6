package samples_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/examples/flowers/samples"
)

// read reads samples from a file with the given text, and gives the file's path too.
func read(t *testing.T, text string) (samples.Set, string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "samples.csv")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	set, err := samples.Read(path)
	return set, path, err
}

func TestSplitHoldsOutEveryNthRowOfEachClass(t *testing.T) {
	t.Parallel()
	set, _, err := read(t, "x,kind\n1,a\n2,b\n3,a\n4,b\n5,a\n")
	require.NoError(t, err)
	train, heldOut := set.Split(2)
	assert.Equal(t, "x,kind\n1.0,a\n2.0,b\n5.0,a\n", string(train.CSV("kind", 1)))
	assert.Equal(t, "x,kind\n3,a\n4,b\n", string(heldOut.CSV("kind", 0)))
}

func TestReadSaysWhatIsWrongWithAFile(t *testing.T) {
	t.Parallel()
	_, path, err := read(t, "x,kind\n")
	assert.EqualError(t, err, path+": want a header of at least two columns, and rows")
	_, path, err = read(t, "x,kind\n1,a\n?,a\n")
	assert.EqualError(t, err, path+`, row 2, column x: strconv.ParseFloat: parsing "?": invalid syntax`)
	_, err = samples.Read(filepath.Join(t.TempDir(), "none.csv"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}
