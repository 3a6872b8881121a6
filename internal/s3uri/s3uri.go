// Package s3uri takes s3:// URIs apart.
package s3uri

import "strings"

// Split is the bucket and the key, or prefix, of "s3://bucket/key"; the key may be empty. Ok is false for a text that
// does not begin with s3:// or has no bucket: then both are what it would hold if it did.
func Split(uri string) (bucket, key string, ok bool) {
	rest, found := strings.CutPrefix(uri, "s3://")
	bucket, key, _ = strings.Cut(rest, "/")
	return bucket, key, found && bucket != ""
}
