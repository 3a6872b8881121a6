package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"sagehost/internal/delivery/gitrepo"
	"sagehost/internal/delivery/promotion"
	"sagehost/internal/engine/stackfile"
	"sagehost/internal/live/cloud"
	"sagehost/internal/live/deployed"
	"sagehost/internal/release"
	"sagehost/stacks/settings"
)

// deployed is where a stack is, what its endpoints serve, and its settings.
func (a *app) deployed(
	ctx context.Context, root, stack string,
) (aws.Config, *deployed.Cloud, *settings.Settings, error) {
	there := *a
	there.stack = stack
	file, err := stackfile.Load(root, stack)
	if err != nil {
		return aws.Config{}, nil, nil, err
	}
	s, err := parse(root, file)
	if err != nil {
		return aws.Config{}, nil, nil, err
	}
	config, _, err := there.cloud(ctx)
	if err != nil {
		return aws.Config{}, nil, nil, err
	}
	serving, err := a.serving(config, file)
	return config, serving, s, err
}

// change is one that the user makes now.
func (a *app) change(ctx context.Context, root, model, stack string) promotion.Change {
	return promotion.Change{
		Dir: root, Model: model, Stack: stack, Now: time.Now(), By: gitrepo.Repo{Dir: root}.Author(ctx, os.Getenv),
		Commands: a.commands(aws.Config{}),
	}
}

// changeFlags are the flags of commands that change a stack's release.
type changeFlags struct {
	pullRequest bool
	body        string
}

func (f *changeFlags) add(command *cobra.Command) {
	command.Flags().BoolVar(&f.pullRequest, "pr", false,
		"leave the change in a branch of its own, ready for a pull request, and the checkout as it is")
	command.Flags().StringVar(&f.body, "body", "", "a file for the text of the pull request, in Markdown; "+
		"in .sagehost/ it is no change of the checkout")
}

func newPromote(a *app) *cobra.Command {
	p := &promotion.Promote{}
	f := &changeFlags{}
	var to string
	command := &cobra.Command{
		Use:   "promote MODEL",
		Short: "Take the release that one stack serves to the next",
		Long: "promote checks that the stack of origin serves the release that its settings name, holds the evidence " +
			"in the\n" +
			"release's manifest against what the target stack demands, and edits the id in Pulumi.<to>.yaml. It deploys " +
			"nothing.\n" +
			"It exits with 1 when a gate has failed, and with 3 when none has but one cannot tell.",
		Example: "  sagehost promote flowers --from dev --to prod\n" +
			"  sagehost promote flowers --to prod --pr --body .sagehost/pull-request.md",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			root, err := findRoot()
			if err != nil {
				return err
			}
			p.Change = a.change(cmd.Context(), root, args[0], to)
			p.Branch, p.AWS = f.pullRequest, a.aws
			p.Cloud = func(ctx context.Context, stack string) (*deployed.Cloud, error) {
				_, serving, _, err := a.deployed(ctx, root, stack)
				return serving, err
			}
			result, err := p.Run(cmd.Context())
			if err != nil {
				return unclear(err)
			}
			return a.printChange(result, f.body)
		},
	}
	flags := command.Flags()
	flags.StringVar(&p.From, "from", "", "the stack of origin (default the target's sagehost:promotion.from)")
	flags.StringVar(&to, "to", "prod", "the target stack")
	flags.StringVar(&p.Override, "override", "", "promote although gates have not passed, for this reason, which "+
		"is recorded")
	flags.BoolVar(&p.First, "first", false, "promote although the target describes the model inline, which no rollback "+
		"leads back to")
	flags.BoolVar(&p.ReleaseHold, "release-hold", false, "promote although a rollback took this release out")
	f.add(command)
	a.addCloudFlag(command)
	return command
}

// unclear is the error of a promotion, which scripts can tell from a failure where only some gate could not tell.
func unclear(err error) error {
	if refused, ok := errors.AsType[*promotion.Refused](err); ok && refused.Result() == release.Inconclusive {
		return fmt.Errorf("%w\nthe result is %w", err, errInconclusive)
	}
	return err
}

func newRollback(a *app) *cobra.Command {
	f := &changeFlags{}
	command := &cobra.Command{
		Use:   "rollback MODEL",
		Short: "Take a stack back to the release before, and hold the current one",
		Long: "rollback makes Pulumi.<stack>.yaml name the release that was promoted before the current one. The " +
			"current one is\n" +
			"held: it is not promoted again without --release-hold. It asks nothing of AWS and deploys nothing.",
		Example: "  sagehost rollback flowers --stack prod",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			root, err := findRoot()
			if err != nil {
				return err
			}
			b := promotion.Rollback{Change: a.change(cmd.Context(), root, args[0], a.stack)}
			b.Branch = f.pullRequest
			if a.aws {
				config, _, err := a.cloud(cmd.Context())
				if err != nil {
					return err
				}
				b.Objects = cloud.S3(config)
			}
			result, err := b.Run(cmd.Context())
			if err != nil {
				return err
			}
			return a.printChange(result, f.body)
		},
	}
	f.add(command)
	command.Flags().BoolVar(&a.aws, "aws", false, "look with your credentials whether the release's archives are "+
		"still there")
	return command
}

// printChange shows what changed, and writes the text of the pull request to a file if one is named.
func (a *app) printChange(r *promotion.Result, body string) error {
	id := release.Short(r.Entry.Release)
	if r.Unchanged {
		fmt.Fprintf(a.out, "Release %s is named there already; nothing has changed.\n", id)
		return nil
	}
	for _, v := range r.Entry.Gates {
		fmt.Fprintf(a.out, "%-12s %-12s %s\n", v.Gate, v.Result, v.Detail)
	}
	if len(r.Replaced) > 0 {
		fmt.Fprintf(a.out, "Release %s takes the place of the inline description: %s\n", id, strings.Join(r.Replaced, ", "))
	}
	if r.Unknown != "" {
		fmt.Fprintln(a.out, r.Unknown)
	}
	fmt.Fprint(a.out, r.Diff)
	if r.BranchName != "" {
		fmt.Fprintf(a.out, "The branch %s has the change, in commit %s.\n", r.BranchName, r.Commit)
		if body == "" {
			fmt.Fprintf(a.out, "\n%s", r.Body)
		}
	}
	if body == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(body), 0o755); err != nil { //nolint:gosec // a folder of the checkout
		return err
	}
	return os.WriteFile(body, []byte(r.Body), 0o600)
}
