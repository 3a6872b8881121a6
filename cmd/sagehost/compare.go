package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"sagehost/internal/delivery/previewreport"
	"sagehost/internal/engine/deploy"
	"sagehost/internal/engine/stackfile"
)

func newPreview(a *app) *cobra.Command {
	return a.comparing(comparison{
		use: "preview", short: "Show what up would change", operation: previewreport.Preview, words: planned,
		run: (*deploy.Stack).Preview,
	})
}

func newDrift(a *app) *cobra.Command {
	return a.comparing(comparison{
		use: "drift", short: "Compare the state with what exists, and change neither; drift is an error",
		operation: previewreport.Drift, words: done,
		run: (*deploy.Stack).Drift, drifted: true,
	})
}

// comparison is a command that compares and changes nothing.
type comparison struct {
	use, short string
	operation  previewreport.Operation
	words      tense
	run        func(*deploy.Stack, context.Context, ...deploy.Listener) (map[string]int, error)
	// drifted makes differences an error.
	drifted bool
}

func (a *app) comparing(c comparison) *cobra.Command {
	var path string
	command := &cobra.Command{
		Use:   c.use,
		Short: c.short,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			left := 0
			collector := previewreport.NewCollector(c.operation, a.stack)
			err := a.withStack(cmd.Context(), func(ctx context.Context, file *stackfile.File, s *opened) error {
				changes, err := c.run(s.Stack, ctx, collector.Tell)
				left = changes[deploy.Leftover]
				if err == nil {
					fmt.Fprintf(a.out, "\nStack %s: %s\n", file.Stack, summary(changes, c.words))
				}
				return err
			})
			report := collector.Report(err)
			for _, line := range report.Lines() {
				fmt.Fprintf(a.out, "  %s\n", line)
			}
			if err == nil && c.drifted && report.Drifted() {
				err = fmt.Errorf("stack %q has drifted: %s not as the state says", a.stack,
					english.Plural(len(report.Changes), "resource is", "resources are"))
			}
			if err == nil && left > 0 {
				err = fmt.Errorf("stack %q has left %d things behind that are in no state; see above", a.stack, left)
			}
			return errors.Join(err, writeReport(report, path))
		},
	}
	a.addCloudFlag(command)
	command.Flags().StringVar(&path, "report", "",
		"write what was found to this `file`, also if the command fails; \"sagehost ci\" publishes it")
	return command
}

// writeReport writes a report to a file, if one is named.
func writeReport(report *previewreport.Report, path string) error {
	if path == "" {
		return nil
	}
	text, err := report.Encode()
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}
