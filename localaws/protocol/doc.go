// Package protocol is how AWS's clients speak to the local AWS and its services to each other: ARNs, pages, the scope
// of a signed request. The packages below it know the wire formats, the shapes of requests, and who may ask.
package protocol
