package admission

import (
	"net/http"
	"time"
)

// Remaining is how long the next piece of a body may take.
var Remaining = remaining

// WrapFor is Wrap for bodies that may take less.
func WrapFor(next http.Handler, options Options, patience time.Duration) http.Handler {
	g := newGate(next, options)
	g.patience = patience
	return g
}
