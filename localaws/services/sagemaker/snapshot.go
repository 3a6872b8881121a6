package sagemaker

import (
	"slices"
	"strings"
)

// snapshotName is the file that the fake keeps what it knows in.
const snapshotName = "sagemaker"

// snapshot is everything that the fake knows: records by region and by the path of their kind.
type snapshot map[string]map[string][]*record

// save writes a snapshot. The lock must be held.
func (f *Fake) save() error {
	whole := snapshot{}
	for name, r := range f.regions {
		whole[name] = map[string][]*record{}
		for k, records := range r.records {
			for _, one := range records {
				whole[name][k.path] = append(whole[name][k.path], one)
			}
		}
	}
	f.unsaved = false
	return f.state.Save(snapshotName, whole)
}

// Restore reads what an earlier process has saved, and starts the containers of its endpoints. It must be called before
// the first request.
func (f *Fake) Restore() error {
	var whole snapshot
	found, err := f.state.Load(snapshotName, &whole)
	if err != nil || !found {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, byKind := range whole {
		r := f.region(name)
		for path, records := range byKind {
			i := slices.IndexFunc(kinds, func(k kind) bool { return k.path == path })
			if i < 0 {
				continue
			}
			for _, one := range records {
				one.kind = kinds[i]
				r.records[one.kind][strings.ToLower(one.Name)] = one
				f.relaunch(name, one)
			}
		}
	}
	return nil
}

// relaunch starts the containers that an endpoint had.
func (f *Fake) relaunch(region string, one *record) {
	if one.Life == nil || one.Life.status() == deleting {
		return
	}
	c := f.callNow(region)
	c.launch(one.Name, one.Life.Live, true)
	// A pending deployment that is not waited for was made to fail.
	if phases := one.Life.Phases; len(phases) > 0 && (phases[0].Starting || phases[0].Share > 0) {
		c.launch(one.Name, one.Life.Pending, false)
	}
}
