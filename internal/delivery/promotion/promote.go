package promotion

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"sagehost/internal/delivery/remeasure"
	"sagehost/internal/live/deployed"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
	"sagehost/stacks/settings"
)

// Promote says what is to be promoted.
type Promote struct {
	Change
	// From is the stack that the release comes from. Default: the one that the settings of the stack name.
	From string
	// Cloud finds where the stack is that the release comes from. Required.
	Cloud func(ctx context.Context, stack string) (*deployed.Cloud, error)
	// AWS says that the stacks are on AWS: what was measured on the local AWS does not count.
	AWS bool
	// Override is why gates that do not pass do not matter. It is recorded. Default: unset, they do.
	Override string
	// ReleaseHold lets a release go in that a rollback took out.
	ReleaseHold bool
	// First lets a release take the place of an inline description, to which no rollback leads back.
	First bool
}

// Refused says that gates have not passed.
type Refused struct {
	// Release is the id of the release.
	Release string
	// Verdicts are what all gates said.
	Verdicts []Verdict
}

// Result is fail, or inconclusive where nothing failed but something could not be told.
func (r *Refused) Result() release.Result { return together(r.Verdicts) }

// Error lists the gates, a line each.
func (r *Refused) Error() string {
	lines := []string{fmt.Sprintf("release %s has not passed its gates", release.Short(r.Release))}
	for _, v := range r.Verdicts {
		lines = append(lines, fmt.Sprintf("  %s: %s: %s", v.Gate, v.Result, v.Detail))
		if v.Decide != "" {
			lines = append(lines, "    to decide it: "+v.Decide)
		}
	}
	return strings.Join(lines, "\n")
}

func together(verdicts []Verdict) release.Result {
	results := make([]release.Result, len(verdicts))
	for i := range verdicts {
		results[i] = verdicts[i].Result
	}
	return release.Worse(results...)
}

// Run promotes the release that one stack serves to another. Where gates do not pass the error is a *Refused, and
// nothing has changed.
func (p *Promote) Run(ctx context.Context) (*Result, error) {
	return p.locked(func() (*Result, error) { return p.run(ctx) })
}

func (p *Promote) run(ctx context.Context) (*Result, error) {
	to, err := load(p.Dir, p.Stack)
	if err != nil {
		return nil, err
	}
	demanded, err := p.demands(to)
	if err != nil {
		return nil, err
	}
	from, err := load(p.Dir, p.From)
	if err != nil {
		return nil, err
	}
	r, production, err := p.releases(from, to)
	if err != nil {
		return nil, err
	}
	if production != nil && production.ID == r.ID {
		return &Result{Entry: Entry{Release: r.ID}, Unchanged: true}, nil
	}
	entry := &Entry{Release: r.ID, From: p.From}
	if production != nil {
		entry.Previous = production.ID
	}
	if err := p.checkHold(entry); err != nil {
		return nil, err
	}
	if err := p.checkClean(ctx); err != nil {
		return nil, err
	}
	converged, err := p.converged(ctx, from, r)
	if err != nil {
		return nil, err
	}
	j := p.judge(from, r, production, demanded.MaxAge())
	if converged.Result == release.Inconclusive {
		converged.Decide = j.again.Converged()
	}
	demands := demanded.Gates[p.Model]
	entry.Gates = append([]Verdict{converged}, j.verdicts(&demands)...)
	switch together(entry.Gates) {
	case release.Pass:
	case release.Measured: // where there is no release to compare with yet
	default:
		if strings.TrimSpace(p.Override) == "" {
			return nil, &Refused{Release: r.ID, Verdicts: entry.Gates}
		}
		entry.Override = p.Override
		for i := range entry.Gates {
			entry.Gates[i].Decide = "" // a record tells what was, not what to do
		}
	}
	return p.apply(ctx, to, entry)
}

func (p *Promote) judge(from *stack, r, production *release.Release, maxAge time.Duration) judge {
	return judge{
		release: r, production: production, from: p.From, to: p.Stack, aws: p.AWS, now: p.Now, maxAge: maxAge,
		again: remeasure.Gate{
			Commands: p.Commands, Model: p.Model, From: p.From, Settings: from.settings, To: p.Stack,
		},
	}
}

// converged asks whether the stack of origin serves the release.
func (p *Promote) converged(ctx context.Context, from *stack, r *release.Release) (Verdict, error) {
	cloud, err := p.Cloud(ctx, p.From)
	if err != nil {
		return Verdict{}, err
	}
	found, err := cloud.Converged(ctx, p.From, deployed.Places(from.settings, p.From, p.Model), r, p.Now)
	return Verdict{
		Gate: gates.GateConverged, Result: found.Result, At: found.At.Truncate(time.Second), Detail: found.Detail,
	}, err
}

// demands are what the stack demands, and which stack releases come from.
func (p *Promote) demands(to *stack) (*settings.Promotion, error) {
	demanded := to.settings.Promotion
	switch {
	case demanded == nil && p.From == "":
		return nil, fmt.Errorf("%s does not say which stack releases come from: set sagehost:promotion.from", to.file)
	case demanded == nil:
		demanded = &settings.Promotion{From: p.From}
	case p.From == "":
		p.From = demanded.From
	case p.From != demanded.From:
		return nil, fmt.Errorf("%s takes releases from stack %s, not from %s", to.file, demanded.From, p.From)
	}
	if p.From == p.Stack {
		return nil, errors.New("a release cannot be promoted to the stack that it comes from")
	}
	return demanded, nil
}

// releases are the one that is promoted, and the one that the stack names now; nil where it names none.
func (p *Promote) releases(from, to *stack) (promoted, production *release.Release, err error) {
	source, err := from.model(p.Model)
	if err != nil {
		return nil, nil, err
	}
	target, err := to.model(p.Model)
	if err != nil {
		return nil, nil, err
	}
	if source.Release == "" {
		return nil, nil, fmt.Errorf("%s describes the model inline; make a release of it (`%s`), name that there, "+
			"deploy and measure it", from.file, p.Commands.On(p.From).OnStack("release", "create", p.Model))
	}
	dir := filepath.Join(p.Dir, "releases")
	if promoted, err = release.Load(dir, p.Model, source.Release); err != nil {
		return nil, nil, err
	}
	if target.Release != "" {
		production, err = release.Load(dir, p.Model, target.Release)
		return promoted, production, err
	}
	if !p.First {
		return nil, nil, fmt.Errorf("%s describes the model inline, and no rollback would lead back to that: make a release "+
			"of it first (`%s`) and name that there; or give --first",
			to.file, p.Commands.On(p.Stack).OnStack("release", "create", p.Model))
	}
	return promoted, nil, nil
}

// checkHold refuses a release that a rollback took out, unless the hold is to end.
func (p *Promote) checkHold(entry *Entry) error {
	entries, err := Record(p.Dir, p.Model, p.Stack)
	if err != nil {
		return err
	}
	hold := held(entries, entry.Release)
	switch {
	case hold == nil:
		return nil
	case p.ReleaseHold:
		entry.HoldReleased = entry.Release
		return nil
	default:
		return fmt.Errorf("release %s is held: %s rolled it back at %s; --release-hold promotes it all the same",
			release.Short(entry.Release), hold.By, stamp(hold.At))
	}
}
