package protocol

import (
	"cmp"
	"net/http"
	"strings"
)

// DefaultRegion is assumed for requests that carry no signature.
const DefaultRegion = "us-east-1"

// Scope is what a Signature Version 4 credential says beside the key and the date.
type Scope struct {
	Region string
	// Service is the signing name, such as "sagemaker"; empty when the request is not signed.
	Service string
	// Presigned says that the signature is in the query string.
	Presigned bool
}

// QueriedRegion is the region that a request to the local AWS itself names in its query, as "region".
func QueriedRegion(r *http.Request) string { return cmp.Or(r.URL.Query().Get("region"), DefaultRegion) }

// ScopeOf reads the scope from the Authorization header or, for presigned requests, from the query string. Signatures
// are not verified: whoever reaches the loopback interface may use the local AWS.
func ScopeOf(r *http.Request) Scope {
	if credential, ok := headerCredential(r.Header.Get("Authorization")); ok {
		return parse(credential, false)
	}
	if credential := r.URL.Query().Get("X-Amz-Credential"); credential != "" {
		return parse(credential, true)
	}
	return Scope{Region: DefaultRegion}
}

// headerCredential is the value of Credential in "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…".
func headerCredential(header string) (string, bool) {
	_, rest, found := strings.Cut(header, "Credential=")
	if !found {
		return "", false
	}
	credential, _, _ := strings.Cut(rest, ",")
	return strings.TrimSpace(credential), true
}

// parse takes "<key>/<date>/<region>/<service>/aws4_request" apart, from the end: a key may hold slashes.
func parse(credential string, presigned bool) Scope {
	parts := strings.Split(credential, "/")
	if len(parts) < 5 || parts[len(parts)-3] == "" {
		return Scope{Region: DefaultRegion, Presigned: presigned}
	}
	return Scope{Region: parts[len(parts)-3], Service: parts[len(parts)-2], Presigned: presigned}
}
