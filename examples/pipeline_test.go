package examples_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	preprocess "sagehost/examples/preprocess/server"
	scoring "sagehost/examples/scoring/server"
)

// invoke asks a container, and gives its answer and the type of it.
func invoke(t *testing.T, handler http.Handler, mediaType, accept, body string) (string, string) {
	t.Helper()
	request := httptest.NewRequest("POST", "/invocations", strings.NewReader(body))
	request.Header.Set("Content-Type", mediaType)
	request.Header.Set("Accept", accept)
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	require.Equal(t, 200, answer.Code, answer.Body.String())
	return answer.Body.String(), answer.Header().Get("Content-Type")
}

// containers are those of the pipeline that tells penguins apart.
func containers(t *testing.T) (first, second http.Handler) {
	t.Helper()
	prepare := preprocess.New("penguins/preprocess")
	require.NoError(t, prepare.Load())
	score := scoring.New(scoring.Options{ModelFolder: "penguins/scoring", ModelBytes: 1 << 20})
	require.NoError(t, score.Load())
	return prepare.Handler(), score.Handler()
}

func TestThePipelineGets66Of67HeldOutPenguinsRight(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("penguins/data/held-out.csv")
	require.NoError(t, err)
	lines, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	require.NoError(t, err)
	var records strings.Builder
	var species []string
	for _, line := range lines[1:] {
		records.WriteString(strings.Join(line[:6], ",") + "\n")
		species = append(species, line[6])
	}
	first, second := containers(t)
	rows, mediaType := invoke(t, first, "text/csv", "", records.String())
	answer, _ := invoke(t, second, mediaType, "", rows)
	predictions, err := csv.NewReader(strings.NewReader(answer)).ReadAll()
	require.NoError(t, err)
	require.Len(t, predictions, 67)
	right := 0
	for i, prediction := range predictions {
		if prediction[0] == species[i] {
			right++
		}
	}
	assert.Equal(t, 66, right)
}

func TestThePipelineAnswersInTheTypeThatTheClientAsksFor(t *testing.T) {
	t.Parallel()
	first, second := containers(t)
	const record = `{"instances": [["Biscoe", 46.1, 13.2, 211, 4500, null]]}`
	for accept, want := range map[string]string{
		"":                      "text/csv",
		"application/json":      "application/json",
		"application/jsonlines": "application/jsonlines",
	} {
		rows, mediaType := invoke(t, first, "application/json", accept, record)
		assert.Equal(t, want, mediaType)
		answer, mediaType := invoke(t, second, mediaType, accept, rows)
		assert.Equal(t, want, mediaType)
		assert.Contains(t, answer, "Gentoo")
	}
}

func TestThePipelineAnswersTheExampleInTheReadme(t *testing.T) {
	t.Parallel()
	first, second := containers(t)
	rows, mediaType := invoke(t, first, "text/csv", "", "Biscoe,46.1,13.2,211,4500,NA")
	answer, _ := invoke(t, second, mediaType, "", rows)
	// The last digits of the probability differ between architectures.
	assert.Regexp(t, `^Gentoo,0\.99963\d*\n$`, answer)
}
