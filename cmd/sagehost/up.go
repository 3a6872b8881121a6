package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"sagehost/internal/engine/deploy"
	"sagehost/internal/engine/session"
	"sagehost/internal/engine/stackfile"
	"sagehost/internal/live/cloud"
	"sagehost/stacks"
)

func newUp(a *app) *cobra.Command {
	var adopt bool
	command := a.onStack("up", "Deploy a stack to the local AWS, which is started if need be, or with --aws to AWS",
		func(ctx context.Context, file *stackfile.File, s *opened) error {
			changes, outputs, err := s.Up(ctx)
			if existing := existingOf(err); adopt && len(existing) > 0 {
				if err := s.Adopt(ctx, existing); err != nil {
					return err
				}
				changes, outputs, err = s.Up(ctx)
			}
			if err != nil {
				if ctx.Err() == nil {
					// What cannot be asked is left out, since the failure itself is told already.
					failed, commands, _ := a.failures(ctx, file)
					printFailures(a.out, failed, commands)
					a.printExisting(existingOf(err))
				}
				return err
			}
			fmt.Fprintf(a.out, "\nStack %s: %s\n", file.Stack, summary(changes, done))
			printOutputs(a.out, outputs)
			if s.url != "" {
				printNext(a.out, outputs, a.commands(cloud.Local(s.url, file.Region())))
			}
			return a.checkEndpoints(ctx, file)
		})
	command.Flags().BoolVar(&adopt, "adopt", false,
		"take over log groups that are there already, with what is in them, and keep them as long as the stack says")
	return command
}

// existingOf are the log groups that kept an update from its end.
func existingOf(err error) []deploy.Existing {
	if failure, ok := errors.AsType[*deploy.Failure](err); ok {
		return failure.Existing
	}
	return nil
}

// printExisting says what to do about log groups that are there already.
func (a *app) printExisting(existing []deploy.Existing) {
	for _, group := range existing {
		fmt.Fprintf(a.out, "\nThe log group %s was there before the stack.\n", group.Name())
	}
	if len(existing) > 0 {
		fmt.Fprintf(a.out, "To take over what is in it, which is then kept as long as the stack says, and to go on:\n  %s\n",
			a.commands(aws.Config{}).OnStack("up", "--adopt"))
	}
}

func newRefresh(a *app) *cobra.Command {
	return a.onStack("refresh", "Write to the state what exists",
		func(ctx context.Context, file *stackfile.File, s *opened) error {
			changes, err := s.Refresh(ctx)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "\nStack %s: %s\n", file.Stack, summary(changes, done))
			return nil
		})
}

// opened is a stack on AWS, or on the local AWS at a URL.
type opened struct {
	*deploy.Stack
	// url is empty for AWS.
	url string
}

// onStack is a command that does something with the stack that the flags name.
func (a *app) onStack(
	use, short string, do func(context.Context, *stackfile.File, *opened) error,
) *cobra.Command {
	command := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withStack(cmd.Context(), do)
		},
	}
	a.addCloudFlag(command)
	return command
}

func (a *app) withStack(ctx context.Context, do func(context.Context, *stackfile.File, *opened) error) (err error) {
	root, err := findRoot()
	if err != nil {
		return err
	}
	file, err := a.file(root)
	if err != nil {
		return err
	}
	stack, end, err := a.openStack(ctx, root, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	err = do(ctx, file, stack)
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("stack %q was interrupted; the same command again continues from here", file.Stack)
	}
	return err
}

// openStack opens a stack where the flags say, and returns what ends it.
func (a *app) openStack(ctx context.Context, root string, file *stackfile.File) (*opened, func() error, error) {
	if a.aws {
		stack, err := session.OpenAWS(ctx, session.Options{
			Root: root, Program: stacks.In(root), Out: a.out, Interrupts: a.interrupts, Commands: a.commands(aws.Config{}),
		}, file)
		return &opened{Stack: stack}, func() error { return nil }, err
	}
	s, err := a.open(ctx, root)
	if err != nil {
		return nil, nil, err
	}
	if err := deploy.CheckState(session.Dir(root), file, a.commands(cloud.Local(s.URL, file.Region()))); err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	stack, err := s.Stack(ctx, file)
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return &opened{Stack: stack, url: s.URL}, s.Close, nil
}
