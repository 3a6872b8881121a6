package localaws_test

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws"
)

// operationName is a name of an operation, as documentation shows it.
var operationName = regexp.MustCompile("`([A-Z][A-Za-z]+)`")

// TestTheDocumentationListsTheOperationsThatAreAnswered holds the page of the local AWS against what it answers itself.
func TestTheDocumentationListsTheOperationsThatAreAnswered(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/local-aws.md")
	require.NoError(t, err)
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: motoServer(t)})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	status, text := local(t, server, http.MethodGet, "/_local/health", "")
	require.Equal(t, http.StatusOK, status)
	var health struct {
		Services []struct {
			Name       string
			Operations []string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(text), &health))
	for _, service := range health.Services[:3] {
		row := regexp.MustCompile("(?m)^\\| `" + service.Name + "` \\|(.*)\\|$").FindSubmatch(page)
		require.NotNil(t, row, service.Name)
		var listed []string
		for _, found := range operationName.FindAllSubmatch(row[1], -1) {
			listed = append(listed, string(found[1]))
		}
		assert.Equal(t, service.Operations, listed, service.Name)
	}
}
