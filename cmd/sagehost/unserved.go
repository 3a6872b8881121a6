package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker"

	"sagehost/internal/engine/stackfile"
	"sagehost/internal/live/commandline"
	"sagehost/internal/live/deployed"
	"sagehost/stacks/settings"
)

// rollbackPatience is how long to wait for the end of rollbacks, to say why they were.
const rollbackPatience = 15 * time.Minute

// failures are the endpoints of a stack whose last change failed, and what renders commands about them.
func (a *app) failures(
	ctx context.Context, file *stackfile.File,
) ([]deployed.Endpoint, commandline.Context, error) {
	config, _, err := a.cloud(ctx)
	commands := a.commands(config)
	if err != nil {
		return nil, commands, err
	}
	root, err := findRoot()
	if err != nil {
		return nil, commands, err
	}
	s, err := parse(root, file)
	if err != nil {
		return nil, commands, err
	}
	var names []string
	for _, key := range slices.Sorted(maps.Keys(s.Endpoints)) {
		names = append(names, settings.EndpointName(key, file.Stack))
	}
	ctx, stop := context.WithTimeout(ctx, rollbackPatience)
	defer stop()
	failed, err := deployed.Failed(ctx, sagemaker.NewFromConfig(config), names)
	return failed, commands, err
}

// printFailures writes what SageMaker says of endpoints: the provider does not hand it on.
func printFailures(out io.Writer, endpoints []deployed.Endpoint, commands commandline.Context) {
	for i := range endpoints {
		e := &endpoints[i]
		fmt.Fprintf(out, "\nSageMaker says of endpoint %s, which is %s on the configuration %s:\n  %s\n",
			e.Name, e.Status, e.Config, e.FailureReason)
		for _, line := range e.WayOut(commands) {
			fmt.Fprintln(out, line)
		}
	}
}

// checkEndpoints fails for endpoints that are broken although a deployment has succeeded: to the provider, one that was
// there before and that has not changed is as it should be.
func (a *app) checkEndpoints(ctx context.Context, file *stackfile.File) error {
	failed, commands, err := a.failures(ctx, file)
	if err != nil {
		return fmt.Errorf("whether the endpoints of stack %q are in service: %w", file.Stack, err)
	}
	var broken []deployed.Endpoint
	var names []string
	for i := range failed {
		if failed[i].Broken() {
			broken = append(broken, failed[i])
			names = append(names, fmt.Sprintf("%s is %s", failed[i].Name, failed[i].Status))
		}
	}
	if len(broken) == 0 {
		return nil
	}
	printFailures(a.out, broken, commands)
	return errors.New("everything is deployed, but endpoint " + strings.Join(names, ", and endpoint ") +
		"; what mends it is above")
}
