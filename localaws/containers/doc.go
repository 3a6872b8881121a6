// Package containers is the folder of containers as processes: how they are started, what they may see and what they
// use.
package containers
