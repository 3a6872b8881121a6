package sagemaker

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"sagehost/localaws/protocol"
)

// Admin takes failures to come, and those that come at once:
//
//	PUT  /_local/sagemaker/endpoints/{name}/next-create  {"outcome": "fail", "reason": "…"}
//	PUT  /_local/sagemaker/endpoints/{name}/next-update  {"outcome": "rollback", "reason": "…"}
//	POST /_local/sagemaker/endpoints/{name}/crash
//
// The query parameter "region" says where, by default in us-east-1.
func (f *Fake) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /_local/sagemaker/endpoints/{name}/{step}", f.serveScript)
	mux.HandleFunc("POST /_local/sagemaker/endpoints/{name}/crash", f.serveCrash)
	return mux
}

func (f *Fake) serveScript(w http.ResponseWriter, r *http.Request) {
	next := step(r.PathValue("step"))
	allowed, known := outcomes[next]
	if !known {
		http.NotFound(w, r)
		return
	}
	var wanted script
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&wanted); err != nil {
		http.Error(w, "the body is not a JSON object of outcome, reason and delay", http.StatusBadRequest)
		return
	}
	if problem := wanted.problem(allowed); problem != "" {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	if wanted.Outcome == outcomeCapacity && wanted.Reason == "" {
		wanted.Reason = noCapacity
	}
	f.setScript(protocol.QueriedRegion(r), r.PathValue("name"), next, wanted)
	w.WriteHeader(http.StatusNoContent)
}

// problem says what is wrong with a script; empty when nothing is.
func (s script) problem(allowed []outcome) string {
	switch {
	case !slices.Contains(allowed, s.Outcome):
		return fmt.Sprintf("outcome is %q; it must be one of %q", s.Outcome, allowed)
	case s.Outcome == outcomeSlow:
		if span, err := time.ParseDuration(s.Delay); err != nil || span <= 0 {
			return fmt.Sprintf("delay is %q; it must be a duration such as \"90s\"", s.Delay)
		}
	case s.Delay != "":
		return "delay belongs to the outcome \"slow\""
	case s.Reason == "" && s.Outcome != outcomeCapacity:
		return "reason must not be empty"
	}
	return ""
}

func (f *Fake) serveCrash(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	found, err := f.callNow(protocol.QueriedRegion(r)).find(endpoints, r.PathValue("name"))
	var crashing []*variant
	if err == nil {
		crashing = append(found.Life.Live.all(), found.Life.Pending.all()...)
	}
	f.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	for _, v := range crashing {
		v.fleet.crash()
	}
	w.WriteHeader(http.StatusNoContent)
}
