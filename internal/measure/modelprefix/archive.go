package modelprefix

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxSize is the most bytes that Amazon S3 takes in one PutObject: 5 GiB. Objects that are uploaded in parts have no
// checksum by SHA-256 of all their content.
const maxSize = 5 << 30

// readArchive reads a file to its end and back: its size in bytes and the SHA-256 of its content. It refuses what
// SageMaker could not unpack, and, before it reads anything, what Amazon S3 would not take.
func readArchive(file *os.File) (int64, []byte, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, nil, err
	}
	if info.Size() > maxSize {
		return 0, nil, fmt.Errorf("%s has %d bytes; at most %d can be uploaded with a SHA-256 for Amazon S3 to check",
			file.Name(), info.Size(), maxSize)
	}
	hash := sha256.New()
	content := bufio.NewReader(io.TeeReader(file, hash))
	if err := checkArchive(content); err != nil {
		return 0, nil, fmt.Errorf("%s %w", file.Name(), err)
	}
	// What follows the archive's end is part of the object.
	if _, err := io.Copy(io.Discard, content); err != nil {
		return 0, nil, err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, nil, err
	}
	_, err = file.Seek(0, io.SeekStart)
	return size, hash.Sum(nil), err
}

func checkArchive(content io.Reader) error {
	unpacked, err := gzip.NewReader(content)
	if err != nil {
		return fmt.Errorf("is not a .tar.gz archive: %w", err)
	}
	archive := tar.NewReader(unpacked)
	for files := 0; ; files++ {
		_, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF) && files == 0:
			return errors.New("holds no files")
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("is not a .tar.gz archive: %w", err)
		}
	}
}
