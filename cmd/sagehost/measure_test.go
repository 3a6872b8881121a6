package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/stackfile"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
)

func TestTheExitCodeTellsWhatCouldNotBeToldFromAFailure(t *testing.T) {
	t.Parallel()
	require.NoError(t, verdict("smoke test", release.Pass))
	assert.Equal(t, 1, exitCode(verdict("smoke test", release.Fail)))
	assert.Equal(t, 3, exitCode(verdict("smoke test", release.Inconclusive)))
	assert.Equal(t, 3, exitCode(fmt.Errorf("load test: %w", errInconclusive)))
	assert.Equal(t, 1, exitCode(errors.New("anything else")))
	assert.EqualError(t, verdict("smoke test", release.Inconclusive), "smoke test: inconclusive")
}

// repository measures a stack of the repository, as far as no cloud is needed.
func repository(t *testing.T, stack string) *measuring {
	t.Helper()
	file, err := stackfile.Load("../..", stack)
	require.NoError(t, err)
	parsed, err := parse("../..", file)
	require.NoError(t, err)
	return &measuring{
		app: &app{stack: stack, out: &bytes.Buffer{}}, root: "../..", file: file, settings: parsed,
	}
}

func TestEndpointsAreThoseThatWereNamedOrAll(t *testing.T) {
	t.Parallel()
	m := repository(t, "dev")
	all, err := m.endpoints(nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"flowers", "garden", "penguins", "petals"}, all)
	some, err := m.endpoints([]string{"petals", "flowers", "petals"})
	require.NoError(t, err)
	assert.Equal(t, []string{"flowers", "petals"}, some)
	_, err = m.endpoints([]string{"flower"})
	assert.EqualError(t, err,
		`stack "dev" has no endpoint "flower"; it has flowers, garden, penguins, petals; did you mean "flowers"?`)
}

func TestEveryEndpointOfTheStacksHasCasesToLoadItWith(t *testing.T) {
	t.Parallel()
	for _, stack := range []string{"dev", "prod"} {
		m := repository(t, stack)
		endpoints, err := m.endpoints(nil)
		require.NoError(t, err)
		for _, key := range endpoints {
			cases, err := m.loadCases(key, "")
			require.NoError(t, err)
			assert.NotEmpty(t, cases, key)
		}
	}
	_, err := repository(t, "dev").loadCases("flowers", "all probabilitie")
	assert.EqualError(t, err, `smoke/flowers.yaml has no case "all probabilitie"; did you mean "all probabilities"?`)
}

func TestWhatIsProtectedIsNotLoadedByMistake(t *testing.T) {
	t.Parallel()
	require.NoError(t, repository(t, "dev").allowLoad("flowers", false))
	prod := repository(t, "prod")
	assert.EqualError(t, prod.allowLoad("flowers", false), `endpoint "flowers" of stack "prod" is protected, and a load `+
		`test would cost its callers their answers; test another stack, or insist with --force`)
	assert.NoError(t, prod.allowLoad("flowers", true))
}

// promoted has a stack "next" that demands something of the releases of "dev".
func promoted(t *testing.T) *measuring {
	t.Helper()
	m := repository(t, "dev")
	m.root = t.TempDir()
	for _, name := range []string{"Pulumi.yaml", "Pulumi.dev.yaml"} {
		text, err := os.ReadFile(filepath.Join("../..", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(m.root, name), text, 0o600))
	}
	next := `config:
  aws:region: eu-west-1
  sagehost:models:
    flowers: {image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1"}
  sagehost:promotion:
    from: dev
    gates: {flowers: {smoke: {p99: 250ms}, bake: {for: 45m, minSamples: 7}}}
`
	require.NoError(t, os.WriteFile(filepath.Join(m.root, "Pulumi.next.yaml"), []byte(next), 0o600))
	return m
}

func TestWhatTheNextStackDemandsIsWhatCounts(t *testing.T) {
	t.Parallel()
	m := promoted(t)
	held, err := m.smokeGates(&smokeFlags{to: "next"}, "flowers")
	require.NoError(t, err)
	assert.Equal(t, []gates.Smoke{{P99: new(250 * time.Millisecond)}}, held)
	watched, err := m.bakeGates(&bakeFlags{to: "next"}, "flowers")
	require.NoError(t, err)
	assert.Equal(t, []gates.Bake{{For: new(45 * time.Minute), MinSamples: new(7)}}, watched)
	assert.Equal(t, 45*time.Minute, longest(watched))

	held, err = m.smokeGates(&smokeFlags{to: "next"}, "petals")
	require.NoError(t, err)
	assert.Equal(t, []gates.Smoke{{}}, held, "nothing is demanded of it")
	_, err = repository(t, "dev").smokeGates(&smokeFlags{to: "dev"}, "flowers")
	assert.EqualError(t, err, `stack "dev" demands nothing: its file has no sagehost:promotion`)
}

func TestFlagsSayWhatCountsOtherwise(t *testing.T) {
	t.Parallel()
	m := repository(t, "dev")
	held, err := m.smokeGates(&smokeFlags{p99: time.Second, minRequests: 5}, "flowers")
	require.NoError(t, err)
	assert.Equal(t, []gates.Smoke{{P99: new(time.Second), MinRequests: new(5)}}, held)
	_, err = m.smokeGates(&smokeFlags{p99: time.Hour, minRequests: 5}, "flowers")
	require.EqualError(t, err, "p99: 1h is not between 1ms and 1m")
	watched, err := m.bakeGates(&bakeFlags{span: time.Hour, minSamples: 5}, "flowers")
	require.NoError(t, err)
	assert.Equal(t, []gates.Bake{{For: new(time.Hour), MinSamples: new(5)}}, watched)
	_, err = m.bakeGates(&bakeFlags{span: time.Second}, "flowers")
	assert.EqualError(t, err, "for: 1s is not between 2m and 24h\nminSamples: 0 is less than 1")
}

func TestTheFlagsOfALoadTestAreCheckedAtOnce(t *testing.T) {
	t.Parallel()
	f := &loadtestFlags{safetyFactor: 2}
	require.ErrorContains(t, f.check(), "latency: 0s is not above 0s and at most 1m")
	require.ErrorContains(t, f.check(), "safety-factor: 2 is not above 0 and at most 1")
	command := newLoadtest(&app{})
	require.NoError(t, command.ParseFlags([]string{"--latency", "1s"}))
	assert.Equal(t, "0.5", command.Flags().Lookup("safety-factor").Value.String())
}

func TestANumberOfRequestsWithoutATimeForThemIsRefused(t *testing.T) {
	t.Parallel()
	command := newSmoke(&app{})
	command.SetArgs([]string{"--min-requests", "500"})
	command.SetOut(&bytes.Buffer{})
	command.SetErr(&bytes.Buffer{})
	assert.EqualError(t, command.Execute(), "--min-requests says how many requests --p99 takes; give --p99, too")
}
