package deploy

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// Failure is an operation that did not succeed. What the engine said went to Options.Out already.
type Failure struct {
	// Operation is "preview", "drift", "up", "refresh" or "destroy".
	Operation string
	// Stack is the stack's name.
	Stack string
	// Cause holds the engine's output.
	Cause error
	// Existing are the log groups that were there before the stack: Adopt takes them over. Those of "up" alone are known.
	Existing []Existing
}

// Error names the operation and leaves the reason to the output above it.
func (f *Failure) Error() string {
	return fmt.Sprintf("%s of stack %q failed; the reason is above", f.Operation, f.Stack)
}

// Unwrap is the engine's output as an error.
func (f *Failure) Unwrap() error { return f.Cause }

func (s *Stack) failure(operation string, err error) error {
	if err == nil {
		return nil
	}
	return &Failure{Operation: operation, Stack: s.opts.File.Stack, Cause: s.locked(err)}
}

// locked says of an error that is due to a lock what to do about it; others stay as they are.
func (s *Stack) locked(err error) error {
	if !auto.IsConcurrentUpdateError(err) {
		return err
	}
	fmt.Fprintf(s.opts.Out, "Stack %q is being changed by somebody else, or an update that was killed has left its lock: "+
		"see \"A lock that is stuck\" in docs/runbooks.md.\n", s.opts.File.Stack)
	return fmt.Errorf("stack %q is locked: %w", s.opts.File.Stack, err)
}

// Preview shows what Up would change, and returns the number of resources by operation, such as "create".
func (s *Stack) Preview(ctx context.Context, listeners ...Listener) (map[string]int, error) {
	options := []optpreview.Option{
		optpreview.ProgressStreams(s.opts.Out), optpreview.ErrorProgressStreams(s.opts.Out),
	}
	refresh, err := s.mustRefresh(ctx)
	if err != nil {
		return nil, err
	}
	if refresh {
		options = append(options, optpreview.Refresh())
	}
	var result auto.PreviewResult
	err = listen(listeners, func(streams ...chan<- events.EngineEvent) (err error) {
		result, err = s.stack.Preview(ctx, append(options, optpreview.EventStreams(streams...))...)
		return err
	})
	return planned(result), s.failure("preview", err)
}

// Drift compares the state with what exists, and returns the number of resources by operation, with what is in no state
// under Leftover; it changes neither.
func (s *Stack) Drift(ctx context.Context, listeners ...Listener) (map[string]int, error) {
	var result auto.PreviewResult
	err := listen(listeners, func(streams ...chan<- events.EngineEvent) (err error) {
		result, err = s.stack.PreviewRefresh(ctx, optrefresh.EventStreams(streams...),
			optrefresh.ProgressStreams(s.opts.Out), optrefresh.ErrorProgressStreams(s.opts.Out))
		return err
	})
	if err != nil {
		return nil, s.failure("drift", err)
	}
	changes := planned(result)
	left, err := s.reportLeftovers(ctx)
	if left > 0 {
		changes[Leftover] = left
	}
	return changes, err
}

func planned(result auto.PreviewResult) map[string]int {
	changes := map[string]int{}
	for operation, n := range result.ChangeSummary {
		changes[string(operation)] = n
	}
	return changes
}

// Up makes the stack what its program declares, and returns the number of resources by operation and the outputs.
func (s *Stack) Up(ctx context.Context) (map[string]int, map[string]any, error) {
	if err := s.Recover(ctx); err != nil {
		return nil, nil, err
	}
	options := []optup.Option{
		optup.ProgressStreams(s.opts.Out), optup.ErrorProgressStreams(s.opts.Out), optup.SuppressOutputs(),
	}
	refresh, err := s.mustRefresh(ctx)
	if err != nil {
		return nil, nil, err
	}
	if refresh {
		options = append(options, optup.Refresh())
	}
	var result auto.UpResult
	found := newCollisions()
	err = listen([]Listener{found.see}, func(streams ...chan<- events.EngineEvent) (err error) {
		result, err = s.stack.Up(ctx, append(options, optup.EventStreams(streams...))...)
		return err
	})
	if err != nil {
		return nil, nil, &Failure{
			Operation: "up", Stack: s.opts.File.Stack, Cause: s.locked(err), Existing: found.existing(),
		}
	}
	return changesOf(result.Summary), plain(result.Outputs), nil
}

// Refresh writes to the state what exists, and returns the number of resources by operation. On AWS, too, it looks for
// what an update that was killed has created: see adoptPendingCreates.
func (s *Stack) Refresh(ctx context.Context) (map[string]int, error) {
	err := s.Recover(ctx)
	if s.remote {
		_, err = s.adoptPendingCreates(ctx)
	}
	if err != nil {
		return nil, err
	}
	return s.refresh(ctx)
}

func (s *Stack) refresh(ctx context.Context) (map[string]int, error) {
	result, err := s.stack.Refresh(ctx,
		optrefresh.ProgressStreams(s.opts.Out), optrefresh.ErrorProgressStreams(s.opts.Out))
	if err != nil {
		return nil, s.failure("refresh", err)
	}
	return changesOf(result.Summary), nil
}

// Destroy deletes everything that the stack created, protected or not: on the local AWS protection guards nothing. It
// refuses a stack on AWS.
func (s *Stack) Destroy(ctx context.Context) error {
	if s.remote {
		return fmt.Errorf("stack %q is on AWS, where nothing is destroyed from here", s.opts.File.Stack)
	}
	if err := s.Recover(ctx); err != nil {
		return err
	}
	if err := s.unprotect(ctx); err != nil {
		return err
	}
	_, err := s.stack.Destroy(ctx,
		optdestroy.ProgressStreams(s.opts.Out), optdestroy.ErrorProgressStreams(s.opts.Out), optdestroy.Remove())
	return s.failure("destroy", err)
}

func changesOf(summary auto.UpdateSummary) map[string]int {
	if summary.ResourceChanges == nil {
		return map[string]int{}
	}
	return *summary.ResourceChanges
}

func plain(outputs auto.OutputMap) map[string]any {
	values := map[string]any{}
	for name, output := range outputs {
		if !output.Secret {
			values[name] = output.Value
		}
	}
	return values
}
