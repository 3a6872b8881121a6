// Command sagehost deploys the stacks of this project, on a local AWS or on AWS, measures what they serve, and promotes
// what is proven.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sagehost/internal/engine/daemon"
	"sagehost/internal/release"
)

func main() { os.Exit(run(os.Args[1:])) }

// run is main with its deferred work done before the process ends.
func run(args []string) int {
	interrupts := make(chan os.Signal, 4)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupts)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-interrupts:
			fmt.Fprintln(os.Stderr, "\nInterrupted: what is under way is brought to an orderly end. "+
				"A second interrupt abandons it.")
			cancel()
		case <-ctx.Done():
		}
	}()
	a := &app{out: os.Stdout, interrupts: interrupts}
	command := newRoot(a)
	command.SetArgs(args)
	if err := command.ExecuteContext(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "sagehost: %v\n", err)
		if _, stuck := errors.AsType[*daemon.Unresponsive](err); stuck {
			fmt.Fprintf(os.Stderr, "`%s` ends and discards it.\n", a.commands(aws.Config{}).Sagehost("down"))
		}
		return exitCode(err)
	}
	return 0
}

// The exit codes of a command that did not succeed.
const (
	exitFailed = 1
	// exitInconclusive tells a measurement that saw too little from one that failed: scripts may wait and try again.
	exitInconclusive = 3
)

// errInconclusive is matched by the error of a command that could not tell.
var errInconclusive = errors.New("inconclusive")

func exitCode(err error) int {
	if errors.Is(err, errInconclusive) {
		return exitInconclusive
	}
	return exitFailed
}

// verdict is the error of a command whose measurement came to a result; nil if it passed, or if no limit was set.
func verdict(what string, result release.Result) error {
	switch result {
	case release.Pass, release.Measured:
		return nil
	case release.Inconclusive:
		return fmt.Errorf("%s: %w", what, errInconclusive)
	default:
		return fmt.Errorf("%s: failed", what)
	}
}
