package engine_test

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"sagehost/examples/hosting"
	"sagehost/examples/scoring/server"
)

// fragileProgram is the variable of the environment that makes the tests' own program a container.
const fragileProgram = "SAGEHOST_TEST_FRAGILE"

// hugeFlower is what only production is asked, and what the fragile container fails on.
const hugeFlower = "9.9,4.9,9.9,4.9"

// serveFragile is the scoring container with a mistake in it that neither golden requests nor the held-out set show.
func serveFragile(ctx context.Context, _ []string, getenv func(string) string) error {
	options, err := server.ReadOptions(getenv)
	if err != nil {
		return err
	}
	listener, err := hosting.Listen(ctx, options.Host, options.Port)
	if err != nil {
		return err
	}
	sound := server.New(options)
	handler := sound.Handler()
	return hosting.Serve(ctx, listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || bytes.Contains(body, []byte(hugeFlower)) {
			http.Error(w, "index out of range", http.StatusInternalServerError)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		handler.ServeHTTP(w, r)
	}), sound.Load)
}
