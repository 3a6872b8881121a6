package faults

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// ask sends a request to the admin side.
func (f *Faults) ask(method, path, body string) (status int, answer string) {
	w := httptest.NewRecorder()
	f.Admin().ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w.Code, strings.TrimSpace(w.Body.String())
}

func TestFaultsAreSetShownAndRemovedByHTTP(t *testing.T) {
	t.Parallel()
	f := newFaults()
	const (
		slowdown = `{"service":"s3","error":"SlowDown","count":1}`
		shown    = `{"name":"b","service":"s3","error":"SlowDown","count":1,"hits":1}`
		other    = `{"name":"a","service":"sns","rate":0.5,"delay":"2s","hits":0}`
	)
	steps := []struct {
		method, path, body string
		status             int
		answer             string
	}{
		{"GET", "/_local/faults", "", 200, `{"faults":[]}`},
		{"PUT", "/_local/faults/b", slowdown, 204, ""},
		{"S3", "", "", 503, ""},
		{"S3", "", "", elsewhere, ""},
		{"GET", "/_local/faults/b", "", 200, shown},
		{"PUT", "/_local/faults/a", `{"service":"sns","delay":"2s","rate":0.5}`, 204, ""},
		{"GET", "/_local/faults", "", 200, `{"faults":[` + other + `,` + shown + `]}`},
		{"DELETE", "/_local/faults/b", "", 204, ""},
		{"DELETE", "/_local/faults/b", "", 404, `there is no fault "b"`},
		{"GET", "/_local/faults/b", "", 404, `there is no fault "b"`},
		{"DELETE", "/_local/faults", "", 204, ""},
		{"GET", "/_local/faults", "", 200, `{"faults":[]}`},
		{"PUT", "/_local/faults/b", `{"rate":2}`, 400, "service is required\nrate must be between 0.000001 and 1\n" +
			"error or delay is required"},
		{"PUT", "/_local/faults/b%20c", `{"service":"s3"}`, 400, ErrName.Error() + "\nerror or delay is required"},
		{
			"PUT", "/_local/faults/b", strings.Repeat(" ", maxRule+1), 400,
			"the body could not be read: http: request body too large",
		},
		{"POST", "/_local/faults/b", slowdown, 405, "Method Not Allowed"},
	}
	for _, step := range steps {
		if step.method == "S3" {
			assert.Equal(t, step.status, f.status(signed(http.MethodGet, "/b/k", "s3", "")))
			continue
		}
		status, answer := f.ask(step.method, step.path, step.body)
		assert.Equal(t, step.status, status, "%s %s", step.method, step.path)
		assert.Equal(t, step.answer, answer, "%s %s", step.method, step.path)
	}
}
