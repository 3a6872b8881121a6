package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sagehost/internal/deploy"
	"sagehost/internal/stackfile"
)

func newUp(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "up",
		Short: "Deploy a stack to the local AWS, which is started if need be",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withStack(cmd.Context(), func(ctx context.Context, file *stackfile.File, s *opened) error {
				changes, outputs, err := s.Up(ctx)
				if err != nil {
					return err
				}
				fmt.Fprintf(a.out, "\nStack %s: %s\n", file.Stack, summary(changes, done))
				printOutputs(a.out, outputs)
				printNext(a.out, file, outputs, s.url)
				return nil
			})
		},
	}
}

func newPreview(a *app) *cobra.Command {
	return a.counting("preview", "Show what up would change", planned, (*deploy.Stack).Preview)
}

func newRefresh(a *app) *cobra.Command {
	return a.counting("refresh", "Write to the state what exists", done, (*deploy.Stack).Refresh)
}

// counting is a command that reports how many resources an operation concerns.
func (a *app) counting(
	use, short string, words tense, operation func(*deploy.Stack, context.Context) (map[string]int, error),
) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withStack(cmd.Context(), func(ctx context.Context, file *stackfile.File, s *opened) error {
				changes, err := operation(s.Stack, ctx)
				if err != nil {
					return err
				}
				fmt.Fprintf(a.out, "\nStack %s: %s\n", file.Stack, summary(changes, words))
				return nil
			})
		},
	}
}

// opened is a stack on the local AWS at a URL.
type opened struct {
	*deploy.Stack
	url string
}

// withStack does something with the stack that the flags name.
func (a *app) withStack(ctx context.Context, do func(context.Context, *stackfile.File, *opened) error) (err error) {
	root, err := findRoot()
	if err != nil {
		return err
	}
	file, err := a.file(root)
	if err != nil {
		return err
	}
	s, err := a.open(ctx, root)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	stack, err := s.Stack(ctx, file)
	if err != nil {
		return err
	}
	err = do(ctx, file, &opened{Stack: stack, url: s.URL})
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("stack %q was interrupted; the same command again continues from here", file.Stack)
	}
	return err
}
