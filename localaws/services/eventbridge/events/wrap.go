package events

import (
	"context"
	"net/http"
	"strings"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/world/faults"
)

// apiPrefix starts the target header of EventBridge's requests.
const apiPrefix = "AWSEvents."

// Wrap stands before the emulator and sees what there are events for. All other requests pass unseen.
func (r *Router) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if operation, ok := strings.CutPrefix(req.Header.Get(awsjson.TargetHeader), apiPrefix); ok {
			r.serveAPI(w, req, operation, next)
			return
		}
		if req.Method == http.MethodGet || req.Method == http.MethodHead {
			next.ServeHTTP(w, req)
			return
		}
		switch protocol.ScopeOf(req).Service {
		case "", "s3":
			r.serveS3(w, req, next)
		case "cloudformation":
			// A stack makes and deletes rules and buckets without a request for them.
			next.ServeHTTP(w, req)
			r.rules.forget()
			r.buckets.forgetAll()
		default:
			next.ServeHTTP(w, req)
		}
	})
}

// watched keeps an answer's status.
type watched struct {
	http.ResponseWriter
	status int
	// copied gets what is written, if it is not nil.
	copied *head
}

// WriteHeader keeps the status.
func (w *watched) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write hands the answer on.
func (w *watched) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	if w.copied != nil {
		_, _ = w.copied.Write(p)
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets the answer be flushed.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *watched) succeeded() bool {
	return w.status >= http.StatusOK && w.status < http.StatusBadRequest
}

// head keeps the beginning of what is written to it.
type head struct {
	kept []byte
	most int
}

// Write never fails.
func (h *head) Write(p []byte) (int, error) {
	h.kept = append(h.kept, p[:min(len(p), h.most-len(h.kept))]...)
	return len(p), nil
}

// serveS3 sends events of what a request does to objects.
func (r *Router) serveS3(w http.ResponseWriter, req *http.Request, next http.Handler) {
	operation, name, key := faults.S3Request(req)
	switch operation {
	case "PutBucketNotificationConfiguration", "CreateBucket", "DeleteBucket":
		next.ServeHTTP(w, req)
		r.buckets.forget(name)
		return
	case "":
		if name != "" && key == "" && isForm(req) {
			operation = postObject
		}
	}
	about := change{operation: operation, bucket: name, key: key, request: req}
	if _, makesEvents := reasons[operation]; !makesEvents || !r.notifies(req, &about) {
		next.ServeHTTP(w, req)
		return
	}
	about.answer = &watched{ResponseWriter: w}
	about.prepare()
	next.ServeHTTP(about.answer, req)
	if !about.answer.succeeded() {
		return
	}
	// A client that goes away now has changed the object all the same.
	ctx := context.WithoutCancel(req.Context())
	for _, detail := range about.details(ctx, r) {
		if err := r.sendS3(ctx, about, detail); err != nil {
			r.logf("%s of %s/%s: %v", operation, name, key, err)
		}
	}
}

// notifies finds out whether a bucket sends events, and where it is.
func (r *Router) notifies(req *http.Request, about *change) bool {
	known, err := r.buckets.of(req.Context(), protocol.ScopeOf(req).Region, about.bucket)
	if err != nil {
		// The emulator says the same of a bucket that is not there.
		if !strings.Contains(err.Error(), "NoSuchBucket") {
			r.logf("%v", err)
		}
		return false
	}
	about.region = known.region
	return known.notifies
}
