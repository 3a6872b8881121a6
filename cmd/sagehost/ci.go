package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"sagehost/internal/delivery/evidence"
	"sagehost/internal/delivery/github"
	"sagehost/internal/delivery/previewreport"
)

// driftLabel is the label of the issues about drift.
const driftLabel = "drift"

func newCI(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "ci",
		Short: "Publish on GitHub what a workflow has found",
		Long: "ci runs in workflows of GitHub Actions: it finds the repository, the event and the API in the environment\n" +
			"that GitHub sets, and the token in GITHUB_TOKEN. Reports are what `preview` and `drift` write with --report.",
	}
	command.AddCommand(newCIComment(a), newCISummary(a), newCIIssue(a), newCIPullRequest(a), newCIEvidence(a))
	return command
}

func newCIComment(a *app) *cobra.Command {
	var path string
	command := &cobra.Command{
		Use: "comment", Args: cobra.NoArgs,
		Short: "Write what a preview found to the stack's comment on the pull request",
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := a.report(previewreport.Preview, path)
			if err != nil {
				return err
			}
			return a.publish(cmd.Context(), func(ctx context.Context, r *github.Repository) (string, error) {
				number, err := github.PullRequest(os.Getenv("GITHUB_EVENT_PATH"))
				if err != nil {
					return "", err
				}
				return r.Comment(ctx, number, previewreport.Marker(report.Operation, report.Stack), text(report))
			})
		},
	}
	requireReportFlag(command, &path)
	return command
}

func newCISummary(a *app) *cobra.Command {
	var path string
	command := &cobra.Command{
		Use: "summary", Args: cobra.NoArgs,
		Short: "Add what a preview found to the summary of the workflow's run, or print it outside of one",
		RunE: func(*cobra.Command, []string) error {
			report, err := a.report(previewreport.Preview, path)
			if err != nil {
				return err
			}
			summary := os.Getenv("GITHUB_STEP_SUMMARY")
			if summary == "" {
				fmt.Fprint(a.out, report.Markdown())
				return nil
			}
			file, err := os.OpenFile(summary, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // GitHub's file
			if err != nil {
				return fmt.Errorf("GITHUB_STEP_SUMMARY: %w", err)
			}
			_, err = file.WriteString(report.Markdown())
			return errors.Join(err, file.Close())
		},
	}
	requireReportFlag(command, &path)
	return command
}

func newCIIssue(a *app) *cobra.Command {
	var path string
	command := &cobra.Command{
		Use: "issue", Args: cobra.NoArgs,
		Short: "Keep the stack's issue about drift open for as long as there is drift",
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := a.report(previewreport.Drift, path)
			if err != nil {
				return err
			}
			if report.Failed {
				return fmt.Errorf("whether stack %q has drifted is not known: %s", report.Stack, strings.Join(report.Errors, "; "))
			}
			issue := github.Issue{
				Label: driftLabel, Marker: previewreport.Marker(report.Operation, report.Stack),
				Title: fmt.Sprintf("Stack %s has drifted", report.Stack), Body: text(report),
			}
			return a.publish(cmd.Context(), func(ctx context.Context, r *github.Repository) (string, error) {
				if report.Drifted() {
					return r.Keep(ctx, issue)
				}
				return r.Close(ctx, issue, "Everything is as the state says."+origin())
			})
		},
	}
	requireReportFlag(command, &path)
	return command
}

func newCIPullRequest(a *app) *cobra.Command {
	var proposal github.Proposal
	var body string
	command := &cobra.Command{
		Use: "pull-request", Args: cobra.NoArgs,
		Short: "Open a pull request from a branch that was pushed, or bring the one that is open up to date",
		RunE: func(cmd *cobra.Command, _ []string) error {
			content, err := os.ReadFile(body)
			if err != nil {
				return err
			}
			proposal.Body = string(content)
			return a.publish(cmd.Context(), func(ctx context.Context, r *github.Repository) (string, error) {
				return r.Propose(ctx, proposal)
			})
		},
	}
	flags := command.Flags()
	flags.StringVar(&proposal.Branch, "branch", "", "the branch")
	flags.StringVar(&proposal.Base, "base", "main", "the branch that it is to be merged into")
	flags.StringVar(&proposal.Title, "title", "", "the title")
	flags.StringVar(&body, "body-file", "", "the file with the text")
	for _, name := range []string{"branch", "title", "body-file"} {
		_ = command.MarkFlagRequired(name) // it fails for flags that are not there
	}
	return command
}

func newCIEvidence(a *app) *cobra.Command {
	var from string
	command := &cobra.Command{
		Use: "evidence", Args: cobra.NoArgs,
		Short: "Take over the evidence that another folder of manifests has beyond that of releases",
		RunE: func(cmd *cobra.Command, _ []string) error {
			root, err := findRoot()
			if err != nil {
				return err
			}
			changed, err := evidence.Merge(cmd.Context(), filepath.Join(root, "releases"), from)
			for _, path := range changed {
				fmt.Fprintf(a.out, "added to %s\n", path)
			}
			return err
		},
	}
	command.Flags().StringVar(&from, "from", "", "the other folder")
	_ = command.MarkFlagRequired("from") // there is one
	return command
}
