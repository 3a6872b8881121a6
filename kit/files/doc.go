// Package files is about files that several commands read and write: their hashes, locks, and writing them as a whole.
package files
