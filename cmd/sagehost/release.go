package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"sagehost/internal/delivery/evidence"
	"sagehost/internal/delivery/promotion"
	"sagehost/internal/live/deployed"
	"sagehost/internal/release"
)

func newRelease(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "release",
		Short: "Make releases of models, deploy them to the first stack, and check what is served",
	}
	command.AddCommand(newReleaseCreate(a), newReleaseUse(a), newReleaseVerify(a), newReleaseCheck(a))
	return command
}

func newReleaseUse(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "use MODEL ID",
		Short: "Name a release in the settings of a stack that demands nothing of it",
		Long: "use edits Pulumi.<stack>.yaml so that it names the release, in place of another or of the inline " +
			"description,\n" +
			"and changes nothing else. ID is the release's, 12 digits or more. A stack with sagehost:promotion takes\n" +
			"releases by `sagehost promote`; use only begins its record, with the release that it serves already.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			root, err := findRoot()
			if err != nil {
				return err
			}
			result, err := promotion.Use(cmd.Context(), a.change(cmd.Context(), root, args[0], a.stack), args[1])
			if err != nil {
				return err
			}
			if err := a.printChange(result, ""); err != nil || len(result.Files) < 2 {
				return err
			}
			fmt.Fprintf(a.out, "The record %s begins with it.\n", result.Files[1])
			return nil
		},
	}
}

func newReleaseVerify(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "verify MODEL",
		Short: "Check that a stack serves the release that its settings name, and record it as evidence",
		Long: "verify asks SageMaker which images, archives and environment the stack's endpoints have deployed, and " +
			"Amazon S3\n" +
			"what is in the archives, and adds the result to the release. A model that is described inline has no release\n" +
			"to verify. Exit status: 0 if all agree or there is no release, 1 if they do not agree, 3 while an endpoint\n" +
			"is being updated.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.verify(cmd.Context(), args[0]) },
	}
	a.addCloudFlag(command)
	return command
}

func (a *app) verify(ctx context.Context, name string) error {
	root, err := findRoot()
	if err != nil {
		return err
	}
	config, serving, s, err := a.deployed(ctx, root, a.stack)
	if err != nil {
		return err
	}
	model, known := s.Models[name]
	if !known {
		return unknownModel(s, a.stack, name)
	}
	id := model.Release
	if id == "" {
		fmt.Fprintf(a.out, "Stack %s describes model %s inline: there is no release to verify.\n"+
			"To make one:  %s\n", a.stack, name, a.commands(config).OnStack("release", "create", name))
		return nil
	}
	dir := filepath.Join(root, "releases")
	r, err := release.Load(dir, name, id)
	if err != nil {
		return err
	}
	found, err := serving.Converged(ctx, a.stack, deployed.Places(s, a.stack, name), r, time.Now().Truncate(time.Second))
	if err != nil {
		return err
	}
	found.Local = a.local(ctx, config)
	if err := evidence.Append(ctx, dir, name, found); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s: %s\n", found.Result, found.Detail)
	return verdict("release "+release.Short(id), found.Result)
}
