package promotion

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"

	"sagehost/internal/delivery/gitrepo"
	"sagehost/internal/release"
)

var (
	manifestPath = regexp.MustCompile(`^releases/[^/]+/([0-9a-f]{12})\.yaml$`)
	recordedPath = regexp.MustCompile(`^releases/[^/]+/promotions/[^/]+\.yaml$`)
)

// Against holds the releases in a checkout against those of a commit, such as that which a pull request is merged into:
// manifests are what they were, and evidence and records were only added to. The error has all problems, a line each.
// A manifest that no record names may be gone. A file that could not be read in the commit is not compared.
func Against(ctx context.Context, dir, commit string) error {
	repo := gitrepo.Repo{Dir: dir}
	paths, err := repo.Files(ctx, commit, "releases")
	if err != nil {
		return err
	}
	var problems []error
	// What was promoted once is what a rollback may lead to.
	needed := map[string]string{}
	problem := func(path string, err error) {
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w, compared with %s", path, err, commit))
		}
	}
	texts := map[string][]byte{}
	for _, path := range paths {
		if texts[path], err = repo.Content(ctx, commit, path); err != nil {
			return err
		}
		if !recordedPath.MatchString(path) {
			continue
		}
		before, err := parseRecord(texts[path])
		if err != nil {
			continue
		}
		for i := range before {
			model := filepath.Join(dir, filepath.Dir(filepath.Dir(path)))
			needed[filepath.Join(model, release.Short(before[i].Release)+".yaml")] = path
		}
		problem(path, onlyAdded(filepath.Join(dir, path), before))
	}
	for _, path := range paths {
		if manifestPath.MatchString(path) {
			here := filepath.Join(dir, path)
			problem(path, onlyMeasured(here, texts[path], needed[here]))
		}
	}
	return errors.Join(problems...)
}

// onlyAdded refuses a record in which entries from before were edited or removed.
func onlyAdded(path string, before []Entry) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("the record was removed")
	}
	if err != nil {
		return err
	}
	after, err := parseRecord(text)
	if err != nil {
		return err
	}
	if i := firstChange(before, after); i >= 0 {
		return fmt.Errorf("[%d] was edited or removed; entries are only ever added at the end", i)
	}
	return nil
}

// onlyMeasured refuses a manifest in which anything but the end of the evidence differs. Needed is the record that
// names it, if one does.
func onlyMeasured(path string, text []byte, needed string) error {
	before, err := release.Parse(text)
	if err != nil {
		return nil //nolint:nilerr // what could not be read cannot have counted, and may be put right
	}
	text, err = os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && needed == "":
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the manifest was removed, and %s names it", needed)
	case err != nil:
		return err
	}
	after, err := release.Parse(text)
	if err != nil {
		return err
	}
	if i := firstChange(before.Evidence, after.Evidence); i >= 0 {
		return fmt.Errorf("evidence[%d] was edited or removed; evidence is only ever added at the end", i)
	}
	before.Evidence, after.Evidence = nil, nil
	if !reflect.DeepEqual(before, after) {
		return errors.New("the manifest was edited; it is written once")
	}
	return nil
}

// firstChange is the index of the first element that is not in the same place of another list; -1 where all are.
func firstChange[T any](before, after []T) int {
	for i := range before {
		if i >= len(after) || !reflect.DeepEqual(before[i], after[i]) {
			return i
		}
	}
	return -1
}
