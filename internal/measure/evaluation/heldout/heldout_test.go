package heldout_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/evaluation/heldout"
	"sagehost/internal/release/metrics"
)

// text is a source of a text.
func text(name string, content []byte) heldout.Source {
	return heldout.Source{Name: name, Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}
}

func sha(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// row is a row's line and label.
type row struct {
	line  int
	label string
}

func rowsOf(t *testing.T, set *heldout.Set) []row {
	t.Helper()
	var rows []row
	require.NoError(t, set.Each(t.Context(), func(r *heldout.Row) error {
		rows = append(rows, row{r.Line, r.Label})
		return nil
	}))
	return rows
}

func TestASetIsReadWithAndWithoutItsLabel(t *testing.T) {
	t.Parallel()
	content := []byte("\ufeffsize,species,note\r\n1.5,setosa,\"a, \"\"b\"\"\"\n\n,virginica,\n2,setosa,x\n")
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := writer.Write(content)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	for name, stored := range map[string][]byte{"a.csv": content, "a.csv.gz": packed.Bytes()} {
		set, err := heldout.Scan(t.Context(), text(name, stored), "species", "")
		require.NoError(t, err, name)
		assert.Equal(t, []string{"size", "note"}, set.Columns)
		assert.Equal(t, metrics.Classification, set.Kind)
		assert.Equal(t, []string{"setosa", "virginica"}, set.Classes)
		assert.Equal(t, int64(3), set.Rows)
		assert.Equal(t, sha(stored), set.SHA256, "the hash is that of what is stored")
		assert.Equal(t, []row{{2, "setosa"}, {4, "virginica"}, {5, "setosa"}}, rowsOf(t, set))
		var input strings.Builder
		require.NoError(t, set.WriteInput(t.Context(), &input))
		assert.Equal(t, "1.5,\"a, \"\"b\"\"\"\n,\n2,x\n", input.String())
	}
}

func TestSpacesAroundLabelsAndNamesAreNoPartOfThem(t *testing.T) {
	t.Parallel()
	set, err := heldout.Scan(t.Context(), text("a.csv", []byte("size, note, species \n1.5, a, setosa\n2, b,setosa \n")),
		"species", "")
	require.NoError(t, err)
	assert.Equal(t, []string{"size", "note"}, set.Columns)
	assert.Equal(t, []string{"setosa"}, set.Classes)
	assert.Equal(t, []row{{2, "setosa"}, {3, "setosa"}}, rowsOf(t, set))
	var input strings.Builder
	require.NoError(t, set.WriteInput(t.Context(), &input))
	assert.Equal(t, "1.5,\" a\"\n2,\" b\"\n", input.String(), "what the model sees is as it was")
	_, err = heldout.Scan(t.Context(), text("a.csv", []byte("x,y, y\n1, ,\n")), "y", "")
	require.EqualError(t, err, `a.csv: columns 2 and 3 are both named "y"`)
	_, err = heldout.Scan(t.Context(), text("a.csv", []byte("x,y\n1, \n")), "y", "")
	assert.EqualError(t, err, `a.csv: line 2: the label "y" is empty`)
}

func TestASingleValueThatIsMissingIsARowToo(t *testing.T) {
	t.Parallel()
	set, err := heldout.Scan(t.Context(), text("a.csv", []byte("x,y\n,1\n2,0\n")), "y", "")
	require.NoError(t, err)
	var input strings.Builder
	require.NoError(t, set.WriteInput(t.Context(), &input))
	assert.Equal(t, "\"\"\n2\n", input.String())
}

func TestWhatIsWrongWithASetIsToldByItsLine(t *testing.T) {
	t.Parallel()
	many := strings.Builder{}
	many.WriteString("x,y\n")
	for i := range 257 {
		fmt.Fprintf(&many, "1,c%d\n", i)
	}
	for _, test := range []struct {
		content, label string
		kind           metrics.Kind
		want           []string
	}{
		{"", "y", "", []string{"is empty; wanted are a header and rows"}},
		{"x,y\n", "y", "", []string{"has a header but no rows"}},
		{"x,species\n1,a\n", "spices", "", []string{`has no column "spices" for the label; did you mean "species"?`}},
		{"y\n1\n", "y", "", []string{`has no column beside the label "y"`}},
		{
			"x,y,x,y\n1,2,3,4\n", "species", "",
			[]string{
				`columns 1 and 3 are both named "x"`, `columns 2 and 4 are both named "y"`,
				`has no column "species" for the label`,
			},
		},
		{
			"x,y\n1,a\n1\n\n1,\n1,2,b\n\"1\n2\",b\n", "y", "",
			[]string{
				"line 3: has 1 columns, the header has 2", `line 5: the label "y" is empty`,
				"line 6: has 3 columns, the header has 2",
				"line 7: a value has a line break; a transform job takes each line for a row",
			},
		},
		{"x,y\n1,\"a\nb,\n", "y", "", []string{`line 3: extraneous or missing " in quoted-field`}},
		{
			"x,y\n" + strings.Repeat("1\n", 20), "y", "",
			strings.Split(strings.TrimSuffix(func() (all string) {
				for line := range 10 {
					all += fmt.Sprintf("line %d: has 1 columns, the header has 2\n", line+2)
				}
				return all
			}(), "\n"), "\n"),
		},
		{"x,y\n1,2\n1,?\n", "y", metrics.Regression, []string{`line 3: the label "?" is not a finite number`}},
		{
			many.String(), "y", "",
			[]string{`the label "y" has more than 256 different values; say that it is a regression if it is one`},
		},
	} {
		_, err := heldout.Scan(t.Context(), text("a.csv", []byte(test.content)), test.label, test.kind)
		assert.EqualError(t, err, "a.csv: "+strings.Join(test.want, "\n"))
	}
}

func TestLabelsTellTheKindOfTheModel(t *testing.T) {
	t.Parallel()
	numbers := func(n int) string {
		var all strings.Builder
		for i := range n {
			fmt.Fprintf(&all, "1,%d\n", i)
		}
		return all.String()
	}
	for _, test := range []struct {
		name, rows string
		asked      metrics.Kind
		want       metrics.Kind
		classes    int
	}{
		{"texts", "1,a\n1,b\n", "", metrics.Classification, 2},
		{"few whole numbers", numbers(20), "", metrics.Classification, 20},
		{"many whole numbers", numbers(21), "", metrics.Regression, 0},
		{"more than there can be classes", numbers(5000), "", metrics.Regression, 0},
		{"fractions", "1,0.5\n1,2\n", "", metrics.Regression, 0},
		{"numbers and a text", "1,0.5\n1,none\n", "", metrics.Classification, 2},
		{"numbers that are not finite", "1,0.5\n1,NaN\n", "", metrics.Classification, 2},
		{"fractions that are said to be classes", "1,0.5\n1,2\n", metrics.Classification, metrics.Classification, 2},
		{"whole numbers that are said to be none", "1,1\n1,2\n", metrics.Regression, metrics.Regression, 0},
	} {
		set, err := heldout.Scan(t.Context(), text("a.csv", []byte("x,y\n"+test.rows)), "y", test.asked)
		require.NoError(t, err, test.name)
		assert.Equal(t, test.want, set.Kind, test.name)
		assert.Len(t, set.Classes, test.classes, test.name)
	}
}

func TestASetThatChangesIsNotReadOn(t *testing.T) {
	t.Parallel()
	const before = "x,y\n1,a\n2,b\n"
	for name, after := range map[string]string{
		"a value": "x,y\n3,a\n2,b\n", "a row more": before + "3,a\n", "a row less": "x,y\n1,a\n",
		"a column less": "x,y\n1\n2,b\n", "nothing left": "",
	} {
		content := before
		source := heldout.Source{Name: "a.csv", Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(content)), nil
		}}
		set, err := heldout.Scan(t.Context(), source, "y", "")
		require.NoError(t, err)
		content = after
		assert.ErrorIs(t, set.WriteInput(t.Context(), io.Discard), heldout.ErrChanged, name)
	}
}

