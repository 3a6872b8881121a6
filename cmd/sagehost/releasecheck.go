package main

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"sagehost/internal/delivery/promotion"
	"sagehost/internal/release"
)

func newReleaseCheck(a *app) *cobra.Command {
	var against string
	command := &cobra.Command{
		Use:   "check",
		Short: "Check that a stack names the releases that were promoted to it",
		Long: "check holds the releases that Pulumi.<stack>.yaml names against the records of a stack that takes releases\n" +
			"from another one: an id that was written there by hand, or that is held, is refused. With --against also\n" +
			"manifests, evidence and records in releases/ are compared with those of a commit: they are only ever added to.\n" +
			"It asks nothing of AWS.",
		Example: "  sagehost release check --stack prod\n" +
			"  sagehost release check --stack prod --against origin/main",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			root, err := findRoot()
			if err != nil {
				return err
			}
			err = a.checkNamed(root)
			if against != "" {
				err = errors.Join(err, promotion.Against(cmd.Context(), root, against))
			}
			return err
		},
	}
	command.Flags().StringVar(&against, "against", "", "a commit that releases/ only adds to (default none)")
	return command
}

// checkNamed shows what a stack names rightly.
func (a *app) checkNamed(root string) error {
	list, err := promotion.Check(root, a.stack, a.commands(aws.Config{}))
	for i := range list {
		e := &list[i].Entry
		fmt.Fprintf(a.out, "%s: release %s, %s by %s\n", list[i].Model, release.Short(e.Release), e.What(), e.By)
	}
	if err == nil && len(list) == 0 {
		fmt.Fprintf(a.out, "Nothing was promoted to stack %s yet.\n", a.stack)
	}
	return err
}
