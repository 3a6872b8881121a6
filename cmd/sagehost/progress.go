package main

import (
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"sagehost/internal/batchrun"
)

// progress draws how far a run is, where somebody watches a terminal.
type progress struct {
	out io.Writer
	bar *progressbar.ProgressBar
}

// newProgress draws on out if that is a terminal; a log would only be filled.
func newProgress(out io.Writer) *progress {
	file, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return &progress{}
	}
	return &progress{out: out}
}

func (p *progress) show(now batchrun.Progress) {
	if p.out == nil {
		return
	}
	if p.bar == nil {
		// The total is not known on AWS: then the bar only moves.
		p.bar = progressbar.NewOptions64(-1, progressbar.OptionSetWriter(p.out), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetElapsedTime(true), progressbar.OptionShowBytes(true))
	}
	if counts := now.Counts; counts != nil && counts.TotalBytes > 0 {
		p.bar.ChangeMax64(counts.TotalBytes)
		p.bar.Describe(fmt.Sprintf("%s: %d records", now.Job, counts.Records))
		_ = p.bar.Set64(counts.Bytes)
		return
	}
	p.bar.Describe(now.Job)
	_ = p.bar.Add(0)
}
