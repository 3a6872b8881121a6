package promotion

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/internal/release"
)

// promotions are a stack that releases are promoted to and taken back from.
type promotions struct {
	entries []Entry
	named   string
}

func (p *promotions) promote(id string) {
	e := Entry{Release: id, Previous: p.named, From: "dev"}
	if held(p.entries, id) != nil {
		e.HoldReleased = id
	}
	p.entries, p.named = append(p.entries, e), id
}

func (p *promotions) rollback() error {
	id, err := back(p.entries, p.named)
	if err == nil {
		p.entries = append(p.entries, Entry{Release: id, Previous: p.named, Hold: p.named})
		p.named = id
	}
	return err
}

func TestRollbacksLeadBackStepByStepPastWhatIsHeld(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ promoted, after string }{
		{"ABAC", "AB"},
		{"ABA", "B"},
		{"AB", "A"},
		{"ABCBA", "BC"},
		{"A", ""},
	} {
		p := &promotions{}
		for id := range strings.SplitSeq(test.promoted, "") {
			p.promote(id)
		}
		after := ""
		for p.rollback() == nil {
			after += p.named
		}
		require.Equal(t, test.after, after, test.promoted)
	}
}

// Whatever is promoted and rolled back in whatever order, a rollback takes the last one off a pile, and with it all
// that is held.
func TestARollbackNeverLeadsToWhatIsHeld(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, pile, out := &promotions{}, []string(nil), map[string]bool{}
		for range rapid.IntRange(1, 30).Draw(t, "changes") {
			id := rapid.SampledFrom([]string{"A", "B", "C", "D", ""}).Draw(t, "promoted, or a rollback")
			if id != "" {
				if id != p.named {
					p.promote(id)
					pile, out[id] = append(pile, id), false
				}
				continue
			}
			i := len(pile) - 1
			for i >= 0 && (pile[i] == p.named || out[pile[i]]) {
				i--
			}
			if i < 0 {
				require.Error(t, p.rollback())
				continue
			}
			out[p.named], pile = true, pile[:i+1]
			require.NoError(t, p.rollback())
			require.Equal(t, pile[i], p.named)
		}
	})
}

// What is read can be added to, and stays what it is.
func FuzzRecord(f *testing.F) {
	id := strings.Repeat("a", 64)
	entry := Entry{
		Release: id, Previous: strings.Repeat("b", 64), By: "Jo", From: "dev", Override: "# no: 'comment'",
		At:    time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		Gates: []Verdict{{Gate: "smoke", Result: release.Pass, Detail: "- a: b"}},
	}
	whole, err := appended(nil, nil, &entry)
	require.NoError(f, err)
	for _, seed := range []string{
		string(whole), "", "[]", "# nothing\n", "- release: " + id + "\n  at: 2026-01-01T00:00:00+01:00\n  by: x",
		"[{release: " + id + ", by: x, at: 2026-01-01T00:00:00Z}]", "- &a x", "...",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		entries, err := parseRecord(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		more, err := appended(text, entries, &entry)
		if err != nil {
			return
		}
		require.Equal(t, string(text), string(more[:len(text)]))
		back, err := parseRecord(more)
		require.NoError(t, err)
		require.Equal(t, append(entries, entry), back)
	})
}
