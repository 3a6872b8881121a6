package promotion

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"sagehost/internal/delivery/stackedit"
	"sagehost/internal/release"
)

// Use makes a stack that demands nothing of releases name one: the first stack on a release's way. ID is the release's
// id, or the beginning of it. Nothing is recorded: nothing was promoted. A stack that takes releases from another one
// uses only the one that it serves already, and only where its record is empty, which begins with it.
func Use(ctx context.Context, c Change, id string) (*Result, error) {
	return c.locked(func() (*Result, error) {
		s, err := load(c.Dir, c.Stack)
		if err != nil {
			return nil, err
		}
		if s.settings.Promotion != nil {
			return c.adopt(ctx, s, id)
		}
		if _, err := s.model(c.Model); err != nil {
			return nil, err
		}
		r, err := release.Find(filepath.Join(c.Dir, "releases"), c.Model, id)
		if err != nil {
			return nil, err
		}
		edit, err := stackedit.SetRelease(s.text, c.Model, r.ID)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.file, err)
		}
		result := &Result{Entry: Entry{Release: r.ID, Previous: edit.Old}, Replaced: edit.Replaced, Files: []string{s.file}}
		if !edit.Changed() {
			result.Unchanged = true
			return result, nil
		}
		if err := s.with(c.Dir, edit.After); err != nil {
			return nil, fmt.Errorf("with release %s: %w", release.Short(r.ID), err)
		}
		result.Diff, err = edit.Diff(s.file)
		return result, errors.Join(err, edit.Write(filepath.Join(c.Dir, s.file)))
	})
}
