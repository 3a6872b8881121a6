// Package protocol is the folder of how AWS's clients speak: wire formats, shapes, paging, ARNs, and who may ask.
package protocol
