// Package world is the folder of what the services share: the clock, failures on demand, and the state on the disk.
package world
