package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"sagehost/internal/measure/batchrun"
)

func newBatch(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "batch",
		Short: "Run batch transforms, list their runs and show what happened in them",
		Long: "batch runs the batches that Pulumi.<stack>.yaml declares, by their own state machines: what is started\n" +
			"here goes the way of the nightly run. NAME is the batch's key in the file.",
	}
	command.AddCommand(newBatchRun(a), newBatchList(a), newBatchLogs(a))
	for _, verb := range command.Commands() {
		a.addCloudFlag(verb)
	}
	return command
}

func newBatchRun(a *app) *cobra.Command {
	request, wait := batchrun.Request{}, false
	command := &cobra.Command{
		Use:   "run NAME",
		Short: "Start a run now",
		Long: "run starts a run of a batch, after it has found that there is input. With --wait it shows the progress,\n" +
			"and fails when the run fails; Ctrl-C ends the waiting and not the run.",
		Example: "  sagehost batch run flowers --wait\n" +
			"  sagehost batch run penguins --input s3://bucket/penguins-dev/input/2026-11-23.csv",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			batch, watch, err := a.batch(ctx, args[0])
			if err != nil {
				return err
			}
			run, err := batch.Start(ctx, request)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "Run %s of batch %s has started.\n", run.Name, batch.Name)
			if !wait {
				fmt.Fprintf(a.out, "Its predictions will be in %s once that folder's parent holds _SUCCESS.\n",
					batch.OutputURI(run.Name))
				return nil
			}
			outcome, err := batch.Wait(ctx, run, watch)
			if err != nil {
				return err
			}
			return a.printOutcome(batch, outcome)
		},
	}
	flags := command.Flags()
	flags.StringVar(&request.Input, "input", "", "the s3:// URI of what to read (default: what the batch declares)")
	flags.StringVar(&request.Name, "name", "", "the run's name (default: one that begins with manual-)")
	flags.BoolVar(&wait, "wait", false, "wait for the end, and show the progress")
	return command
}

func newBatchList(a *app) *cobra.Command {
	most := 20
	command := &cobra.Command{
		Use: "list NAME", Short: "List the latest runs", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			batch, _, err := a.batch(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			runs, err := batch.List(cmd.Context(), most)
			if err != nil {
				return err
			}
			table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(table, "RUN\tSTATUS\tSTARTED\tDURATION\tOUTPUT")
			for i := range runs {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", runs[i].Name, runs[i].Status,
					runs[i].Started.UTC().Format(time.RFC3339), duration(&runs[i]), runs[i].Output)
			}
			return table.Flush()
		},
	}
	command.Flags().IntVar(&most, "most", most, "how many to list")
	return command
}

func duration(run *batchrun.Execution) string {
	if run.Ended.IsZero() {
		return ""
	}
	return run.Ended.Sub(run.Started).Round(time.Second).String()
}

func newBatchLogs(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "logs NAME [RUN]", Short: "Show what happened in a run, by default the latest", Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			batch, _, err := a.batch(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			run := ""
			if len(args) > 1 {
				run = args[1]
			}
			return batch.Log(cmd.Context(), run, a.out)
		},
	}
}

// batch finds a batch of the stack that the flags name, and how its runs are watched.
func (a *app) batch(ctx context.Context, name string) (*batchrun.Batch, batchrun.Watch, error) {
	config, file, err := a.cloud(ctx)
	if err != nil {
		return nil, batchrun.Watch{}, err
	}
	clients := batchrun.NewClients(config)
	clients.Commands = a.commands(config)
	batch, err := batchrun.Find(ctx, clients, file.Stack, name)
	if err != nil {
		return nil, batchrun.Watch{}, err
	}
	shown := newProgress(a.out)
	watch := batchrun.Watch{Show: shown.show, Done: shown.finish}
	if !a.aws {
		watch.Counts = batchrun.LocalCounts(*config.BaseEndpoint, config.Region)
	}
	return batch, watch, nil
}
