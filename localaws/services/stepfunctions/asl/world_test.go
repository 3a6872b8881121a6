package asl

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/world/clock"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// task is what a Task of a test does: each attempt is answered with the next answer; the last one stays.
type task struct {
	answers []any
	calls   []Call
	stopped []any
	// takes is how long an attempt takes.
	takes time.Duration
}

func (k *task) start(ctx context.Context, call Call) (any, error) {
	k.calls = append(k.calls, call)
	if k.takes > 0 {
		select {
		case <-time.After(k.takes):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	answer := k.answers[min(len(k.calls), len(k.answers))-1]
	if failed, ok := answer.(*Error); ok {
		return nil, failed
	}
	return answer, nil
}

// catalog has the Task as "test:do", and as "test:do.sync".
func (k *task) catalog() Catalog {
	check := func(parameters map[string]any) []string {
		if _, wrong := parameters["wrong"]; wrong {
			return []string{`The field "wrong" is not supported by Step Functions`}
		}
		return nil
	}
	return Catalog{
		"test:do": {Type: "test", Action: "do", Check: check, Start: k.start},
		"test:do.sync": {
			Type: "test", Action: "do.sync", Check: check,
			Start:  func(context.Context, Call) (any, error) { return map[string]any{"id": "begun"}, nil },
			Follow: func(ctx context.Context, call Call, _ any) (any, error) { return k.start(ctx, call) },
			Stop: func(_ context.Context, _ Call, begun any) error {
				k.stopped = append(k.stopped, begun)
				return nil
			},
		},
	}
}

// notes is a journal in memory.
type notes struct {
	mu     sync.Mutex
	events []Event
	kept   []Position
	full   int64
}

func (n *notes) Record(e Event) (int64, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.events = append(n.events, e)
	return n.full + int64(len(n.events)) + 1, nil
}

func (n *notes) Keep(at Position) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.kept = append(n.kept, at)
	return nil
}

// types are the types of the events, parted by spaces.
func (n *notes) types() string {
	var types []string
	for _, e := range n.events {
		types = append(types, e.Type)
	}
	return strings.Join(types, " ")
}

func read(t *testing.T, definition string, k *task) *Machine {
	t.Helper()
	m, wrong := Parse(definition, Options{Partition: "aws", Catalog: k.catalog()})
	require.Empty(t, wrong)
	return m
}

func value(t *testing.T, text string) any {
	t.Helper()
	v, err := Decode(text)
	require.NoError(t, err)
	return v
}

// execution is one of a machine, from noon.
func execution(m *Machine, n *notes) Execution {
	return Execution{
		Machine: m, Clock: clock.New(noon), Journal: n, Region: "eu-west-1", RoleARN: "role", Started: noon,
		Context: map[string]any{
			"Execution": map[string]any{"Name": "run", "Input": map[string]any{"a": "b"}},
		},
	}
}

// result runs a machine in time that passes at once, and writes what it came to as one line.
func result(t *testing.T, definition, input string, k *task) (text string, n *notes, took time.Duration) {
	t.Helper()
	n = &notes{}
	synctest.Test(t, func(t *testing.T) {
		m := read(t, definition, k)
		began := time.Now()
		outcome, err := execution(m, n).Run(t.Context(), m.Start(value(t, input)))
		require.NoError(t, err)
		took = time.Since(began)
		text = shownOutcome(outcome)
	})
	return text, n, took
}

func shownOutcome(o Outcome) string {
	switch {
	case o.Error != nil:
		return fmt.Sprintf("%s %s: %s", o.Status, o.Error.Name, o.Error.Cause)
	case o.Status == Succeeded:
		return Encode(o.Output)
	default:
		return string(o.Status)
	}
}

// single is a definition with one state, "S", which is the last.
func single(fields string) string {
	return `{"StartAt":"S","States":{"S":{"End":true,` + fields + `}}}`
}

// assertResults runs definitions with an input, and compares what they come to.
func assertResults(t *testing.T, input string, results map[string]string) {
	t.Helper()
	for definition, want := range results {
		got, _, _ := result(t, definition, input, &task{answers: []any{"done"}})
		assert.Equal(t, want, got, definition)
	}
}
