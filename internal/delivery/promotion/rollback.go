package promotion

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"sagehost/internal/live/deployed"
	"sagehost/internal/live/objecthash"
	"sagehost/internal/release"
)

// Rollback says which stack is to go back to the release before.
type Rollback struct {
	Change
	// Objects is where the release's archives are, if they are to be looked at; nil otherwise.
	Objects objecthash.Reader
}

// Run makes the stack name the release that it named before the current one was promoted, and holds the current one
// back. No gate is asked: that release was in service.
func (b *Rollback) Run(ctx context.Context) (*Result, error) {
	return b.locked(func() (*Result, error) { return b.run(ctx) })
}

func (b *Rollback) run(ctx context.Context) (*Result, error) {
	s, err := load(b.Dir, b.Stack)
	if err != nil {
		return nil, err
	}
	m, err := s.model(b.Model)
	if err != nil {
		return nil, err
	}
	if m.Release == "" {
		return nil, fmt.Errorf("%s names no release of it to go back from", s.file)
	}
	entries, err := Record(b.Dir, b.Model, b.Stack)
	if err != nil {
		return nil, err
	}
	id, err := back(entries, m.Release)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.file, err)
	}
	r, err := release.Load(filepath.Join(b.Dir, "releases"), b.Model, id)
	if err != nil {
		return nil, err
	}
	if err := b.checkClean(ctx); err != nil {
		return nil, err
	}
	unknown, err := b.checkArchives(ctx, r)
	if err != nil {
		return nil, err
	}
	result, err := b.apply(ctx, s, &Entry{Release: id, Previous: m.Release, Hold: m.Release})
	if err != nil || unknown == nil {
		return result, err
	}
	result.Unknown = fmt.Sprintf("Whether the archives of release %s are still there is not known: %s", release.Short(id),
		line(unknown.Error()))
	result.Body += "\n**" + plain(result.Unknown) + "**\n"
	return result, nil
}

// checkArchives refuses a release whose archives are gone. Where that cannot be told, unknown says why: the way back
// must not be barred by a cloud that does not answer.
func (b *Rollback) checkArchives(ctx context.Context, r *release.Release) (unknown, err error) {
	if b.Objects == nil {
		return nil, nil
	}
	gone, unknown := deployed.CheckArtifacts(ctx, b.Objects, r)
	if unknown != nil && ctx.Err() != nil {
		return nil, unknown
	}
	if len(gone) > 0 {
		return nil, fmt.Errorf("release %s cannot be deployed any more: %s", release.Short(r.ID), strings.Join(gone, "; "))
	}
	return unknown, nil
}
