package evidence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"

	"sagehost/internal/release"
)

// Merge adds to the manifests in a folder, such as "releases", the evidence that those of the same releases in another
// folder have beyond theirs, in its order there, and returns the paths of those that got some. A release that only the
// other folder has is left out: evidence is all that is taken from there.
func Merge(ctx context.Context, dir, other string) ([]string, error) {
	models, err := os.ReadDir(other)
	if err != nil {
		return nil, fmt.Errorf("evidence from %s: %w", other, err)
	}
	var changed []string
	for _, model := range models {
		if !model.IsDir() {
			continue
		}
		releases, err := release.List(other, model.Name())
		if err != nil {
			return changed, err
		}
		for _, r := range releases {
			added, err := mergeOne(ctx, dir, model.Name(), r)
			if err != nil {
				return changed, err
			}
			if added {
				changed = append(changed, release.Path(dir, model.Name(), r.ID))
			}
		}
	}
	return changed, nil
}

// mergeOne adds what a manifest lacks of another copy's evidence, and reports whether that is any.
func mergeOne(ctx context.Context, dir, model string, other *release.Release) (bool, error) {
	if _, err := os.Stat(release.Path(dir, model, other.ID)); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	here, err := release.Load(dir, model, other.ID)
	if err != nil {
		return false, err
	}
	added := false
	for i := range other.Evidence {
		e := other.Evidence[i]
		same := func(known release.Evidence) bool { return reflect.DeepEqual(known, e) }
		if slices.ContainsFunc(here.Evidence, same) {
			continue
		}
		if err := Append(ctx, dir, model, e); err != nil {
			return added, err
		}
		added = true
	}
	return added, nil
}
