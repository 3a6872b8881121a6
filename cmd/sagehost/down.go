package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sagehost/internal/session"
	"sagehost/internal/stackfile"
)

func newDown(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "down",
		Short: "Destroy all stacks on the local AWS, stop it, and remove its state",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			local, err := survey(ctx)
			if err != nil {
				return err
			}
			if local.running != nil && len(local.stacks) > 0 {
				if err := a.destroy(ctx, local.root, local.stacks); err != nil {
					return err
				}
			}
			if err := session.Stop(ctx, local.root); err != nil {
				return err
			}
			fmt.Fprintln(a.out, "Nothing of the local AWS is left.")
			return nil
		},
	}
}

func (a *app) destroy(ctx context.Context, root string, stacks []string) (err error) {
	s, err := a.open(ctx, root)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for _, name := range stacks {
		// What exists is in the state: a stack's file may be wrong or missing by now.
		file, err := stackfile.Load(root, name)
		if err != nil {
			file = stackfile.Empty(name)
		}
		stack, err := s.Stack(ctx, file)
		if err != nil {
			return err
		}
		if err := stack.Destroy(ctx); err != nil {
			return err
		}
	}
	return nil
}
