// Package artifacts writes what training makes, the way SageMaker wants it.
package artifacts

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"time"
)

// Pack makes a .tar.gz of one file. The same content always gives the same bytes: nothing in it depends on the clock,
// the machine or the user.
func Pack(name string, content []byte) ([]byte, error) {
	var packed bytes.Buffer
	// Without compression the bytes do not depend on the version of the compressor either.
	zip, err := gzip.NewWriterLevel(&packed, gzip.NoCompression)
	if err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	files := tar.NewWriter(zip)
	header := &tar.Header{
		Name: name, Mode: 0o644, Size: int64(len(content)), ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR,
	}
	if err := files.WriteHeader(header); err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	if _, err := files.Write(content); err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	if err := files.Close(); err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	if err := zip.Close(); err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	return packed.Bytes(), nil
}
