package serving

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"sagehost/kit/s3uri"
	"sagehost/localaws/containers/serving/archive"
	"sagehost/localaws/services/objects"
)

// errCorrupt says that the model data has arrived, but is not what it should be.
var errCorrupt = errors.New("not a valid tar.gz archive")

// errNoObject says that there is nothing at the URI.
var errNoObject = errors.New("no object")

// fetcher brings model data to a folder.
type fetcher struct {
	objects *objects.Store
	region  string
	// space is the disk that it goes to.
	space *archive.Space
}

// source remembers why the reading of an object failed, which its reader may report as something else.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	count, err := s.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return count, err
}

// archive unpacks a .tar.gz object into a folder, which it makes, and tells how much of the space it has taken. The
// error is errCorrupt, or S3's, or archive.ErrNoSpace, or the context's.
func (f fetcher) archive(ctx context.Context, uri, dir string) (taken int64, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, err
	}
	object, err := f.objects.Get(ctx, f.region, uri)
	if err != nil {
		return 0, err
	}
	defer object.Body.Close()
	from := &source{Reader: object.Body}
	taken, err = archive.Unpack(from, dir, archive.Within(f.space))
	switch {
	case from.err != nil:
		return taken, fmt.Errorf("%s: %w", uri, from.err)
	case errors.Is(err, archive.ErrNoSpace):
		return taken, fmt.Errorf("%s: %w", uri, err)
	case err != nil:
		return taken, fmt.Errorf("%s: %w: %w", uri, errCorrupt, err)
	}
	return taken, nil
}

// files copies the objects below a prefix, or the one object of that name, into a folder, which it makes.
func (f fetcher) files(ctx context.Context, prefix, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	// It was only written to by name: nothing is lost when it cannot be closed.
	defer func() { _ = root.Close() }()
	prefix = s3uri.Normalize(prefix)
	count := 0
	for entry, err := range f.objects.List(ctx, f.region, prefix) {
		if err != nil {
			return err
		}
		name, below := nameBelow(prefix, entry.URI)
		if !below {
			continue
		}
		if err := f.file(ctx, root, entry.URI, name); err != nil {
			return err
		}
		count++
	}
	if count == 0 {
		return fmt.Errorf("%s: %w", prefix, errNoObject)
	}
	return nil
}

// nameBelow is the name of the file for an object in a listing of a prefix. Markers of folders have none, nor have
// neighbours: "models/a-2" is not below "models/a".
func nameBelow(prefix, uri string) (name string, below bool) {
	if uri == prefix && !strings.HasSuffix(uri, "/") {
		return path.Base(uri), true
	}
	name, below = strings.CutPrefix(uri, strings.TrimSuffix(prefix, "/")+"/")
	return name, below && name != "" && !strings.HasSuffix(name, "/")
}

// file copies one object. A key that is no name of a file below the folder is an error.
func (f fetcher) file(ctx context.Context, root *os.Root, uri, name string) error {
	object, err := f.objects.Get(ctx, f.region, uri)
	if err != nil {
		return err
	}
	defer object.Body.Close()
	if err := root.MkdirAll(filepath.Dir(filepath.FromSlash(name)), 0o700); err != nil {
		return fmt.Errorf("%s: %w", uri, err)
	}
	file, err := root.Create(filepath.FromSlash(name))
	if err != nil {
		return fmt.Errorf("%s: %w", uri, err)
	}
	_, err = f.space.Copy(file, object.Body)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("%s: %w", uri, err)
	}
	return nil
}

// missing says that an error is S3's for an object that is not there.
func missing(err error) bool {
	code := objects.Code(err)
	return errors.Is(err, errNoObject) || code == "NoSuchKey" || code == "NoSuchBucket" || code == "NotFound"
}
