package autoscaling

import "maps"

// stored is the name that the fake's state is kept under.
const stored = "application-autoscaling"

// knowledge is all that the fake knows.
type knowledge struct {
	Targets    []*target
	Activities []activity
	Doomed     map[string][]string
}

// Restore brings back what was saved before. It must be called before the first request, if at all.
func (f *Fake) Restore() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var k knowledge
	found, err := f.options.State.Load(stored, &k)
	if err != nil || !found {
		return err
	}
	for _, t := range k.Targets {
		f.targets[t.Key] = t
	}
	f.activities = k.Activities
	maps.Copy(f.doomed, k.Doomed)
	return nil
}

// save writes all that the fake knows. The lock is held.
func (f *Fake) save() error {
	k := knowledge{Activities: f.activities, Doomed: f.doomed}
	for _, t := range f.targets {
		k.Targets = append(k.Targets, t)
	}
	return f.options.State.Save(stored, k)
}

// saveOrLog saves what no request waits for. The lock is held.
func (f *Fake) saveOrLog() {
	if err := f.save(); err != nil {
		f.logf("%v", err)
	}
}
