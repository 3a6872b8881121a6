package protocol

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
)

// ownHeader marks what the services of the local AWS ask of each other: a reset lets it pass while it holds up
// everything else, because what it waits for may depend on it.
const ownHeader = "X-Local-Aws-Caller"

// ownKey is known to this process and to the emulator alone.
var ownKey = rand.Text()

// MarkOwn marks a request as one of the local AWS itself.
func MarkOwn(header http.Header) { header.Set(ownHeader, ownKey) }

// IsOwn reports whether a request was marked so.
func IsOwn(r *http.Request) bool {
	return subtle.ConstantTimeCompare([]byte(r.Header.Get(ownHeader)), []byte(ownKey)) == 1
}
