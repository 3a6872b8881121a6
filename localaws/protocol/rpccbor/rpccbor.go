// Package rpccbor lets services that speak JSON answer clients that speak CBOR: it translates the protocol
// smithy-rpc-v2-cbor, which the newest AWS SDKs use for Amazon CloudWatch, to awsJson and back.
package rpccbor

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"sagehost/localaws/protocol/awsjson"
)

// What the requests and answers of the protocol carry ("Smithy RPC v2 CBOR protocol", smithy.io).
const (
	protocolHeader = "Smithy-Protocol"
	protocol       = "rpc-v2-cbor"
	cborContent    = "application/cbor"
	jsonContent    = "application/x-amz-json-1.0"
)

// maxBody is the longest request in bytes, once it is unpacked. CloudWatch allows 1 MB.
const maxBody = 16 << 20

var errTooLong = fmt.Errorf("the request is longer than %d bytes", maxBody)

// path names the service, whose name also starts the target header of awsJson, and the operation.
var path = regexp.MustCompile(`^/service/([A-Za-z0-9_.]+)/operation/([A-Za-z0-9_]+)$`)

// Wrap is next for clients of either protocol. Requests in CBOR reach it in JSON; all others reach it as they came.
func Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		target := path.FindStringSubmatch(r.URL.Path)
		if r.Method != http.MethodPost || r.Header.Get(protocolHeader) != protocol || target == nil {
			next.ServeHTTP(w, r)
			return
		}
		service, operation := target[1], target[2]
		// The prefix may have a namespace in front: "com.amazonaws.cloudwatch.GraniteServiceVersion20100801".
		service = service[strings.LastIndexByte(service, '.')+1:]
		translated, err := toJSON(r, service, operation)
		if err != nil {
			refuse(w, err)
			return
		}
		answer := &answer{header: http.Header{}, status: http.StatusOK}
		next.ServeHTTP(answer, translated)
		answer.write(w, membersOf(service))
	})
}

// toJSON is the request in JSON.
func toJSON(r *http.Request, service, operation string) (*http.Request, error) {
	body, err := read(r)
	if err != nil {
		return nil, err
	}
	if body, err = decode(body); err != nil {
		return nil, err
	}
	translated := r.Clone(r.Context())
	translated.URL.Path, translated.URL.RawPath, translated.RequestURI = "/", "", "/"
	for _, header := range []string{protocolHeader, "Accept", "Content-Encoding", "Transfer-Encoding"} {
		translated.Header.Del(header)
	}
	translated.TransferEncoding = nil
	translated.Header.Set(awsjson.TargetHeader, service+"."+operation)
	translated.Header.Set("Content-Type", jsonContent)
	translated.Header.Set("Content-Length", strconv.Itoa(len(body)))
	translated.Body, translated.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return translated, nil
}

// read is the body, unpacked: the SDKs compress long requests of PutMetricData.
func read(r *http.Request) ([]byte, error) {
	var from io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, fmt.Errorf("unpack the request: %w", err)
		}
		from = unpacked
	}
	body, err := io.ReadAll(io.LimitReader(from, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	if len(body) > maxBody {
		return nil, errTooLong
	}
	return body, nil
}

// refuse answers a request that cannot be read.
func refuse(w http.ResponseWriter, err error) {
	a := &answer{header: http.Header{}, status: http.StatusBadRequest}
	code := "SerializationException"
	if errors.Is(err, errTooLong) {
		a.status, code = http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException"
	}
	a.send(w, map[string]any{"__type": code, "message": err.Error()})
}

// answer is what a service answers, in JSON.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is the answer's.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader keeps the status.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write never fails.
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// write answers in CBOR. What is no JSON comes from something between the client and the service.
func (a *answer) write(w http.ResponseWriter, typed members) {
	content, err := parse(a.body.Bytes(), typed)
	switch {
	case err != nil && a.status < http.StatusBadRequest:
		a.status = http.StatusInternalServerError
		fallthrough
	case err != nil:
		content = map[string]any{"__type": "InternalFailure", "message": strings.TrimSpace(a.body.String())}
	case a.status >= http.StatusBadRequest:
		spellMessage(content)
	}
	a.send(w, content)
}

// spellMessage gives an error its message in both spellings: service models have either, SDKs read their own.
func spellMessage(content map[string]any) {
	for _, spelling := range [][2]string{{"message", "Message"}, {"Message", "message"}} {
		if text, ok := content[spelling[0]]; ok {
			content[spelling[1]] = text
		}
	}
}

func (a *answer) send(w http.ResponseWriter, content map[string]any) {
	body, err := encode(content)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	maps.Copy(header, a.header)
	header.Set(protocolHeader, protocol)
	header.Set("Content-Type", cborContent)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	// A client that has gone needs no answer.
	_, _ = w.Write(body)
}
