// Command preprocess prepares raw records for a model, in a SageMaker hosting container that comes before the model's.
package main

import (
	"context"
	"os"

	"sagehost/examples/hosting"
	"sagehost/examples/preprocess/server"
)

func main() {
	os.Exit(hosting.Main("preprocess", run))
}

// run serves until the context ends.
func run(ctx context.Context, args []string, getenv func(string) string) error {
	if err := hosting.CheckArguments("preprocess", args); err != nil {
		return err
	}
	env := hosting.NewEnvironment(getenv)
	host, port, folder := env.Host("PREPROCESS_HOST"), env.Port(), env.ModelFolder()
	if err := env.Problems(); err != nil {
		return err
	}
	listener, err := hosting.Listen(ctx, host, port)
	if err != nil {
		return err
	}
	s := server.New(folder)
	return hosting.Serve(ctx, listener, s.Handler(), s.Load)
}
