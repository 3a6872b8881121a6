// Package awsjson speaks the AWS JSON protocols 1.0 and 1.1, in which a header names the operation and JSON bodies
// carry the request and the answer.
package awsjson

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strings"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/shape"
)

// TargetHeader names the service and the operation, as "SageMaker.CreateModel".
const TargetHeader = "X-Amz-Target"

const (
	contentType = "application/x-amz-json-"
	// defaultVersion is that of the protocol that most services speak.
	defaultVersion = "1.1"
	// maxBody is far above what any of the operations needs; it keeps a stray upload out of memory.
	maxBody = 8 << 20
)

// Call is one request of an operation.
type Call struct {
	Operation string
	Region    string
	Input     Object
}

// Operation is something that a service can do.
type Operation struct {
	// Input is what a request is checked against before Run sees it.
	Input shape.Shape
	Run   func(Call) (Object, error)
}

// Service answers the operations of one service.
type Service struct {
	// Prefix is the part of the target header before the dot.
	Prefix string
	// Version is that of the protocol; the default is "1.1".
	Version    string
	Operations map[string]Operation
	// Mine tells the requests to answer from those for Other, before they are checked. Nil means all.
	Mine func(Call) bool
	// Other takes the requests for operations that are not in the table.
	Other http.Handler
	// Log gets a line for each answer, and the stack of each panic.
	Log io.Writer
}

// ServeHTTP answers one request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.Header.Get(TargetHeader), s.Prefix+".")
	operation, known := s.Operations[name]
	if !known {
		s.Other.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		s.fail(w, name, Errorf(SerializationException, "the request body could not be read: %v", err))
		return
	}
	input, err := Decode(body)
	if err != nil {
		s.fail(w, name, err)
		return
	}
	call := Call{Operation: name, Region: protocol.ScopeOf(r).Region, Input: input}
	if s.Mine != nil && !s.Mine(call) {
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.Other.ServeHTTP(w, r)
		return
	}
	output, err := s.run(operation, call)
	if err != nil {
		s.fail(w, name, err)
		return
	}
	s.answer(w, name, http.StatusOK, output)
}

// run is the one place where a fault in an operation is kept from taking the server down.
func (s *Service) run(operation Operation, call Call) (output Object, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			_, _ = fmt.Fprintf(s.Log, "%s.%s panicked: %v\n%s", s.Prefix, call.Operation, fault, debug.Stack())
			err = Errorf(InternalFailure, "%s failed: %v", call.Operation, fault)
		}
	}()
	if err := operation.Input.Check(call.Input); err != nil {
		return nil, err
	}
	return operation.Run(call)
}

func (s *Service) fail(w http.ResponseWriter, name string, err error) {
	told := toError(err)
	// Service models spell the member of some exceptions with a capital, and there are clients that take them at it.
	s.answer(w, name, told.status(), Object{"__type": told.Code, "message": told.Message, "Message": told.Message})
}

func (s *Service) answer(w http.ResponseWriter, name string, status int, output Object) {
	if output == nil {
		output = Object{}
	}
	body, err := json.Marshal(output)
	if err != nil {
		status = http.StatusInternalServerError
		body = []byte(`{"__type":"` + InternalFailure + `","message":"the answer could not be written"}`)
	}
	id := requestID()
	// A log that cannot be written must not cost the client its answer.
	_, _ = fmt.Fprintf(s.Log, "%s.%s %d %s%s\n", s.Prefix, name, status, id, reason(output))
	w.Header().Set("Content-Type", contentType+cmp.Or(s.Version, defaultVersion))
	w.Header().Set("X-Amzn-Requestid", id)
	w.WriteHeader(status)
	// A client that has gone needs no answer.
	_, _ = w.Write(body)
}

func reason(output Object) string {
	if code := output.Text("__type"); code != "" {
		return " " + code + ": " + output.Text("message")
	}
	return ""
}

func requestID() string {
	var b [16]byte
	// crypto/rand.Read never fails.
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
