package transform

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"

	"sagehost/internal/localaws/scope"
	"sagehost/internal/localaws/serving"
)

// noCapacity is the reason that SageMaker gives for a job that found no instances.
const noCapacity = "CapacityError: Unable to provision requested ML compute capacity. " +
	"Please retry using a different ML instance type."

// Admin takes a failure to come:
//
//	PUT /_local/sagemaker/transform-jobs/next  {"outcome": "fail", "reason": "…"}
//	PUT /_local/sagemaker/transform-jobs/next  {"outcome": "capacity"}
//
// The next job that is made ends as Failed, for the reason. The query parameter "region" says where, by default in
// us-east-1.
func (j *Jobs) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /_local/sagemaker/transform-jobs/next", j.serveScript)
	return mux
}

func (j *Jobs) serveScript(w http.ResponseWriter, r *http.Request) {
	var wanted struct {
		Outcome string `json:"outcome"`
		Reason  string `json:"reason"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16))
	decoder.DisallowUnknownFields()
	problem := ""
	switch err := decoder.Decode(&wanted); {
	case err != nil:
		problem = "the body is not a JSON object of outcome and reason"
	case wanted.Outcome == "capacity":
		wanted.Reason = cmp.Or(wanted.Reason, noCapacity)
	case wanted.Outcome != "fail":
		problem = fmt.Sprintf(`outcome is %q; it must be one of ["fail" "capacity"]`, wanted.Outcome)
	case wanted.Reason == "":
		problem = "reason must not be empty"
	}
	if problem != "" {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.scripts[scope.Queried(r)] = wanted.Reason
	w.WriteHeader(http.StatusNoContent)
}

// takeScript uses up the failure that was asked for in a region; nil when none was. The lock must be held.
func (j *Jobs) takeScript(region string) error {
	reason, asked := j.scripts[region]
	if !asked {
		return nil
	}
	delete(j.scripts, region)
	return &serving.FailedStart{Reason: reason}
}
