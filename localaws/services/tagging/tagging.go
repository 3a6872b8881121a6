// Package tagging keeps the Resource Groups Tagging API from answering as if there were nothing: the emulator knows the
// tags of what it holds itself, and none of what the fakes hold.
package tagging

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"sagehost/localaws/protocol/awsjson"
)

// prefix starts the target header of the API's requests.
const prefix = "ResourceGroupsTaggingAPI_20170126."

// maxBody is far above what a request needs.
const maxBody = 1 << 20

// fakes are the services, as ARNs and types of resources name them, whose resources the emulator does not know.
var fakes = []string{"application-autoscaling", "sagemaker", "states"}

// Wrap refuses what would have to look at resources of the fakes, and hands everything else on.
func Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		operation, ours := strings.CutPrefix(r.Header.Get(awsjson.TargetHeader), prefix)
		if !ours {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "the request body could not be read", http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if missed := missed(operation, body); missed != "" {
			refuse(w, missed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// input is what requests say about which resources they are.
type input struct {
	ResourceTypeFilters []string
	ResourceARNList     []string
}

// missed are the services that an answer would leave out; empty for none. Whatever cannot be read the emulator refuses.
func missed(operation string, body []byte) string {
	var in input
	if json.Unmarshal(body, &in) != nil {
		return ""
	}
	var asked []string
	for _, kind := range in.ResourceTypeFilters {
		service, _, _ := strings.Cut(kind, ":")
		asked = append(asked, service)
	}
	for _, each := range in.ResourceARNList {
		if parts := strings.Split(each, ":"); len(parts) > 2 {
			asked = append(asked, parts[2])
		}
	}
	all := len(asked) == 0 && strings.HasPrefix(operation, "Get")
	var left []string
	for _, service := range fakes {
		if all || slices.Contains(asked, service) {
			left = append(left, service)
		}
	}
	return strings.Join(left, ", ")
}

// refuse answers with an error of the API.
func refuse(w http.ResponseWriter, services string) {
	// A map of texts is always written.
	body, _ := json.Marshal(map[string]string{
		"__type": "InvalidParameterException",
		"Message": fmt.Sprintf("the local AWS does not find the resources of %s by their tags; name other types of "+
			"resources, or ask the services themselves", services),
	})
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write(body)
}
