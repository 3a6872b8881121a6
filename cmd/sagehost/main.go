// Command sagehost runs the stacks of this project on a local AWS.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
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
	command := newRoot(&app{out: os.Stdout, interrupts: interrupts})
	command.SetArgs(args)
	if err := command.ExecuteContext(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "sagehost: %v\n", err)
		return 1
	}
	return 0
}
