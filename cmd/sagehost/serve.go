package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"sagehost/internal/engine/daemon"
	"sagehost/localaws"
	"sagehost/localaws/services/sagemaker"
)

// localDurations make an endpoint's changes visible without making anybody wait for them.
var localDurations = sagemaker.Durations{
	Creating: 3 * time.Second, Updating: 3 * time.Second, RollingBack: 2 * time.Second, Deleting: time.Second,
}

func newServe(a *app) *cobra.Command {
	var root, dir, moto string
	command := &cobra.Command{
		Use:    "serve",
		Short:  "Be the local AWS, until told to end",
		Args:   cobra.NoArgs,
		Hidden: true, // up starts it
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			server, err := localaws.Start(ctx, localaws.Options{
				Moto: moto, Addr: a.addr, Log: os.Stderr, Durations: localDurations, Root: root, Dir: dir, Keep: true,
			})
			if err != nil {
				return fmt.Errorf("%w; another address can be given with SAGEHOST_ADDR=127.0.0.1:<port>", err)
			}
			defer func() { _ = server.Close() }()
			record := daemon.Record{PID: os.Getpid(), URL: server.URL()}
			if err := record.Write(dir); err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return daemon.Remove(dir)
			case <-server.Failed():
				record.Ended = server.Err().Error()
				return errors.Join(server.Err(), record.Write(dir))
			}
		},
	}
	command.Flags().StringVar(&root, "root", "", "the checkout with the programs that stand for images")
	command.Flags().StringVar(&dir, "dir", "", "the folder for its record and its state")
	command.Flags().StringVar(&moto, "moto", "", "the path of moto_server")
	return command
}
