package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/spf13/cobra"

	"sagehost/internal/engine/stackfile"
	"sagehost/internal/live/cloud"
	"sagehost/internal/live/cloudclock"
	"sagehost/internal/live/deployed"
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
		if err != nil {
			return aws.Config{}, nil, fmt.Errorf("stack %q: %w", a.stack, err)
		}
		return config, file, nil
	case local.running == nil:
		return aws.Config{}, nil, fmt.Errorf("the local AWS does not run%s; `%s` starts it", local.lastEnd(ctx),
			a.commands(aws.Config{}).OnStack("up"))
	default:
		return cloud.Local(local.running.URL, file.Region()), file, nil
	}
}

// serving asks what endpoints serve, in the accounts that a stack's file allows.
func (a *app) serving(config aws.Config, file *stackfile.File) (*deployed.Cloud, error) {
	c := &deployed.Cloud{SageMaker: sagemaker.NewFromConfig(config), S3: cloud.S3(config)}
	if !a.aws {
		// The local AWS has an account of its own.
		return c, nil
	}
	var err error
	c.AllowedAccounts, err = file.AllowedAccounts()
	return c, err
}

// standIn is set by tests in which a local AWS stands for AWS, evidence included.
const standIn = "SAGEHOST_LOCAL_AWS_STANDS_IN"

// local reports whether it is a local AWS that is measured: also where --aws leads to one, because the environment or
// the files of AWS's tools name its endpoint.
func (a *app) local(ctx context.Context, config aws.Config) bool {
	if !a.aws || os.Getenv(standIn) != "" {
		return !a.aws
	}
	for _, endpoint := range []*string{
		sagemaker.NewFromConfig(config).Options().BaseEndpoint, sagemakerruntime.NewFromConfig(config).Options().BaseEndpoint,
	} {
		if endpoint == nil {
			continue
		}
		if _, local := cloudclock.At(ctx, *endpoint).(cloudclock.Local); local {
			return true
		}
	}
	return false
}
