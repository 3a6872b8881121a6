package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"sagehost/internal/delivery/github"
	"sagehost/internal/delivery/previewreport"
)

func requireReportFlag(command *cobra.Command, path *string) {
	command.Flags().StringVar(path, "report", "", "the file that was written with --report")
	_ = command.MarkFlagRequired("report") // it fails for flags that are not there
}

// report reads a report of an operation on the stack that the flags name. That there is none is a finding, too: the
// operation has died.
func (a *app) report(operation previewreport.Operation, path string) (*previewreport.Report, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &previewreport.Report{
			Operation: operation, Stack: a.stack, Failed: true,
			Errors: []string{"It ended without a report; the log of the run says why."},
		}, nil
	}
	if err != nil {
		return nil, err
	}
	report, err := previewreport.Decode(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if report.Operation != operation || report.Stack != a.stack {
		return nil, fmt.Errorf("%s is about the %s of stack %q, not the %s of stack %q",
			path, report.Operation, report.Stack, operation, a.stack)
	}
	return report, nil
}

// publish does something on GitHub and says where it can be seen.
func (a *app) publish(ctx context.Context, do func(context.Context, *github.Repository) (string, error)) error {
	repository, err := github.FromEnvironment(os.Getenv)
	if err != nil {
		return err
	}
	address, err := do(ctx, repository)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, cmp.Or(address, "nothing to do"))
	return nil
}

func text(report *previewreport.Report) string { return report.Markdown() + origin() }

// origin is a line that leads to the commit and the run that something comes from.
func origin() string {
	commit, run := os.Getenv("GITHUB_SHA"), os.Getenv("GITHUB_RUN_ID")
	if commit == "" || run == "" {
		return ""
	}
	return fmt.Sprintf("\n_Of %s, by [this run](%s/%s/actions/runs/%s)._\n",
		commit, os.Getenv("GITHUB_SERVER_URL"), os.Getenv("GITHUB_REPOSITORY"), run)
}
