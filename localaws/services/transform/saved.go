package transform

import (
	"maps"
	"slices"
)

// savedName is the name that the jobs are saved under.
const savedName = "transform-jobs"

// restarted is the reason of jobs that a restart ended.
const restarted = "InternalServerError: The service was restarted while the job was running. Please try again."

// save writes all jobs. The lock must be held.
func (j *Jobs) save() error {
	return j.options.State.Save(savedName, slices.SortedFunc(maps.Values(j.jobs), (*job).older))
}

// load reads the jobs that were saved.
func (j *Jobs) load() error {
	var saved []*job
	if _, err := j.options.State.Load(savedName, &saved); err != nil {
		return err
	}
	for _, t := range saved {
		switch t.Status {
		case inProgress:
			t.change(failed, restarted, j.options.Clock.Now())
		case stopping:
			t.change(stopped, "", j.options.Clock.Now())
		}
		j.jobs[t.key()] = t
	}
	return nil
}
