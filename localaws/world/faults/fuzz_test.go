package faults

import (
	"bufio"
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// never is a name that no request has.
const never = "a-name-that-no-request-has-because-it-is-too-long-to-be-guessed"

// parse reads a request from bytes; nil when they are none.
func parse(raw []byte) *http.Request {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return nil
	}
	return r
}

// content is what can be read of a request.
type content struct {
	Method, RequestURI, URL, Host, Proto string
	Header, Trailer                      http.Header
	Encoding                             []string
	Length                               int64
	Body                                 []byte
	Problem                              error
}

func contentOf(r *http.Request) content {
	header := maps.Clone(r.Header)
	body, err := io.ReadAll(r.Body)
	return content{
		r.Method, r.RequestURI, r.URL.String(), r.Host, r.Proto, header, r.Trailer, r.TransferEncoding, r.ContentLength,
		body, err,
	}
}

func FuzzARequestThatNoFaultMatchesReachesNextAsItCame(f *testing.F) {
	const auth = "Authorization: AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/"
	for _, seed := range []string{
		"GET /b/k?versionId=%zz;x&acl HTTP/1.1\r\nHost: b.s3.amazonaws.com\r\n\r\n",
		"PUT /b/k?uploadId=u HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n" + auth + "s3/aws4_request\r\n\r\nda\x00\xff",
		"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: SageMaker.CreateModel\r\nContent-Length: 17\r\n\r\n" +
			`{"ModelName":"m"}`,
		"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: ....\r\nTransfer-Encoding: chunked\r\nTrailer: T\r\n\r\n" +
			"2\r\n{}\r\n0\r\nT: v\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n" + auth +
			"iam/aws4_request\r\nContent-Length: 14\r\n\r\nAction=GetRole&%",
		"POST /?Action=X HTTP/1.1\r\nHost: x\r\n" + auth + "ec2/aws4_request\r\nContent-Length: 99\r\n\r\nshort",
		"POST /endpoints/e/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n1",
		"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: A.B\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08",
		"HEAD //// HTTP/1.0\r\nHost: [::\r\n\r\n", "PUT http://b.x/k HTTP/1.1\r\nHost: y\r\nX-Amz-Copy-Source: b/k\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		sent, reference := parse(raw), parse(raw)
		if sent == nil {
			return
		}
		service := recognise(parse(raw)).service
		faults := newFaults()
		// Services have all kinds of names here, and the rules are put in place without a check.
		faults.byName["a"] = newFault("a", Rule{Service: service, Operation: never, Error: "X"})
		faults.byName["b"] = newFault("b", Rule{Service: service, Resource: never, Error: "X"})
		faults.activate()
		var got *content
		faults.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			reached := contentOf(r)
			got = &reached
		})).ServeHTTP(httptest.NewRecorder(), sent)
		require.NotNil(t, got)
		require.Equal(t, contentOf(reference), *got)
	})
}
