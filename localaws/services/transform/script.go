package transform

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/protocol"
)

// noCapacity is the reason that SageMaker gives for a job that found no instances.
const noCapacity = "CapacityError: Unable to provision requested ML compute capacity. " +
	"Please retry using a different ML instance type."

// errHangs stands for a job that comes to no end.
var errHangs = errors.New("it hangs")

// Admin takes what is to become of the next job that is made:
//
//	PUT /_local/sagemaker/transform-jobs/next  {"outcome": "fail", "reason": "…"}
//	PUT /_local/sagemaker/transform-jobs/next  {"outcome": "capacity"}
//	PUT /_local/sagemaker/transform-jobs/next  {"outcome": "hang"}
//
// It ends as Failed, for the reason, or goes on until it is stopped. The query parameter "region" says where, by
// default in us-east-1.
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
	problem, script := "", errHangs
	switch err := decoder.Decode(&wanted); {
	case err != nil:
		problem = "the body is not a JSON object of outcome and reason"
	case wanted.Outcome == "hang" && wanted.Reason == "":
	case wanted.Outcome == "hang":
		problem = "a job that hangs has no reason"
	case wanted.Outcome == "capacity":
		script = &serving.FailedStart{Reason: cmp.Or(wanted.Reason, noCapacity)}
	case wanted.Outcome != "fail":
		problem = fmt.Sprintf(`outcome is %q; it must be one of ["fail" "capacity" "hang"]`, wanted.Outcome)
	case wanted.Reason == "":
		problem = "reason must not be empty"
	default:
		script = &serving.FailedStart{Reason: wanted.Reason}
	}
	if problem != "" {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.scripts[protocol.QueriedRegion(r)] = script
	w.WriteHeader(http.StatusNoContent)
}

// takeScript uses up what was asked for in a region; nil when nothing was. The lock must be held.
func (j *Jobs) takeScript(region string) error {
	script := j.scripts[region]
	delete(j.scripts, region)
	return script
}
