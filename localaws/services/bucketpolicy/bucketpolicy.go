// Package bucketpolicy keeps moto from enforcing the parts of bucket policies that it cannot judge. It evaluates no
// condition: a statement that denies requests without TLS, as every careful bucket has, denies everything there.
package bucketpolicy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
)

// mark begins a principal that moto takes for somebody it does not know, so that it passes the statement over. What
// follows is the principal as it was.
const mark = "conditional:"

// maxPolicy is the longest policy that Amazon S3 takes, in bytes.
const maxPolicy = 20 << 10

// Wrap stands before moto: policies go in with their conditional statements marked, and come out as they were given.
func Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !r.URL.Query().Has("policy"):
			next.ServeHTTP(w, r)
		case r.Method == http.MethodPut:
			put(w, r, next)
		case r.Method == http.MethodGet:
			get(w, r, next)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func put(w http.ResponseWriter, r *http.Request, next http.Handler) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 2*maxPolicy))
	if err != nil {
		http.Error(w, fmt.Sprintf("the policy could not be read: %v", err), http.StatusBadRequest)
		return
	}
	changed := rewrite(body, marked)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(changed)), int64(len(changed))
	// The digest is of the policy as it was.
	r.Header.Del("Content-Md5")
	next.ServeHTTP(w, r)
}

func get(w http.ResponseWriter, r *http.Request, next http.Handler) {
	recorder := httptest.NewRecorder()
	next.ServeHTTP(recorder, r)
	body := recorder.Body.Bytes()
	if recorder.Code == http.StatusOK {
		body = rewrite(body, unmarked)
	}
	maps.Copy(w.Header(), recorder.Header())
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(recorder.Code)
	// A client that has gone needs no answer.
	_, _ = w.Write(body)
}

// rewrite changes the statements of a policy. What is no policy, or needs no change, stays as it is.
func rewrite(policy []byte, change func(map[string]any) bool) []byte {
	var document map[string]any
	if json.Unmarshal(policy, &document) != nil {
		return policy
	}
	statements, isList := document["Statement"].([]any)
	if !isList {
		statements = []any{document["Statement"]}
	}
	changed := false
	for _, statement := range statements {
		if object, ok := statement.(map[string]any); ok {
			changed = change(object) || changed
		}
	}
	text, err := json.Marshal(document)
	if !changed || err != nil {
		return policy
	}
	return text
}

func marked(statement map[string]any) bool {
	principal, err := json.Marshal(statement["Principal"])
	if statement["Effect"] != "Deny" || statement["Condition"] == nil || err != nil {
		return false
	}
	statement["Principal"] = mark + string(principal)
	return true
}

func unmarked(statement map[string]any) bool {
	text, _ := statement["Principal"].(string)
	rest, ok := strings.CutPrefix(text, mark)
	var principal any
	if !ok || json.Unmarshal([]byte(rest), &principal) != nil {
		return false
	}
	statement["Principal"] = principal
	return true
}
