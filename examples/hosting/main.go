package hosting

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

// A Program runs with the arguments after its name and a function such as os.Getenv, until the context ends.
type Program func(ctx context.Context, args []string, getenv func(string) string) error

// Main runs a program until it is interrupted or asked to terminate. It gives the status to exit with, and writes why
// the program failed to standard error.
func Main(name string, program Program) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := program(ctx, os.Args[1:], os.Getenv); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		return 1
	}
	return 0
}

// CheckArguments refuses any but the one argument that SageMaker starts hosting containers with.
func CheckArguments(name string, args []string) error {
	if len(args) != 1 || args[0] != "serve" {
		return fmt.Errorf("usage: %s serve", name)
	}
	return nil
}

// Listen opens a TCP port at an address.
func Listen(ctx context.Context, host string, port int) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return listener, nil
}
