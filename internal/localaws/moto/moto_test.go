//go:build unix

package moto_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/localaws/moto"
)

// program writes a shell script that stands for moto_server.
func program(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "moto_server")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700))
	return path
}

func TestAProgramThatEndsAtOnceIsReported(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	_, err := moto.Start(t.Context(), program(t, `echo "no module named moto, asked for $1 $2 $3"; exit 1`), &log)
	require.EqualError(t, err, "start moto: moto_server ended before it was ready; its log says why")
	assert.Contains(t, log.String(), "no module named moto, asked for -H 127.0.0.1 -p")
}

func TestACancelledStartEndsTheProgram(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	go func() {
		// The program has started once it has printed something.
		_, _ = reader.Read(make([]byte, 1))
		cancel()
		_, _ = io.Copy(io.Discard, reader)
	}()
	_, err := moto.Start(ctx, program(t, "echo started; exec sleep 3600"), writer)
	require.ErrorIs(t, err, context.Canceled)
}
