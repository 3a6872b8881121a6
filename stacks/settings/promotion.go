package settings

import (
	"maps"
	"slices"
	"time"

	"sagehost/internal/release/gates"
	"sagehost/kit/check"
)

// DefaultEvidenceMaxAge is how old evidence may be: a week, so that what is measured on a Friday counts on Monday.
const DefaultEvidenceMaxAge = 7 * 24 * time.Hour

// maxEvidenceMaxAge is ten years: nothing is asked of evidence that may be older.
const maxEvidenceMaxAge = 87600 * time.Hour

// Promotion is how releases get into the stack.
type Promotion struct {
	// From is the stack that a release must be in service in before it is promoted to this one. Required.
	From string `json:"from" required:"true"`

	// EvidenceMaxAge is how old evidence may be. Range: 1m to 87600h. Default: 168h.
	EvidenceMaxAge *time.Duration `json:"evidenceMaxAge"`

	// Gates are what is demanded of releases, by the names of the stack's models. Default: none, a release must only be
	// in service in the stack it comes from.
	Gates map[string]gates.Demands `json:"gates"`
}

// MaxAge is how old evidence may be.
func (p *Promotion) MaxAge() time.Duration {
	if p.EvidenceMaxAge == nil {
		return DefaultEvidenceMaxAge
	}
	return *p.EvidenceMaxAge
}

func (p *Promotion) check(at check.At, source Source, models references) {
	switch from := at.Key("from"); {
	case !from.Required(p.From):
	case p.From == source.Stack:
		from.Addf("%q is this stack itself", p.From)
	default:
		checkFile(from, source.Dir, "Pulumi."+p.From+".yaml")
	}
	if age := p.EvidenceMaxAge; age != nil && (*age < time.Minute || *age > maxEvidenceMaxAge) {
		at.Key("evidenceMaxAge").Addf("%s is not between 1m and %s", check.ShortSpan(*age),
			check.ShortSpan(maxEvidenceMaxAge))
	}
	for _, name := range slices.Sorted(maps.Keys(p.Gates)) {
		here := at.Key("gates").Key(name)
		models.check(here, name)
		demanded := p.Gates[name]
		demanded.Check(here)
	}
}
