package session

import (
	"context"
	"fmt"

	"sagehost/internal/engine/deploy"
	"sagehost/internal/engine/stackfile"
	"sagehost/internal/engine/toolchain"
	"sagehost/internal/live/cloud"
)

// OpenAWS opens a stack on AWS. Its file must say which accounts it may be in: the provider, which may have credentials
// of its own, refuses others. Of all tools it needs the Pulumi CLI alone; the engine gets its plugins by itself.
func OpenAWS(ctx context.Context, opts Options, file *stackfile.File) (*deploy.Stack, error) {
	allowed, err := file.AllowedAccounts()
	if err == nil && len(allowed) == 0 {
		_, err = cloud.AWS(ctx, file.Region(), nil)
	}
	if err != nil {
		return nil, fmt.Errorf("stack %q: %w", file.Stack, err)
	}
	tools, err := toolchain.Toolchain{Root: opts.Root, Progress: opts.Out}.EnsureCLI(ctx)
	if err != nil {
		return nil, err
	}
	return deploy.OpenAWS(ctx, deploy.Options{
		File: file, Program: opts.Program, Pulumi: tools.Pulumi,
		Dir: opts.Root, Out: opts.Out, Interrupts: opts.Interrupts, Commands: opts.Commands,
	})
}
