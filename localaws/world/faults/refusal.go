package faults

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"net/http"
)

const (
	jsonContent   = "application/x-amz-json-1.1"
	json10Content = "application/x-amz-json-1.0"
)

// refusal is an error to answer with.
type refusal struct {
	status        int
	code, message string
	id            string
}

func newRefusal(rule Rule, q *request) refusal {
	usual := defaultsOf(rule.Error, q.service)
	return refusal{
		status: cmp.Or(rule.Status, usual.status), code: rule.Error, message: cmp.Or(rule.Message, usual.message),
		// Request IDs are texts without a meaning.
		id: rand.Text(),
	}
}

// write answers a request in its protocol. The server leaves out the body for clients that ask for the head alone; they
// make a code of the status.
func (e refusal) write(w http.ResponseWriter, q *request) {
	var body []byte
	header := w.Header()
	idHeader, contentType := "X-Amzn-Requestid", "text/xml"
	switch q.protocol {
	case jsonRPC:
		contentType = jsonContent
		if q.http.Header.Get("Content-Type") == json10Content {
			contentType = json10Content
		}
		body = e.json(map[string]string{"__type": e.code})
	case restJSON:
		contentType = "application/json"
		header.Set("X-Amzn-Errortype", e.code)
		body = e.json(map[string]string{})
	case restXML:
		idHeader, contentType = "X-Amz-Request-Id", "application/xml"
		body = toXML(s3Error{Code: e.code, Message: e.message, Resource: q.http.URL.Path, RequestID: e.id})
	case ec2Query:
		body = toXML(ec2Error{Code: e.code, Message: e.message, RequestID: e.id})
	default:
		body = toXML(queryError{Type: e.side(), Code: e.code, Message: e.message, RequestID: e.id})
	}
	header.Set(idHeader, e.id)
	header.Set("Content-Type", contentType)
	w.WriteHeader(e.status)
	// A client that has gone needs no answer.
	_, _ = w.Write(body)
}

// json adds the message to a body. Service models spell the member of some exceptions with a capital, and there are
// clients that take them at it.
func (e refusal) json(members map[string]string) []byte {
	members["message"], members["Message"] = e.message, e.message
	// Texts always have a form in JSON.
	body, _ := json.Marshal(members)
	return body
}

func toXML(document any) []byte {
	// Structures of texts always have a form in XML.
	body, _ := xml.Marshal(document)
	return append([]byte(xml.Header), body...)
}

// side is whose fault the error is.
func (e refusal) side() string {
	if e.status >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}

type s3Error struct {
	XMLName   xml.Name `xml:"Error"`
	Code      string   `xml:"Code"`
	Message   string   `xml:"Message"`
	Resource  string   `xml:"Resource"`
	RequestID string   `xml:"RequestId"`
}

type ec2Error struct {
	XMLName   xml.Name `xml:"Response"`
	Code      string   `xml:"Errors>Error>Code"`
	Message   string   `xml:"Errors>Error>Message"`
	RequestID string   `xml:"RequestID"`
}

type queryError struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}
