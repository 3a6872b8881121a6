package sagemaker

import (
	"encoding/json"
	"net/http"
	"strings"

	"sagehost/internal/localaws/scope"
)

// step is a change of an endpoint that can be made to fail.
type step string

const (
	nextCreate step = "next-create"
	nextUpdate step = "next-update"
)

// outcomes is the word for the failure of each step.
var outcomes = map[step]string{nextCreate: "fail", nextUpdate: "rollback"}

// script is a failure that was asked for. The endpoint's name is in lower case.
type script struct {
	step     step
	endpoint string
}

// FailNextCreate makes the next CreateEndpoint of a name end as Failed, for a reason.
func (f *Fake) FailNextCreate(region, endpoint, reason string) {
	f.setScript(region, script{nextCreate, strings.ToLower(endpoint)}, reason)
}

// RollBackNextUpdate makes the next UpdateEndpoint of an endpoint roll back, for a reason.
func (f *Fake) RollBackNextUpdate(region, endpoint, reason string) {
	f.setScript(region, script{nextUpdate, strings.ToLower(endpoint)}, reason)
}

func (f *Fake) setScript(region string, s script, reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.region(region).scripted[s] = reason
}

// takeScript uses up the failure of a step; ok is false when none was asked for.
func (c call) takeScript(next step, endpoint string) (reason string, ok bool) {
	s := script{next, strings.ToLower(endpoint)}
	reason, ok = c.scripted[s]
	delete(c.scripted, s)
	return reason, ok
}

// Admin takes failures to come: PUT /_local/sagemaker/endpoints/{name}/next-update with the body
// {"outcome":"rollback","reason":"…"}, and …/next-create with the outcome "fail". The query parameter "region" says
// where, by default in us-east-1.
func (f *Fake) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /_local/sagemaker/endpoints/{name}/{step}", f.serveScript)
	return mux
}

func (f *Fake) serveScript(w http.ResponseWriter, r *http.Request) {
	next := step(r.PathValue("step"))
	outcome, known := outcomes[next]
	if !known {
		http.NotFound(w, r)
		return
	}
	var body struct{ Outcome, Reason string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&body); err != nil {
		http.Error(w, "the body is not a JSON object with outcome and reason", http.StatusBadRequest)
		return
	}
	if body.Outcome != outcome || body.Reason == "" {
		http.Error(w, "outcome must be \""+outcome+"\", and reason must not be empty", http.StatusBadRequest)
		return
	}
	region := r.URL.Query().Get("region")
	if region == "" {
		region = scope.DefaultRegion
	}
	f.setScript(region, script{next, strings.ToLower(r.PathValue("name"))}, body.Reason)
	w.WriteHeader(http.StatusNoContent)
}
