package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"sagehost/internal/measure/batchrun"
)

// progress draws how far a run is, where somebody watches a terminal.
type progress struct {
	// out is nil where nobody does.
	out io.Writer
	bar *progressbar.ProgressBar
	// total is the bar's; unknown where a run's is not known, as on AWS, or all of it is done.
	total int64
}

// unknown is a bar's total that only moves.
const unknown = -1

// newProgress draws on out if that is a terminal; a log would only be filled.
func newProgress(out io.Writer) *progress {
	file, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return &progress{}
	}
	return &progress{out: out}
}

// show draws the latest progress.
func (p *progress) show(now batchrun.Progress) {
	if p.out == nil {
		return
	}
	total, done := int64(unknown), int64(0)
	if counts := now.Counts; counts != nil && now.Waiting == "" && counts.Bytes < counts.TotalBytes {
		total, done = counts.TotalBytes, counts.Bytes
	}
	if p.bar == nil || p.total != total {
		p.finish()
		p.total = total
		// Without an interval of its own, the bar changes with each look, and nothing draws when it is gone.
		options := []progressbar.Option{
			progressbar.OptionSetWriter(p.out), progressbar.OptionSetElapsedTime(false),
			progressbar.OptionSetPredictTime(false), progressbar.OptionSetSpinnerChangeInterval(0),
		}
		if total != unknown {
			options = append(options, progressbar.OptionShowBytes(true), progressbar.OptionShowCount())
		}
		p.bar = progressbar.NewOptions64(total, options...)
	}
	p.bar.Describe(doing(now))
	_ = p.bar.Set64(done)
}

// finish clears the line that the bar is on for what is printed next.
func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}

// doing says what a run does.
func doing(now batchrun.Progress) string {
	text := cmp.Or(now.Job, "looking for input")
	if now.Attempt > 0 {
		text += fmt.Sprintf(", attempt %d", now.Attempt)
	}
	switch {
	case now.Waiting == "States.TaskFailed":
		// Of jobs that have failed, only those that found no instances are made again.
		text += ": waiting for capacity"
	case now.Waiting == "AwaitLimit":
		text += ": has taken too long"
	case strings.HasSuffix(now.Waiting, "ResourceLimitExceededException"):
		text += ": waiting for a quota"
	case now.Waiting != "":
		text += ": waiting after " + now.Waiting
	case now.Counts != nil:
		text += ": " + english.Plural(int(now.Counts.Records), "record", "")
	}
	return text + ", " + now.Elapsed.Round(time.Second).String()
}
