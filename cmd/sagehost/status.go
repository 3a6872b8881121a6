package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/spf13/cobra"

	"sagehost/internal/engine/daemon"
	"sagehost/internal/engine/deploy"
	"sagehost/internal/engine/session"
	"sagehost/internal/engine/stackfile"
	"sagehost/internal/live/cloud"
	"sagehost/localaws"
)

func newStatus(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Say what runs on the local AWS",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			local, err := survey(ctx)
			if err != nil {
				return err
			}
			if local.running == nil {
				fmt.Fprintf(a.out, "The local AWS does not run%s; `%s` starts it.\n", local.lastEnd(ctx),
					a.commands(aws.Config{}).OnStack("up"))
				return nil
			}
			fmt.Fprintf(a.out, "The local AWS listens on %s (process %d).\n", local.running.URL, local.running.PID)
			for _, name := range local.stacks {
				file, err := stackfile.Load(local.root, name)
				if err != nil {
					return err
				}
				if err := printEndpoints(ctx, a.out, cloud.Local(local.running.URL, file.Region()), file.Stack); err != nil {
					return fmt.Errorf("stack %q: %w", name, err)
				}
			}
			return nil
		},
	}
}

// local is the local AWS of a checkout as a command finds it.
type local struct {
	root string
	// running is nil when it does not run.
	running *daemon.Record
	// stacks are those that have a state.
	stacks []string
}

// lastEnd is why the local AWS ended, as part of a sentence; empty where nothing is known.
func (l *local) lastEnd(ctx context.Context) string {
	dir := session.Dir(l.root)
	reason := daemon.LastEnd(dir)
	switch {
	case reason == "":
		return ""
	case daemon.WasKilled(dir) && !localaws.Resumable(ctx, dir):
		return " (" + reason + ", and so was moto: what they held is lost)"
	default:
		return " (" + reason + ")"
	}
}

// survey looks at the local AWS of the checkout around the working folder.
func survey(ctx context.Context) (*local, error) {
	root, err := findRoot()
	if err != nil {
		return nil, err
	}
	running, err := daemon.Running(ctx, session.Dir(root))
	if err != nil {
		return nil, err
	}
	stacks, err := deploy.Stacks(session.Dir(root))
	if err != nil {
		return nil, err
	}
	return &local{root: root, running: running, stacks: stacks}, nil
}

// printEndpoints lists the endpoints of a stack, a line for each variant.
func printEndpoints(ctx context.Context, out io.Writer, config aws.Config, stack string) error {
	client := sagemaker.NewFromConfig(config)
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintf(table, "\nSTACK\tENDPOINT\tSTATUS\tCONFIGURATION\tVARIANT\tINSTANCES\n")
	pages := sagemaker.NewListEndpointsPaginator(client, &sagemaker.ListEndpointsInput{
		NameContains: aws.String("-" + stack),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list endpoints: %w", err)
		}
		for _, summary := range page.Endpoints {
			// The list filters by what names contain; a stack's name ends them.
			if !strings.HasSuffix(aws.ToString(summary.EndpointName), "-"+stack) {
				continue
			}
			endpoint, err := client.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: summary.EndpointName})
			if err != nil {
				return fmt.Errorf("describe endpoint %q: %w", aws.ToString(summary.EndpointName), err)
			}
			for _, variant := range endpoint.ProductionVariants {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d\n", stack, aws.ToString(endpoint.EndpointName),
					endpoint.EndpointStatus, aws.ToString(endpoint.EndpointConfigName),
					aws.ToString(variant.VariantName), aws.ToInt32(variant.CurrentInstanceCount))
			}
		}
	}
	return table.Flush()
}
