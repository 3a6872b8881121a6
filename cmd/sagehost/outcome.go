package main

import (
	"fmt"
	"time"

	"github.com/dustin/go-humanize/english"

	"sagehost/internal/measure/batchrun"
)

// printOutcome says how a run of a batch ended; one that failed is an error.
func (a *app) printOutcome(batch *batchrun.Batch, o *batchrun.Outcome) error {
	took := o.Duration.Round(time.Second)
	if o.Uncounted != nil {
		fmt.Fprintf(a.out, "Not everything could be counted: %v\n", o.Uncounted)
	}
	if err := o.Failed(); err != nil {
		left := "partial output, which is not a result: " + amount(o.Written)
		if o.Written != nil && o.Written.Objects == 0 {
			left = "no predictions"
		}
		fmt.Fprintf(a.out, "Ended in %s with %s in %s\n`%s` shows what happened.\n",
			took, left, o.Folder, batch.SeeLogs(o.Name))
		return err
	}
	records := ""
	if o.Records != nil {
		records = ", " + english.Plural(int(*o.Records), "record", "")
	}
	fmt.Fprintf(a.out, "Done in %s: %s read, %s written%s\n%s\n",
		took, amount(o.Read), amount(o.Written), records, o.Output)
	return nil
}

// amount says how much there is.
func amount(size *batchrun.Size) string {
	if size == nil {
		return "an unknown number of objects"
	}
	return fmt.Sprintf("%s (%s)", english.Plural(int(size.Objects), "object", ""),
		english.Plural(int(size.Bytes), "byte", ""))
}
