package scheduler

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

const (
	signingName = "scheduler"
	// maxBody is how much of a request is read, in bytes. An input has 256 KB at most.
	maxBody = 1 << 20
	// path begins the paths of single schedules.
	path = "/schedules/"
)

// Wrap stands before the emulator: it refuses schedules that AWS would refuse, and learns when one is put.
func (s *Scheduler) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		if reads || r.Header.Get(awsjson.TargetHeader) != "" {
			next.ServeHTTP(w, r)
			return
		}
		signed := protocol.ScopeOf(r)
		if signed.Service != signingName {
			next.ServeHTTP(w, r)
			return
		}
		name, single := strings.CutPrefix(r.URL.Path, path)
		if single && r.Method != http.MethodDelete {
			s.put(w, r, next, name)
			return
		}
		next.ServeHTTP(w, r)
		s.forget(signed.Region)
	})
}

// put serves CreateSchedule and UpdateSchedule.
func (s *Scheduler) put(w http.ResponseWriter, r *http.Request, next http.Handler, name string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		refuse(w, awsjson.Errorf(awsjson.SerializationException, "the request body could not be read: %v", err))
		return
	}
	input, err := awsjson.Decode(body)
	now := s.options.Clock.Now()
	if err == nil {
		err = validate(input.With(awsjson.Object{"Name": name}), now)
	}
	if err != nil {
		refuse(w, err)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	// A handler that says nothing of the status means this one.
	answer := &answered{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(answer, r)
	if answer.status == http.StatusOK {
		s.noted(protocol.ScopeOf(r).Region, key(input.Text("GroupName"), name), r.Method == http.MethodPost, now)
	}
}

// answered keeps an answer's status.
type answered struct {
	http.ResponseWriter
	status int
}

// WriteHeader keeps the status.
func (a *answered) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// refuse answers as services with paths do: the code of the error is in a header.
func refuse(w http.ResponseWriter, err error) {
	told, ok := errors.AsType[*awsjson.Error](err)
	if !ok {
		told = awsjson.Invalid("%v", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", told.Code)
	w.WriteHeader(http.StatusBadRequest)
	// A client that has gone needs no answer.
	_ = json.NewEncoder(w).Encode(map[string]string{"Message": told.Message})
}
