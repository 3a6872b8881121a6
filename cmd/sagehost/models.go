package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"sagehost/internal/live/cloud"
	"sagehost/internal/measure/modelprefix"
	"sagehost/stacks/settings"
)

func newModels(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "models",
		Short: "Manage the models of a multi-model endpoint",
		Long: "models adds archives to the prefix of a multi-model endpoint, lists and removes them. No archive is ever\n" +
			"overwritten, nor a name used again: containers keep models by their names. A name may have folders, such as\n" +
			"acme/petals, so that callers can be allowed the models of one folder. ENDPOINT is the endpoint's key in\n" +
			"Pulumi.<stack>.yaml.",
	}
	command.AddCommand(
		&cobra.Command{
			Use: "add ENDPOINT NAME FILE", Short: "Upload a .tar.gz archive under a name that is new", Args: cobra.ExactArgs(3),
			RunE: a.onPrefix(func(ctx context.Context, prefix modelprefix.Prefix, args []string) error {
				added, err := prefix.Add(ctx, args[0], args[1])
				if err != nil {
					return err
				}
				fmt.Fprintf(a.out, "%s: %s, SHA-256 %s\n", added.Name, english.Plural(int(added.Size), "byte", ""), added.SHA256)
				return nil
			}),
		},
		&cobra.Command{
			Use: "list ENDPOINT", Short: "List the models", Args: cobra.ExactArgs(1),
			RunE: a.onPrefix(func(ctx context.Context, prefix modelprefix.Prefix, _ []string) error {
				models, err := prefix.List(ctx)
				if err != nil {
					return err
				}
				table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
				fmt.Fprintln(table, "NAME\tBYTES\tADDED\tSHA-256")
				for _, m := range models {
					fmt.Fprintf(table, "%s\t%d\t%s\t%s\n", m.Name, m.Size, m.Added.UTC().Format(time.RFC3339), m.SHA256)
				}
				return table.Flush()
			}),
		},
		&cobra.Command{
			Use: "remove ENDPOINT NAME", Short: "Delete a model", Args: cobra.ExactArgs(2),
			RunE: a.onPrefix(func(ctx context.Context, prefix modelprefix.Prefix, args []string) error {
				if err := prefix.Remove(ctx, args[0]); err != nil {
					return err
				}
				fmt.Fprintf(a.out, "%s is removed. Instances that have loaded it answer with it until they unload it.\n", args[0])
				return nil
			}),
		},
	)
	for _, verb := range command.Commands() {
		a.addCloudFlag(verb)
	}
	return command
}

// onPrefix does something with the prefix of the endpoint that the first argument names, and the other arguments.
func (a *app) onPrefix(
	do func(context.Context, modelprefix.Prefix, []string) error,
) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		config, file, err := a.cloud(cmd.Context())
		if err != nil {
			return err
		}
		name := settings.EndpointName(args[0], file.Stack)
		prefix, err := modelprefix.OfEndpoint(cmd.Context(), sagemaker.NewFromConfig(config), cloud.S3(config), name)
		if err != nil {
			return err
		}
		return do(cmd.Context(), prefix, args[1:])
	}
}
