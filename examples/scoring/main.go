// Command scoring serves linear classifiers in a SageMaker hosting container.
package main

import (
	"context"
	"os"

	"sagehost/examples/hosting"
	"sagehost/examples/scoring/server"
)

func main() {
	os.Exit(hosting.Main("scoring", run))
}

// run serves until the context ends.
func run(ctx context.Context, args []string, getenv func(string) string) error {
	if err := hosting.CheckArguments("scoring", args); err != nil {
		return err
	}
	options, err := server.ReadOptions(getenv)
	if err != nil {
		return err
	}
	listener, err := hosting.Listen(ctx, options.Host, options.Port)
	if err != nil {
		return err
	}
	return server.New(options).Serve(ctx, listener)
}
