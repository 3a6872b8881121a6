package faults

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxBody is what is read of a body to recognise a request, in bytes: as much as the fakes read.
const maxBody = 8 << 20

// peek reads the body and puts it back. It is empty when it is longer than maxBody or cannot be read.
func (q *request) peek() []byte {
	if q.peeked || q.http.Body == nil || q.http.Body == http.NoBody {
		return q.body
	}
	q.peeked = true
	original := q.http.Body
	head, err := io.ReadAll(io.LimitReader(original, maxBody+1))
	rest := io.Reader(original)
	if err != nil {
		rest = broken{err}
	}
	q.http.Body = replayed{io.MultiReader(bytes.NewReader(head), rest), original}
	if err != nil || len(head) > maxBody {
		return nil
	}
	// Clients compress long requests, such as PutMetricData with many values.
	if q.http.Header.Get("Content-Encoding") == "gzip" {
		head = unzip(head)
	}
	q.body = head
	return q.body
}

// unzip is empty for what is not compressed, and for what would be longer than maxBody.
func unzip(packed []byte) []byte {
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	content, err := io.ReadAll(io.LimitReader(unpacked, maxBody+1))
	if err != nil || len(content) > maxBody {
		return nil
	}
	return content
}

// broken ends a body as it ended when it was read first.
type broken struct{ error }

// Read fails.
func (b broken) Read([]byte) (int, error) { return 0, b.error }

// replayed is a body that was read once.
type replayed struct {
	io.Reader
	io.Closer
}

// form is the parameters of the query string and of the body.
func (q *request) form() url.Values {
	if q.parameters == nil {
		q.parameters = q.http.URL.Query()
		// What cannot be parsed is left out: whether it is wrong is for the service to say.
		inBody, _ := url.ParseQuery(string(q.peek()))
		for name, values := range inBody {
			q.parameters[name] = append(q.parameters[name], values...)
		}
	}
	return q.parameters
}

// isName reports whether a member of a request tells what the request is for.
func isName(member string) bool {
	return strings.EqualFold(member, "name") || slices.ContainsFunc([]string{"Name", "Arn", "ARN", "Id"},
		func(end string) bool { return strings.HasSuffix(member, end) })
}

func namesInForm(form url.Values) []string {
	var names []string
	for member, values := range form {
		if isName(member) {
			names = append(names, values...)
		}
	}
	return names
}

func namesInJSON(body []byte) []string {
	var members map[string]any
	// What is not an object has no names.
	_ = json.Unmarshal(body, &members)
	var names []string
	for member, value := range members {
		if text, ok := value.(string); ok && isName(member) {
			names = append(names, text)
		}
	}
	return names
}
