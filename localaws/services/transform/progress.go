package transform

import "sync/atomic"

// Progress is how far a job is. AWS does not tell it.
type Progress struct {
	// Objects and Bytes are done, out of the totals. Objects that failed are done, too. Bytes are as stored: of
	// compressed objects, compressed ones. The totals are 0 until the input has been listed; TotalBytes stays 0 for a
	// manifest, which does not tell sizes.
	Objects, TotalObjects int64
	Bytes, TotalBytes     int64
	// Records is how many have their predictions. Their total is known only when all objects have been read.
	Records int64
}

// progress is counted by many goroutines at once.
type progress struct {
	objects, totalObjects, bytes, totalBytes, records atomic.Int64
}

// Progress is how far a job is; ok is false when there is no such job. Of a job of an earlier process all is 0.
func (j *Jobs) Progress(region, name string) (p Progress, ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	t := j.jobs[keyOf(region, name)]
	if t == nil {
		return Progress{}, false
	}
	return Progress{
		Objects: t.progress.objects.Load(), TotalObjects: t.progress.totalObjects.Load(),
		Bytes: t.progress.bytes.Load(), TotalBytes: t.progress.totalBytes.Load(),
		Records: t.progress.records.Load(),
	}, true
}