func TestAnErrorOfAVisitEndsTheReading(t *testing.T) {
	t.Parallel()
	set, err := heldout.Scan(t.Context(), text("a.csv", []byte("x,y\n1,a\n2,b\n")), "y", "")
	require.NoError(t, err)
	stop, visits := errors.New("stop"), 0
	assert.Equal(t, stop, set.Each(t.Context(), func(*heldout.Row) error { visits++; return stop }))
	assert.Equal(t, 1, visits)
}

// bucket is a bucket with one object.
type bucket struct{ key, content string }

func (b bucket) GetObject(
	_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options),
) (*s3.GetObjectOutput, error) {
	if aws.ToString(in.Bucket) != "b" || aws.ToString(in.Key) != b.key {
		return nil, errors.New("NoSuchKey")
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(b.content))}, nil
}

func TestASetIsAFileOrAnObject(t *testing.T) {
	t.Parallel()
	const content = "x,y\n1,a\n2,b\n"
	file := filepath.Join(t.TempDir(), "a.csv")
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	objects := bucket{"data/a.csv", content}
	for _, place := range []string{file, "s3://b/data/a.csv", "https://b.s3.eu-west-1.amazonaws.com/data/a.csv"} {
		source, err := heldout.Locate(objects, place)
		require.NoError(t, err)
		set, err := heldout.Scan(t.Context(), source, "y", "")
		require.NoError(t, err)
		assert.Equal(t, sha([]byte(content)), set.SHA256)
	}
	for _, place := range []string{"s3://", "s3://b", "s3://b/", "s3://b/folder/", "https://example.com/a.csv"} {
		_, err := heldout.Locate(objects, place)
		assert.EqualError(t, err,
			fmt.Sprintf(`%q is not an object in Amazon S3; expected one like "s3://bucket/held-out.csv"`, place))
	}
	for place, want := range map[string]string{
		file + "x":     file + "x: open " + file + "x: no such file or directory",
		"s3://b/other": "s3://b/other: NoSuchKey",
	} {
		source, err := heldout.Locate(objects, place)
		require.NoError(t, err)
		_, err = heldout.Scan(t.Context(), source, "y", "")
		assert.EqualError(t, err, want)
	}
	_, err := heldout.Scan(t.Context(), text("a.gz", []byte(content)), "y", "")
	assert.EqualError(t, err, "a.gz: is not compressed with gzip: gzip: invalid header")
}

func FuzzScan(f *testing.F) {
	for _, content := range []string{
		"x,y\n1,a\n", "y,x\n\"a\nb\",1\n", "\ufeffy,x\r\n1,2\r\n", "y\n1\n", ",\n,\n", "x,y\n1,\"", "x,y,y\n",
	} {
		f.Add(content, "y")
	}
	f.Fuzz(func(t *testing.T, content, label string) {
		set, err := heldout.Scan(t.Context(), text("a.csv", []byte(content)), label, "")
		if err != nil {
			return
		}
		var input strings.Builder
		require.NoError(t, set.WriteInput(t.Context(), &input))
		// A transform job takes each line for a row.
		assert.Equal(t, set.Rows, int64(strings.Count(input.String(), "\n")))
		assert.Equal(t, set.Rows, int64(len(rowsOf(t, set))))
	})
}
