package runtime

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/protocol"
)

// exchange is one request with its answer.
type exchange struct {
	w       http.ResponseWriter
	request *http.Request
	// id is the request's.
	id     string
	region string
	// name is the endpoint's.
	name string
}

func newExchange(w http.ResponseWriter, request *http.Request, name string) *exchange {
	x := &exchange{w: w, request: request, id: uuid(), name: name, region: protocol.ScopeOf(request).Region}
	w.Header()["X-Amzn-Requestid"] = []string{x.id}
	return x
}

// failure is an error of an operation as its client is told about it.
func (x *exchange) failure(err error) *failure {
	if said, ok := errors.AsType[*serving.ModelError](err); ok {
		return modelFailure(x.region, x.name, said)
	}
	return toFailure(err)
}

// fail answers with a failure.
func (x *exchange) fail(told *failure) {
	if told.code != tooLarge {
		x.w.Header().Set("X-Amzn-Errortype", told.code)
	}
	x.answer(told.status(), told.body)
}

// answer answers with JSON. A client that has gone needs no answer.
func (x *exchange) answer(status int, content any) {
	// Both kinds of content are structures of strings and numbers, which can always be encoded.
	body, _ := json.Marshal(content)
	x.w.Header().Set("Content-Type", "application/json")
	x.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	x.w.WriteHeader(status)
	_, _ = x.w.Write(body)
}

// patience is how much of a body above the limit is read, so that its sender listens to the answer.
const patience = 32 << 20

// body reads the request's body of up to a number of bytes.
func (x *exchange) body(limit int64) ([]byte, error) {
	var body buffer
	err := errTooLarge
	if size := x.request.ContentLength; size <= limit {
		err = body.fill(x.request.Body, size, limit)
	}
	switch {
	case err == nil:
		return body.data, nil
	case !errors.Is(err, errTooLarge):
		return nil, invalid("The request body could not be read: %v", err)
	}
	_, _ = io.CopyN(io.Discard, x.request.Body, patience)
	return nil, failuref(tooLarge, "HTTP content length exceeded %d bytes.", limit)
}

// uuid makes up a random UUID.
func uuid() string {
	var b [16]byte
	// crypto/rand.Read never fails.
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	var text [36]byte
	hex.Encode(text[:], b[:4])
	for i, at := range []int{8, 13, 18, 23} {
		text[at] = '-'
		from := 4 + 2*i
		to := from + 2
		if at == 23 {
			to = 16
		}
		hex.Encode(text[at+1:], b[from:to])
	}
	return string(text[:])
}
