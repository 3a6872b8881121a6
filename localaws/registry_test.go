package localaws

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheRegistryKnowsWhatWasPushed(t *testing.T) {
	t.Parallel()
	pushed := "sha256:" + strings.Repeat("7", 64)
	registry := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			RegistryID     string `json:"registryId"`
			RepositoryName string `json:"repositoryName"`
			ImageIDs       []struct {
				Tag string `json:"imageTag"`
			} `json:"imageIds"`
		}
		err := json.NewDecoder(r.Body).Decode(&in)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		known := err == nil && in.RegistryID == "123456789012" &&
			in.RepositoryName == "team/scoring" && in.ImageIDs[0].Tag == "1.0"
		if !known || !strings.Contains(r.Header.Get("Authorization"), "/eu-west-1/ecr/") {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"__type": "ImageNotFoundException"}`))
			return
		}
		_, _ = w.Write([]byte(`{"imageDetails": [{"imageDigest": "` + pushed + `"}]}`))
	}))
	t.Cleanup(registry.Close)
	digest := digests(registry.URL)
	const host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/"
	assert.Equal(t, pushed, digest(host+"team/scoring:1.0"))
	for _, image := range []string{
		host + "team/scoring:2.0", host + "team/scoring", host + "team/scoring@" + pushed, "scoring:1.0",
		"123456789012.dkr.ecr.us-east-1.amazonaws.com/team/scoring:1.0",
	} {
		assert.Empty(t, digest(image), image)
	}
}
