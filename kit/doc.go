// Package kit is the ground floor: problems with paths, what AWS accepts, references, schedules, secrets and files.
// Programs outside of this project may import its packages, which know nothing but each other.
package kit
