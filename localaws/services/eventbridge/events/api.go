package events

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"sagehost/kit/cron"
	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// maxBody is how much of a request of EventBridge's API is read, in bytes; its longest have 256 KB.
const maxBody = 1 << 20

// serveAPI checks the patterns of rules, forgets rules that change, and publishes what programs send.
func (r *Router) serveAPI(w http.ResponseWriter, req *http.Request, operation string, next http.Handler) {
	switch {
	case operation == "PutEvents":
		r.putEvents(w, req, next)
	case operation == "PutRule":
		r.putRule(w, req, next)
	case strings.HasPrefix(operation, "List") || strings.HasPrefix(operation, "Describe"):
		next.ServeHTTP(w, req)
	default:
		next.ServeHTTP(w, req)
		r.rules.forget()
	}
}

// readBody reads a request's body and puts it back.
func readBody(w http.ResponseWriter, req *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxBody))
	if err != nil {
		http.Error(w, "the request body could not be read", http.StatusBadRequest)
		return nil, false
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	return body, true
}

// scheduled reports whether EventBridge takes a rule's schedule, which may be left out.
func scheduled(expression string) bool {
	if expression == "" {
		return true
	}
	_, err := cron.Rules.Parse(expression, cron.Options{})
	return err == nil
}

// putRule refuses patterns that no event could be held against, and schedules that are none.
func (r *Router) putRule(w http.ResponseWriter, req *http.Request, next http.Handler) {
	body, ok := readBody(w, req)
	if !ok {
		return
	}
	var asked struct{ EventPattern, ScheduleExpression string }
	if json.Unmarshal(body, &asked) == nil {
		_, err := Compile(asked.EventPattern)
		wrong, ok := errors.AsType[*PatternError](err)
		switch {
		case ok && asked.EventPattern != "":
			refuse(w, "InvalidEventPatternException", "Event pattern is not valid. Reason: "+wrong.Reason)
			return
		case !scheduled(asked.ScheduleExpression):
			refuse(w, "ValidationException", "Parameter ScheduleExpression is not valid.")
			return
		case asked.ScheduleExpression != "":
			refuse(w, "ValidationException", "the local AWS follows no schedules of rules; "+
				"it follows those of EventBridge Scheduler (CreateSchedule)")
			return
		}
	}
	next.ServeHTTP(w, req)
	r.rules.forget()
}

func refuse(w http.ResponseWriter, code, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(http.StatusBadRequest)
	// A client that has gone needs no answer.
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": message})
}

// entry is an event that a program sends.
type entry struct {
	EventBusName, Source, DetailType, Detail string
	Resources                                []string
	Time                                     json.Number
}

// putEvents publishes the events that the emulator takes.
func (r *Router) putEvents(w http.ResponseWriter, req *http.Request, next http.Handler) {
	body, ok := readBody(w, req)
	if !ok {
		return
	}
	answer := &watched{ResponseWriter: w, copied: &head{most: maxBody}}
	next.ServeHTTP(answer, req)
	var asked struct{ Entries []entry }
	var told struct{ Entries []struct{ EventId string } } //nolint:revive // EventBridge spells it so
	if !answer.succeeded() || json.Unmarshal(body, &asked) != nil ||
		json.Unmarshal(answer.copied.kept, &told) != nil || len(told.Entries) != len(asked.Entries) {
		return
	}
	ctx := context.WithoutCancel(req.Context())
	for i, e := range asked.Entries {
		if told.Entries[i].EventId == "" {
			continue
		}
		if err := r.publishEntry(ctx, protocol.ScopeOf(req).Region, told.Entries[i].EventId, e); err != nil {
			r.logf("PutEvents: %v", err)
		}
	}
}

func (r *Router) publishEntry(ctx context.Context, region, id string, e entry) error {
	detail, err := decode([]byte(e.Detail))
	if err != nil {
		return err
	}
	now := r.options.Clock.Now()
	at := now
	if given, ok := (awsjson.Object{"Time": e.Time}).Time("Time"); ok {
		at = given
	}
	event := newEvent(id, region, e.Source, e.DetailType, at, e.Resources, detail)
	return r.publish(ctx, busName(e.EventBusName), event, now)
}

// busName is the name of a bus that a program may also give by its ARN.
func busName(given string) string {
	if given == "" {
		return defaultBus
	}
	return given[strings.LastIndexByte(given, '/')+1:]
}

// emulated reports whether the emulator delivers to a target.
func emulated(targetARN string) bool {
	parts := strings.SplitN(targetARN, ":", 4)
	return len(parts) == 4 && (parts[2] == "logs" || parts[2] == "events")
}
