package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sagehost/internal/engine/daemon"
	"sagehost/internal/engine/deploy"
	"sagehost/internal/engine/session"
	"sagehost/internal/engine/stackfile"
	"sagehost/internal/live/cloud"
)

// usableTimeout bounds the question whether the local AWS can do anything before stacks are destroyed on it.
const usableTimeout = 15 * time.Second

func newDown(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "down",
		Short: "Destroy all stacks on the local AWS, stop it, and remove its state",
		Long: "Destroy all stacks on the local AWS, stop it, and remove its state. A stack that cannot be destroyed is\n" +
			"discarded with everything else.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			root, err := findRoot()
			if err != nil {
				return err
			}
			if err := a.destroyAll(ctx, root); ctx.Err() != nil {
				return ctx.Err()
			} else if err != nil {
				fmt.Fprintf(a.out, "\nNot everything could be destroyed: %v\nIt is discarded with the local AWS.\n", err)
			}
			if err := session.Stop(ctx, root); err != nil {
				return err
			}
			fmt.Fprintln(a.out, "Nothing of the local AWS is left.")
			return nil
		},
	}
}

// destroyAll destroys the stacks on the local AWS, if it runs. The error has all that failed.
func (a *app) destroyAll(ctx context.Context, root string) error {
	running, err := daemon.Running(ctx, session.Dir(root))
	if err != nil {
		return err
	}
	stacks, err := deploy.Stacks(session.Dir(root))
	switch {
	case err != nil || len(stacks) == 0:
		return err
	case running == nil:
		local := local{root: root}
		return fmt.Errorf("the local AWS of the stacks %v does not run%s", stacks, local.lastEnd(ctx))
	}
	if err := checkUsable(ctx, running.URL); err != nil {
		return err
	}
	s, err := a.open(ctx, root)
	if err != nil {
		return err
	}
	for _, name := range stacks {
		err = errors.Join(err, destroy(ctx, root, s, name))
	}
	return errors.Join(err, s.Close())
}

func destroy(ctx context.Context, root string, s *session.Session, name string) error {
	// What exists is in the state: a stack's file may be wrong or missing by now.
	file, err := stackfile.Load(root, name)
	if err != nil {
		file = stackfile.Empty(name)
	}
	stack, err := s.Stack(ctx, file)
	if err != nil {
		return err
	}
	return stack.Destroy(ctx)
}

// checkUsable asks the local AWS something that only the emulator behind it can answer: without that, the engine would
// try to destroy each resource for a long time.
func checkUsable(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, usableTimeout)
	defer cancel()
	if _, err := cloud.Account(ctx, cloud.Local(url, "us-east-1")); err != nil {
		return fmt.Errorf("the local AWS answers nothing: %w", err)
	}
	return nil
}
