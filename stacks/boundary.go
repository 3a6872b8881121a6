package stacks

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/access"
	"sagehost/stacks/settings"
)

// findBoundary is the ARN of the permissions boundary of the stack's roles: the one that the settings name, or else the
// one that the bootstrap makes for the stack, whose ARN follows from the stack's name. Empty where there is none.
func findBoundary(ctx *pulumi.Context, specs *settings.Settings) (string, error) {
	if specs.PermissionsBoundary != "" {
		return specs.PermissionsBoundary, nil
	}
	partition, err := aws.GetPartition(ctx, nil)
	if err != nil {
		return "", fmt.Errorf("partition: %w", err)
	}
	caller, err := aws.GetCallerIdentity(ctx, nil)
	if err != nil {
		return "", fmt.Errorf("account: %w", err)
	}
	arn := access.BoundaryARN(access.Scope{
		Partition: partition.Partition, Account: caller.AccountId, Project: settings.Namespace, Stack: ctx.Stack(),
	})
	found, err := iam.LookupPolicy(ctx, &iam.LookupPolicyArgs{Arn: &arn})
	switch {
	case err == nil:
		return found.Arn, nil
	case notFound(err):
		return "", nil
	default:
		return "", fmt.Errorf("permissions boundary %s, which sagehost:permissionsBoundary would name: %w", arn, err)
	}
}

// notFound reports whether a look-up failed because there is no such thing. Errors of the provider are only text.
func notFound(err error) bool {
	return strings.Contains(err.Error(), "couldn't find resource") || strings.Contains(err.Error(), "NoSuchEntity")
}
