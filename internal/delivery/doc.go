// Package delivery is the folder of how a release gets from one stack to the next: making it, its evidence, promotion,
// and what workflows publish. It knows everything else of internal.
package delivery
