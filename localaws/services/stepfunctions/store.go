package stepfunctions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
)

const (
	// stored is the name that the state machines are kept under, and the folder of the executions.
	stored = "step-functions"
	// started is the name, in that folder, of the list of executions.
	started = "executions"
)

// save writes the state machines and the list of executions. The lock is held.
func (f *Fake) save() error {
	if err := f.options.State.Save(stored, slices.Collect(maps.Values(f.machines))); err != nil {
		return err
	}
	return f.options.State.Below(stored).Save(started, slices.Sorted(maps.Keys(f.executions)))
}

// saveStarted writes an execution that is new. The lock is held.
func (f *Fake) saveStarted(e *execution) error {
	if err := f.saveExecution(e); err != nil {
		return err
	}
	return f.save()
}

// saveExecution writes one execution: each has a file of its own, because histories are long. The lock is held.
func (f *Fake) saveExecution(e *execution) error {
	return f.options.State.Below(stored).Save(fileOf(e.arn()), e)
}

// removeExecution drops the file of an execution. What cannot be removed is in nobody's way.
func (f *Fake) removeExecution(e *execution) {
	f.logged(f.options.State.Below(stored).Remove(fileOf(e.arn())))
}

// fileOf names the file of an execution: names of executions may hold what names of files must not.
func fileOf(arn string) string {
	sum := sha256.Sum256([]byte(arn))
	return hex.EncodeToString(sum[:16])
}

// Restore brings back what was saved before. It must be called before the first request, if at all. Run goes on with
// the executions that were running.
func (f *Fake) Restore() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var machines []*machine
	if _, err := f.options.State.Load(stored, &machines); err != nil {
		return err
	}
	for _, m := range machines {
		f.machines[m.arn()] = m
	}
	var list []string
	if _, err := f.options.State.Below(stored).Load(started, &list); err != nil {
		return err
	}
	for _, arn := range list {
		e := &execution{}
		found, err := f.options.State.Below(stored).Load(fileOf(arn), e)
		if err != nil {
			return err
		}
		if found {
			f.executions[arn] = e
		}
	}
	return nil
}

// Run goes on with the executions that Restore has found running. The services that Tasks ask must answer.
func (f *Fake) Run(context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.executions {
		if e.Status == running && e.stop == nil {
			f.launch(e)
		}
	}
}
