// Package promotion takes releases from one stack to the next, and back. What changes is one id in one file, and a
// record of who changed it, when, and on which evidence; deploying it is another step.
package promotion

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sagehost/internal/delivery/gitrepo"
	"sagehost/internal/delivery/stackedit"
	"sagehost/internal/live/commandline"
	"sagehost/internal/release"
	"sagehost/kit/files"
)

// Change says in which checkout something is to change, and for whom.
type Change struct {
	// Dir is the folder of Pulumi.yaml.
	Dir string
	// Model is the model's name, and Stack the stack whose release of it changes.
	Model, Stack string
	// By is who changes it. It is recorded.
	By string
	// Now is the time. It is recorded.
	Now time.Time
	// Commands renders the commands that messages tell the user to run.
	Commands commandline.Context
	// Branch leaves the change in a branch of its own, and the files of the checkout as they are.
	Branch bool
}

// Result is what has changed.
type Result struct {
	// Entry is what was recorded.
	Entry Entry
	// Unchanged says that the stack names the release already, and that nothing was written.
	Unchanged bool
	// Diff is the change of the stack's file, as a unified diff.
	Diff string
	// Replaced are the keys of an inline description that gave way to the release.
	Replaced []string
	// Files are the files that changed, relative to the folder of Pulumi.yaml.
	Files []string
	// BranchName and Commit are the branch that holds the change; empty where the files of the checkout do.
	BranchName, Commit string
	// Unknown is what could not be told and is worth a look before the change is deployed; empty where there is nothing.
	Unknown string
	// Body is the text of a pull request, in Markdown.
	Body string
}

// locked does something while no other change is under way in the checkout.
func (c *Change) locked(do func() (*Result, error)) (*Result, error) {
	result, err := func() (*Result, error) {
		dir := filepath.Join(c.Dir, ".sagehost")
		if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // a folder of the checkout
			return nil, err
		}
		unlock, err := files.TryLock(filepath.Join(dir, "promotion.lock"))
		if errors.Is(err, files.ErrLocked) {
			return nil, errors.New("another promotion or rollback is under way in this checkout; try again when it has ended")
		}
		if err != nil {
			return nil, err
		}
		defer unlock()
		return do()
	}()
	if err != nil {
		return nil, fmt.Errorf("model %s, stack %s: %w", c.Model, c.Stack, err)
	}
	return result, nil
}

// checkClean refuses a checkout with changes where the change is to be a branch: what was judged, manifests and
// evidence, must be in it.
func (c *Change) checkClean(ctx context.Context) error {
	if !c.Branch {
		return nil
	}
	files, err := gitrepo.Repo{Dir: c.Dir}.Changes(ctx, ".sagehost/**")
	if err != nil {
		return err
	}
	if len(files) > 0 {
		return fmt.Errorf("a branch needs a checkout without changes, and these are not committed: %s",
			strings.Join(files, ", "))
	}
	return nil
}

// apply makes the stack name a release, and adds to its record.
func (c *Change) apply(ctx context.Context, s *stack, entry *Entry) (*Result, error) {
	edit, err := stackedit.SetRelease(s.text, c.Model, entry.Release)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.file, err)
	}
	if err := s.with(c.Dir, edit.After); err != nil {
		return nil, fmt.Errorf("with release %s: %w", release.Short(entry.Release), err)
	}
	entries, text, err := readRecord(c.Dir, c.Model, c.Stack)
	if err != nil {
		return nil, err
	}
	entry.At, entry.By, entry.Override = c.Now.UTC().Truncate(time.Second), line(c.By), line(entry.Override)
	record, err := appended(text, entries, entry)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", recordPath(c.Model, c.Stack), err)
	}
	result := &Result{
		Entry: *entry, Replaced: edit.Replaced, Files: []string{s.file, filepath.ToSlash(recordPath(c.Model, c.Stack))},
	}
	if result.Diff, err = edit.Diff(s.file); err != nil {
		return nil, err
	}
	result.Body = body(c, result)
	if c.Branch {
		return result, c.branch(ctx, result, map[string][]byte{s.file: edit.After, recordPath(c.Model, c.Stack): record})
	}
	path := filepath.Join(c.Dir, s.file)
	if err := edit.Write(path); err != nil {
		return nil, err
	}
	if err := files.WriteAtomically(filepath.Join(c.Dir, recordPath(c.Model, c.Stack)), record); err != nil {
		// A release that nobody recorded must not stay.
		return nil, errors.Join(err, files.WriteAtomically(path, edit.Before))
	}
	return result, nil
}

func (c *Change) branch(ctx context.Context, result *Result, files map[string][]byte) (err error) {
	result.BranchName = fmt.Sprintf("%s/%s-%s-%s",
		verb(&result.Entry), c.Model, release.Short(result.Entry.Release), c.Stack)
	result.Commit, err = gitrepo.Repo{Dir: c.Dir}.Branch(ctx, result.BranchName, title(c, &result.Entry)+"\n", files)
	return err
}
