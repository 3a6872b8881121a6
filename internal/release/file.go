package release

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"gopkg.in/yaml.v3"

	"sagehost/internal/check"
)

// Load reads a release of a model. The id is given in full: the name of the file has only part of it. Load reports
// everything that is wrong with the manifest, and refuses one that was edited after it was written, naming what was.
func Load(dir, model, id string) (*Release, error) {
	if err := checkName(model, id); err != nil {
		return nil, err
	}
	path := Path(dir, model, id)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("release %s of model %q: there is no %s", id, model, path)
	}
	if err != nil {
		return nil, fmt.Errorf("release %s of model %q: %w", id, model, err)
	}
	r, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if r.ID != id {
		return nil, fmt.Errorf("%s: holds the release %s and not %s", path, r.ID, id)
	}
	return r, nil
}

// parse reads a manifest that is sound in itself.
func parse(text []byte) (*Release, error) {
	form := check.New("")
	r := decode(form, text)
	content := check.New("")
	r.check(content)
	if err := r.unedited(content); err != nil {
		return nil, err
	}
	unread := form.Problems()
	if problems := check.Join(unread, content.Problems().Outside(unread)); len(problems) > 0 {
		return nil, problems
	}
	return r, nil
}

// unedited reports every value that is not the one that was written.
func (r *Release) unedited(at check.At) error {
	have, err := r.digests()
	if err != nil {
		return err
	}
	edited := false
	for _, path := range slices.Sorted(maps.Keys(merged(have, r.Digests))) {
		now, there := have[path]
		then, was := r.Digests[path]
		problem := ""
		switch {
		case !was:
			problem = "was added after the release was written"
		case !there:
			problem = "was removed after the release was written"
		case now != then:
			problem = "was edited after the release was written"
		default:
			continue
		}
		edited = true
		// The path is one of this package's own, so that a new examination can begin with it.
		at.Join(path, problem)
	}
	id, err := r.Subject.id()
	if err == nil && !edited && id != r.ID {
		at.Key("id").Addf("%q is not the hash of the subject, which is %q", r.ID, id)
	}
	return err
}

func merged(a, b map[string]string) map[string]string {
	both := maps.Clone(a)
	maps.Copy(both, b)
	return both
}
