package main

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"sagehost/internal/cloud"
	"sagehost/internal/stackfile"
)

// addCloudFlag lets a command act on AWS.
func (a *app) addCloudFlag(command *cobra.Command) {
	command.Flags().BoolVar(&a.aws, "aws", false, "act on AWS with your credentials, and not on the local AWS")
}

// cloud is where the stack is that the flags name, and the stack's file. Unless the flags say AWS, the local AWS must
// run.
func (a *app) cloud(ctx context.Context) (aws.Config, *stackfile.File, error) {
	local, err := survey(ctx)
	if err != nil {
		return aws.Config{}, nil, err
	}
	file, err := stackfile.Load(local.root, a.stack)
	if err != nil {
		return aws.Config{}, nil, err
	}
	switch {
	case a.aws:
		allowed, err := file.AllowedAccounts()
		if err != nil {
			return aws.Config{}, nil, err
		}
		config, err := cloud.AWS(ctx, file.Region(), allowed)
		return config, file, err
	case local.running == nil:
		return aws.Config{}, nil, errors.New("the local AWS does not run; `make up` starts it")
	default:
		return cloud.Local(local.running.URL, file.Region()), file, nil
	}
}
