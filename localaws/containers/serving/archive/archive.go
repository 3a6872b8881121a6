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
	// Space is the disk for the unpacked files.
	Space *Space
	// Entries is how many files, folders and links there may be.
	Entries int
}

// maxEntries is far above any model that a workstation can serve.
const maxEntries = 200_000

// Within are the limits of an archive that goes to a disk.
func Within(space *Space) Limits { return Limits{Space: space, Entries: maxEntries} }

// unpacking is an archive on its way to a folder.
type unpacking struct {
	// root is the folder. It refuses names that lead out of it.
	root  *os.Root
	space *Space
	// taken is how much of the space the files so far have taken.
	taken int64
	// links are the symbolic links so far. Nothing is unpacked through one, so that a name says where its entry is.
	links map[string]bool
}

// Unpack writes the files of a gzip-compressed tar archive into a folder, which must exist. Devices, pipes, and names
// and links that lead out of the folder are errors, as is an archive that is cut short. It tells how much of the space
// it has taken, also when it fails.
func Unpack(archive io.Reader, dir string, limits Limits) (taken int64, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0, fmt.Errorf("unpack: %w", err)
	}
	// It was only read and written by name: nothing is lost when it cannot be closed.
	defer func() { _ = root.Close() }()
	plain, err := gzip.NewReader(archive)
	if err != nil {
		return 0, fmt.Errorf("unpack: %w", err)
	}
	u := &unpacking{root: root, space: limits.Space, links: map[string]bool{}}
	err = u.all(plain, limits.Entries)
	return u.taken, err
}

// all unpacks the entries of a tar archive.
func (u *unpacking) all(plain io.Reader, most int) error {
	entries := tar.NewReader(plain)
	for count := 0; ; count++ {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		if count == most {
			return fmt.Errorf("unpack: there are more than %d entries", most)
		}
		if err := u.entry(header, entries); err != nil {
			return fmt.Errorf("unpack %q: %w", header.Name, err)
		}
	}
	// What follows the last entry is read too, because the checksum is at the end. It must not go on for ever either.
	rest, err := u.space.Copy(io.Discard, plain)
	u.space.Give(rest)
	if err != nil {
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
	case tar.TypeReg, tar.TypeGNUSparse:
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
	taken, err := u.space.Copy(file, content)
	u.taken += taken
	return errors.Join(err, file.Close())
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

// folderMode is the permissions of a folder. We can always enter, fill and remove it.
func folderMode(header *tar.Header) fs.FileMode { return header.FileInfo().Mode().Perm() | 0o700 }

// fileMode is the permissions of a file, without the bits that lend somebody's rights. We can always read it.
func fileMode(header *tar.Header) fs.FileMode { return header.FileInfo().Mode().Perm() | 0o400 }
