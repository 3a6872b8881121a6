package release

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sagehost/kit/check"
	"sagehost/kit/check/strictyaml"
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
	r, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if r.ID != id {
		return nil, fmt.Errorf("%s: holds the release %s and not %s", path, r.ID, id)
	}
	return r, nil
}

// Find reads the release of a model whose id begins with these digits: at least the 12 that name its file, at most all.
func Find(dir, model, digits string) (*Release, error) {
	at := check.New("")
	checkForm(at.Key("model"), model, modelName, "%q is not a model's name of letters, digits and hyphens")
	checkForm(at.Key("release"), digits, beginning, "%q is not a release's id: 12 to 64 lower-case hexadecimal digits")
	if err := at.Err(); err != nil {
		return nil, err
	}
	path := Path(dir, model, digits)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("release %s of model %q: %w", digits, model, err)
	}
	r, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if !strings.HasPrefix(r.ID, digits) {
		return nil, fmt.Errorf("%s: holds the release %s and not %s", path, r.ID, digits)
	}
	return r, nil
}

// manifest matches the names of manifests.
var manifest = regexp.MustCompile(`^([0-9a-f]{12})\.yaml$`)

// List reads all releases of a model, in the order of their ids. A model without any has none. Those that can be read
// are there also with an error, which names the others, a line each.
func List(dir, model string) ([]*Release, error) {
	entries, err := os.ReadDir(filepath.Join(dir, model))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("releases of model %q: %w", model, err)
	}
	var list []*Release
	var unread []error
	for _, entry := range entries {
		if m := manifest.FindStringSubmatch(entry.Name()); m != nil {
			r, err := Find(dir, model, m[1])
			if err != nil {
				unread = append(unread, err)
				continue
			}
			list = append(list, r)
		}
	}
	return list, errors.Join(unread...)
}

// Short is the beginning of an id that names its file, for people to read.
func Short(id string) string { return id[:min(len(id), shortID)] }

// Parse reads the text of a manifest that is sound in itself: everything that is wrong with it is one error.
func Parse(text []byte) (*Release, error) {
	form := check.New("")
	r := &Release{}
	strictyaml.Decode(form, text, r)
	content := check.New("")
	r.check(content)
	edits, err := r.edits()
	if err != nil {
		return nil, err
	}
	unread := form.Problems()
	others := check.Join(content.Problems(), edits).Outside(unread)
	if problems := check.Join(unread, others); len(problems) > 0 {
		return nil, problems
	}
	return r, nil
}

// edits lists every value that is not the one that was written. Where digests were edited to match, only the id shows
// that the subject is another.
func (r *Release) edits() (check.Problems, error) {
	now, err := r.digests()
	if err != nil {
		return nil, err
	}
	id, err := r.Subject.id()
	if err != nil {
		return nil, err
	}
	var edits check.Problems
	for _, path := range slices.Sorted(maps.Keys(merged(now, r.Digests))) {
		_, there := now[path]
		_, was := r.Digests[path]
		what := ""
		switch {
		case !was:
			what = "added"
		case !there:
			what = "removed"
		case now[path] != r.Digests[path]:
			what = "edited"
		default:
			continue
		}
		edits = append(edits, check.Problem{Path: path, Text: "was " + what + " after the release was written"})
	}
	if len(edits) == 0 && id != r.ID {
		text := fmt.Sprintf("%q is not the hash of the subject, which is %q", r.ID, id)
		edits = append(edits, check.Problem{Path: "id", Text: text})
	}
	return edits, nil
}

func merged(a, b map[string]string) map[string]string {
	both := maps.Clone(a)
	maps.Copy(both, b)
	return both
}

// checkName reports what cannot be the name of a manifest's file.
func checkName(model, id string) error {
	at := check.New("")
	checkForm(at.Key("model"), model, modelName, "%q is not a model's name of letters, digits and hyphens")
	checkForm(at.Key("release"), id, hash, notAHash)
	return at.Err()
}
