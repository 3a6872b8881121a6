// Command scoring serves linear classifiers in a SageMaker hosting container.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"sagehost/examples/scoring/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "scoring: %v\n", err)
		os.Exit(1)
	}
}

// run serves until the context ends. SageMaker starts hosting containers with the argument serve.
func run(ctx context.Context, args []string, getenv func(string) string) error {
	if len(args) != 1 || args[0] != "serve" {
		return errors.New("usage: scoring serve")
	}
	options, err := server.ReadOptions(getenv)
	if err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(options.Host, strconv.Itoa(options.Port)))
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	return server.New(options).Serve(ctx, listener)
}
