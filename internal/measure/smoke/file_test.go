package smoke

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// noFiles is for golden requests that name no files.
func noFiles(path string) ([]byte, error) { return nil, errors.New("no " + path) }

func TestAFileIsReadWithTheBodiesThatItNames(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, Folder), 0o700))
	text := "cases:\n  - {name: rows, file: rows.csv, expect: {lines: [a]}}\n"
	require.NoError(t, os.WriteFile(filepath.Join(root, Folder, "flowers.yaml"), []byte(text), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(root, "rows.csv"), []byte("1,2"), 0o600))

	file, err := Load(root, "flowers")
	require.NoError(t, err)
	require.Len(t, file.Cases, 1)
	assert.Equal(t, "1,2", file.Cases[0].Body)
	assert.Equal(t, 1, file.Cases[0].requests())
	assert.Equal(t, "text/csv", file.Cases[0].contentType())
	// printf of both texts, to sha256sum.
	assert.Equal(t, "1466ffc0dd1900a8145775ab62f0e90a6795980bc72bfdcdb4338f171a1f5e17", file.Digest)

	_, err = Load(root, "petals")
	require.ErrorIs(t, err, ErrNone)
	assert.EqualError(t, err, `endpoint "petals": there are no golden requests: there is no smoke/petals.yaml`)
}

func TestABodyThatCannotBeSentIsRefused(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := filepath.Join(root, "big")
	require.NoError(t, os.WriteFile(path, make([]byte, maxBody+1), 0o600))
	_, err := readBody(path)
	require.EqualError(t, err, path+" has 6291457 bytes; at most 6291456 are allowed")
	require.NoError(t, os.Truncate(path, maxBody))
	body, err := readBody(path)
	require.NoError(t, err)
	assert.Len(t, body, maxBody)
}

func TestAllThatIsWrongWithAFileIsSaidByPath(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte(`
cases:
  - {name: a, body: x, file: y, expect: {equals: z, lines: [z]}}
  - {name: a, requests: 0, expect: {}}
  - {body: x, expect: {status: 199, tolerance: 1, schema: {type: nonsense}, contains: [""]}}
  - {name: b, body: x, expect: {lines: [z], tolerance: -1}}
  - {name: c, body: x, expct: {}, expect: {schema: {$ref: "https://example.com/schema.json"}}}
`), noFiles)
	var lines []string
	require.Error(t, err)
	for line := range strings.Lines(err.Error()) {
		lines = append(lines, strings.TrimSpace(line))
	}
	require.Len(t, lines, 15)
	assert.Equal(t, []string{
		`cases[0].expect: has more than one of equals, lines and json; give one`,
		`cases[0].file: contradicts body; give either`,
		`cases[0].file: no y`,
		`cases[1].body: is required, or file`,
		`cases[1].expect: says nothing; give one of status, equals, lines, json, schema and contains`,
		`cases[1].name: "a" stands at cases[0] too`,
		`cases[1].requests: 0 is not between 1 and 10000`,
		`cases[2].expect.contains: holds an empty text, which every answer contains`,
	}, lines[:8])
	assert.Contains(t, lines[8], `cases[2].expect.schema: `)
	assert.Equal(t, []string{
		`cases[2].expect.status: 199 is not between 200 and 599`,
		`cases[2].expect.tolerance: means nothing without lines or json`,
		`cases[2].name: is required`,
		`cases[3].expect.tolerance: -1 is not 0 or above`,
		`cases[4].expct: is an unknown key; did you mean "expect"?`,
	}, lines[9:14])
	assert.Contains(t, lines[14], "cases[4].expect.schema: ")
}

func TestASchemaRefersToNothingOutsideItself(t *testing.T) {
	t.Parallel()
	for _, elsewhere := range []string{"https://example.com/schema.json", "file:///etc/passwd"} {
		_, err := compile(map[string]any{"$ref": elsewhere})
		assert.ErrorContains(t, err, elsewhere)
	}
}

func TestAFileHasCases(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte("cases: []"), noFiles)
	require.EqualError(t, err, "cases: has 0 entries; 1 to 1000 are allowed")
	_, err = Parse(nil, noFiles)
	assert.ErrorContains(t, err, "is empty")
}

// The repository's own files are sound, and there is one for each endpoint of its stacks.
func TestTheRepositorysGoldenRequestsAreSound(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"flowers", "petals", "penguins", "garden"} {
		file, err := Load("../../..", endpoint)
		require.NoError(t, err)
		assert.NotEmpty(t, file.Cases, endpoint)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "cases: [{name: a, body: b, expect: {json: {a: [1]}, schema: {type: object}}}]",
		"cases: [{name: a, body: b, expect: {lines: ['1,2'], tolerance: .1}}]",
	} {
		f.Add([]byte(seed), "1,2")
	}
	f.Fuzz(func(t *testing.T, text []byte, answer string) {
		file, err := Parse(text, noFiles)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		for i := range file.Cases {
			_ = file.Cases[i].Expect.difference(answer)
		}
	})
}
