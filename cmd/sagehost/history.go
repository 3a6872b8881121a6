package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"sagehost/internal/delivery/promotion"
	"sagehost/internal/release"
)

func newHistory(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "history MODEL",
		Short: "Show which releases were promoted, by whom, when and why, and what is in service",
		Long: "history prints the records of all stacks, or of the one that --stack names, and asks each stack's " +
			"endpoints what\n" +
			"they serve: that a release was promoted does not mean that its deployment was a success. It exits with 1 when a\n" +
			"file could not be read, and shows the others.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			root, err := findRoot()
			if err != nil {
				return err
			}
			stack := ""
			if cmd.Flags().Changed("stack") {
				stack = a.stack
			}
			histories, unread := promotion.Histories(root, args[0], stack)
			if len(histories) == 0 && unread == nil {
				fmt.Fprintf(a.out, "Nothing was promoted of model %s yet.\n", args[0])
			}
			for i := range histories {
				if err := a.printHistory(cmd.Context(), root, &histories[i]); err != nil {
					return err
				}
			}
			return unread
		},
	}
	a.addCloudFlag(command)
	return command
}

func (a *app) printHistory(ctx context.Context, root string, h *promotion.History) error {
	fmt.Fprintf(a.out, "stack %s\n", h.Stack)
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "  AT\tRELEASE\tBEFORE\tBY\tWHAT\tGATES")
	for i := range h.Entries {
		e := &h.Entries[i]
		before := "-"
		if e.Previous != "" {
			before = release.Short(e.Previous)
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\t%s\n",
			e.At.UTC().Format(time.RFC3339), release.Short(e.Release), before, e.By, e.What(), e.Evidence())
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, serving, _, err := a.deployed(ctx, root, h.Stack)
	if err == nil {
		err = h.Ask(ctx, serving)
	}
	if err != nil {
		// The record is worth reading without.
		fmt.Fprintf(a.out, "  in service: not known: %v\n", err)
		return nil
	}
	for _, live := range h.Live {
		fmt.Fprintf(a.out, "  %s\n", live)
	}
	return nil
}
