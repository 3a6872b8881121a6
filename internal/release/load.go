package release

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"

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
