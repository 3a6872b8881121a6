// Package archive unpacks the .tar.gz files that model data comes in.
package archive

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Limits keep an archive that grows without end from filling the disk. Exceeding one is an error.
type Limits struct {
	// Bytes is how much the unpacked files may take.
	Bytes int64
	// Entries is how many files, folders and links there may be.
	Entries int
}

// Sane is far above any model that a workstation can serve.
func Sane() Limits { return Limits{Bytes: 64 << 30, Entries: 200_000} }

// errTooLarge says that the archive has more bytes than the limit.
var errTooLarge = errors.New("the unpacked files are too large")

// unpacking is an archive on its way to a folder.
type unpacking struct {
	// root is the folder. It refuses names that lead out of it.
	root *os.Root
	// left is how many bytes may still be written.
	left int64
	// links are the symbolic links so far. Nothing is unpacked through one, so that a name says where its entry is.
	links map[string]bool
}

// Unpack writes the files of a gzip-compressed tar archive into a folder, which must exist. Devices, pipes, and names
// and links that lead out of the folder are errors, as is an archive that is cut short.
func Unpack(archive io.Reader, dir string, limits Limits) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	// It was only read and written by name: nothing is lost when it cannot be closed.
	defer func() { _ = root.Close() }()
	plain, err := gzip.NewReader(archive)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	u := &unpacking{root: root, left: limits.Bytes, links: map[string]bool{}}
	entries := tar.NewReader(plain)
	for count := 0; ; count++ {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		if count == limits.Entries {
			return fmt.Errorf("unpack: there are more than %d entries", limits.Entries)
		}
		if err := u.entry(header, entries); err != nil {
			return fmt.Errorf("unpack %q: %w", header.Name, err)
		}
	}
	// What follows the last entry is read too, because the checksum is at the end.
	if err := u.copy(io.Discard, plain); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	return nil
}

// entry unpacks one file, folder or link.
func (u *unpacking) entry(header *tar.Header, content io.Reader) error {
	name := path.Clean(header.Name)
	if header.Typeflag == tar.TypeXGlobalHeader {
		return nil
	}
	if err := u.place(name); err != nil {
		return err
	}
	switch header.Typeflag {
	case tar.TypeDir:
		return u.root.MkdirAll(name, folderMode(header))
	case tar.TypeReg:
		return u.file(name, fileMode(header), content)
	case tar.TypeSymlink:
		return u.symlink(name, header.Linkname)
	case tar.TypeLink:
		target := path.Clean(header.Linkname)
		if err := u.place(target); err != nil {
			return err
		}
		return errors.Join(u.clear(name), u.root.Link(target, name))
	default:
		return fmt.Errorf("entries of type %q are not supported", header.Typeflag)
	}
}

// place refuses names that lead out of the folder or through a link.
func (u *unpacking) place(name string) error {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return errors.New("the name leads out of the folder")
	}
	for parent := path.Dir(name); parent != "."; parent = path.Dir(parent) {
		if u.links[parent] {
			return fmt.Errorf("the name leads through the link %q", parent)
		}
	}
	return nil
}

// file writes a regular file. A later entry of the same name takes the place of an earlier one, as tar does it.
func (u *unpacking) file(name string, mode fs.FileMode, content io.Reader) error {
	if err := u.clear(name); err != nil {
		return err
	}
	file, err := u.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	return errors.Join(u.copy(file, content), file.Close())
}

// symlink makes a link whose target is written as its way down from the nearest common folder, so that the text shows
// where it leads.
func (u *unpacking) symlink(name, target string) error {
	if target == "" || path.IsAbs(target) {
		return fmt.Errorf("the link to %q is not relative", target)
	}
	if strings.TrimSuffix(strings.TrimPrefix(target, "./"), "/") != path.Clean(target) && target != "./" {
		return fmt.Errorf("the link to %q takes a detour", target)
	}
	if !filepath.IsLocal(filepath.FromSlash(path.Join(path.Dir(name), target))) {
		return fmt.Errorf("the link to %q leads out of the folder", target)
	}
	if err := u.clear(name); err != nil {
		return err
	}
	u.links[name] = true
	return u.root.Symlink(target, name)
}

// clear makes room for an entry, and makes the folders above it.
func (u *unpacking) clear(name string) error {
	if err := u.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	if err := u.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	delete(u.links, name)
	return nil
}

// copy copies up to what is left of the limit.
func (u *unpacking) copy(to io.Writer, from io.Reader) error {
	count, err := io.CopyN(to, from, u.left+1)
	u.left -= count
	if err == nil {
		return errTooLarge
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// folderMode is the permissions of a folder. We can always enter, fill and remove it.
func folderMode(header *tar.Header) fs.FileMode { return header.FileInfo().Mode().Perm() | 0o700 }

// fileMode is the permissions of a file, without the bits that lend somebody's rights. We can always read it.
func fileMode(header *tar.Header) fs.FileMode { return header.FileInfo().Mode().Perm() | 0o400 }
