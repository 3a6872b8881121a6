package dataplane_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// safeLog is a log that can be read while it is written.
type safeLog struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write appends to the log.
func (l *safeLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// await waits for a text that matches an expression.
func (l *safeLog) await(t *testing.T, expression string) {
	t.Helper()
	wanted := regexp.MustCompile(expression)
	require.Eventually(t, func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return wanted.MatchString(l.text.String())
	}, soon, often, expression)
}
