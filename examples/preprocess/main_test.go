package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRunExplainsHowItIsStarted(t *testing.T) {
	t.Parallel()
	none := func(string) string { return "" }
	assert.EqualError(t, run(t.Context(), nil, none), "usage: preprocess serve")
	malformed := func(string) string { return "x" }
	err := run(t.Context(), []string{"serve"}, malformed)
	assert.EqualError(t, err,
		"PREPROCESS_HOST is \"x\", want an address\nSAGEMAKER_BIND_TO_PORT is \"x\", want a port from 1 to 65535")
}
