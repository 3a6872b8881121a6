// Package usage measures what the processes of containers use of the machine, and publishes it as SageMaker's metrics
// of instances.
package usage

import (
	"context"
	"fmt"
	"io"
	"time"

	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/world/clock"
)

// gap is how far samples are apart at least in the world's time. A sample reads each process of the machine, which
// takes some 3 ms per 100 processes.
const gap = 100 * time.Millisecond

// Running is containers at work, of a variant of an endpoint or of a transform job. What is listed several times, such
// as the old and the new fleet of a variant, counts as one.
type Running struct {
	Region string
	// Endpoint and Variant are the names of a variant's; empty for a transform job.
	Endpoint, Variant string
	// ServerlessMB is MemorySizeInMB of a serverless variant; 0 for one on instances.
	ServerlessMB int
	// Job is the name of a transform job; empty for a variant.
	Job string
	// PIDs are the processes that the containers were started as. What these started counts with them.
	PIDs []int
	// Folder is what the containers of a variant on instances have on their volume.
	Folder string
	// VolumeGB is VolumeSizeInGB of the variant; 0 where it is left to SageMaker.
	VolumeGB int
}

// Options says what a Sampler works with. All are required.
type Options struct {
	// Running lists the containers at work. It must not block.
	Running func() []Running
	Metrics metrics.Sink
	// Clock is the time whose minutes have a value each.
	Clock *clock.Clock
	// Log gets a line when the machine begins to give no figures.
	Log io.Writer
}

// Sampler publishes, each minute, what containers use, as the metrics that SageMaker documents in its guide under
// "Amazon SageMaker AI metrics in Amazon CloudWatch". All are percentages:
//
//   - CPUUtilization, 0 to 100 × the number of cores: the average since the sample before, in the world's time. A
//     process that ended in between is left out.
//   - MemoryUtilization, 0 to 100: the resident memory, of the machine's, or of the memory size of a serverless
//     variant. What processes share counts for each.
//   - DiskUtilization, 0 to 100: what the files of the containers take of the volume. How full this machine's disk is
//     has no part in it.
//
// A variant on instances has all three, a transform job no DiskUtilization, and a serverless variant only
// MemoryUtilization.
type Sampler struct {
	options Options
	machine machine

	// sampled is when the machine was last read; spent is the CPU time that each process had used by then.
	sampled time.Time
	spent   map[int]time.Duration
	// due is when it may be read again.
	due time.Time
	// values are the outcome.
	values map[metrics.Metric]float64
	// failing is what was wrong with the last sample; empty when nothing was.
	failing string
}

// New makes a Sampler. Processes that are older than it count from when they are first seen.
func New(options Options) *Sampler {
	now := time.Now()
	return &Sampler{options: options, machine: local{}, sampled: now, due: now.Add(gap)}
}

// Run publishes until the context ends. Where minutes pass faster than samples may be taken, those in between have the
// values of the latest sample.
func (s *Sampler) Run(ctx context.Context) {
	for s.options.Clock.Sleep(ctx, untilMiddle(s.options.Clock.Now())) == nil {
		s.publish()
	}
}

// untilMiddle is how long it is to the next middle of a minute: a value that comes a little early or late there still
// falls in its minute.
func untilMiddle(now time.Time) time.Duration {
	const half = time.Minute / 2
	return now.Add(-half).Truncate(time.Minute).Add(time.Minute + half).Sub(now)
}

// publish adds a value to each metric.
func (s *Sampler) publish() {
	if now := time.Now(); !now.Before(s.due) {
		s.due = now.Add(gap)
		s.complain(s.sample(now))
	}
	for metric, value := range s.values {
		s.options.Metrics.Add(metric, value)
	}
}

// complain logs an error, but not again while it lasts.
func (s *Sampler) complain(err error) {
	message := ""
	if err != nil {
		message = err.Error()
	}
	if message != "" && message != s.failing {
		_, _ = fmt.Fprintf(s.options.Log, "usage: %s\n", message)
	}
	s.failing = message
}
