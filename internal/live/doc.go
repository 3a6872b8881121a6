// Package live is the folder of what serves, on AWS or on the local AWS: how commands reach it, which release an
// endpoint has, and its clock. It knows stacks and releases, and nothing of what commands do.
package live
