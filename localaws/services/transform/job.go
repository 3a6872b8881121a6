package transform

import (
	"cmp"
	"context"
	"strings"
	"time"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// Statuses of a job.
const (
	inProgress = "InProgress"
	completed  = "Completed"
	failed     = "Failed"
	stopping   = "Stopping"
	stopped    = "Stopped"
)

// key finds a job. Names are in lower case: AWS writes them into ARNs that way, so names that differ only in case
// collide.
type key struct{ region, name string }

func keyOf(region, name string) key { return key{region, strings.ToLower(name)} }

// job is a transform job. Its exported members are kept over a restart.
type job struct {
	Region, Name string
	// Body is the request that made the job, with the defaults that AWS describes, without the tags.
	Body                              awsjson.Object
	Tags                              []awsjson.Object
	Status, Reason                    string
	Created, Started, Ended, Modified time.Time

	// stop ends the job's run.
	stop     context.CancelFunc
	progress progress
}

func (t *job) key() key { return keyOf(t.Region, t.Name) }

func (t *job) arn() string {
	return protocol.ARN("sagemaker", t.Region, "transform-job/"+strings.ToLower(t.Name))
}

// change sets the status.
func (t *job) change(status, reason string, now time.Time) {
	t.Status, t.Reason, t.Modified = status, reason, now
	if status == completed || status == failed || status == stopped {
		t.Ended = now
	}
}

// find looks a job up. The lock must be held.
func (j *Jobs) find(c awsjson.Call, words string) (*job, error) {
	name := c.Input.Text("TransformJobName")
	found := j.jobs[keyOf(c.Region, name)]
	if found == nil {
		return nil, awsjson.Invalid("Could not find %s with name: %s", words, name)
	}
	return found, nil
}

func (j *Jobs) describe(c awsjson.Call) (awsjson.Object, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	found, err := j.find(c, "requested job")
	if err != nil {
		return nil, err
	}
	return found.Body.With(found.summary("TransformStartTime", "TransformEndTime")), nil
}

// summary is the members that a listing has, with some of the times.
func (t *job) summary(times ...string) awsjson.Object {
	out := awsjson.Object{
		"TransformJobName": t.Name, "TransformJobArn": t.arn(), "TransformJobStatus": t.Status,
		"CreationTime": awsjson.Time(t.Created),
	}
	if t.Reason != "" {
		out["FailureReason"] = t.Reason
	}
	all := map[string]time.Time{
		"TransformStartTime": t.Started, "TransformEndTime": t.Ended, "LastModifiedTime": t.Modified,
	}
	for _, name := range times {
		if !all[name].IsZero() {
			out[name] = awsjson.Time(all[name])
		}
	}
	return out
}

// stopJob answers StopTransformJob. The job's run sees that it is to end and sets the last status.
func (j *Jobs) stopJob(c awsjson.Call) (awsjson.Object, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	found, err := j.find(c, "job to update")
	if err != nil {
		return nil, err
	}
	if found.Status != inProgress {
		return nil, awsjson.Invalid("The request was rejected because the transform job is in status %s", found.Status)
	}
	found.change(stopping, "", j.options.Clock.Now())
	found.stop()
	return awsjson.Object{}, j.save()
}

// older compares jobs by age, and by name where that is the same.
func (t *job) older(other *job) int {
	return cmp.Or(t.Created.Compare(other.Created), cmp.Compare(t.Name, other.Name))
}
