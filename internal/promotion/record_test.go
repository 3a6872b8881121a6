package promotion

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sagehost/internal/release"
)

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
