package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/spf13/cobra"

	"sagehost/internal/delivery/evidence"
	"sagehost/internal/live/cloud"
	"sagehost/internal/live/inservice"
	"sagehost/internal/measure/modelprefix"
	"sagehost/internal/measure/smoke"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
	"sagehost/kit/check"
	"sagehost/stacks/settings"
)

// smokeFlags are the flags of smoke.
type smokeFlags struct {
	p99, asyncTimeout time.Duration
	minRequests       int
	asyncInput, to    string
}

func newSmoke(a *app) *cobra.Command {
	f := &smokeFlags{}
	command := &cobra.Command{
		Use:   "smoke [ENDPOINT…]",
		Short: "Ask endpoints golden requests and compare the answers",
		Long: "smoke sends the requests of smoke/<endpoint>.yaml to every variant of an endpoint, or of all endpoints of\n" +
			"the stack, compares the answers, measures the latency, and writes the result into the releases that are\n" +
			"served. It exits with 0 when all is as expected, 1 when it is not, and 3 when that could not be told.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("min-requests") && f.p99 == 0 {
				return errors.New("--min-requests says how many requests --p99 takes; give --p99, too")
			}
			m, err := a.measuring(cmd.Context())
			if err != nil {
				return err
			}
			return m.smoke(cmd.Context(), f, args)
		},
	}
	flags := command.Flags()
	flags.DurationVar(&f.p99, "p99", 0, "the time within which 99 of 100 requests must be answered; 0s for any")
	flags.IntVar(&f.minRequests, "min-requests", gates.DefaultMinRequests, "how many requests --p99 takes")
	flags.StringVar(&f.to, "to", "", "the stack whose sagehost:promotion says what is demanded, in place of --p99")
	flags.DurationVar(&f.asyncTimeout, "async-timeout", smoke.DefaultAsyncTimeout,
		"how long to wait for an asynchronous answer")
	flags.StringVar(&f.asyncInput, "async-input", "",
		"the s3:// folder from which asynchronous endpoints read (default async-input beside the answers)")
	command.MarkFlagsMutuallyExclusive("to", "p99")
	command.MarkFlagsMutuallyExclusive("to", "min-requests")
	a.addCloudFlag(command)
	return command
}

func (m *measuring) smoke(ctx context.Context, f *smokeFlags, named []string) error {
	endpoints, err := m.endpoints(named)
	if err != nil {
		return err
	}
	// What is wrong with any file is said before anything is asked.
	files := map[string]*smoke.File{}
	for _, key := range endpoints {
		file, err := smoke.Load(m.root, key)
		if err != nil && !errors.Is(err, smoke.ErrNone) {
			return err
		}
		files[key] = file
	}
	var results []release.Result
	for _, key := range endpoints {
		gate, err := m.smokeGates(f, key)
		if err != nil {
			return err
		}
		result, err := m.smokeOne(ctx, f, key, files[key], gate)
		if err != nil {
			return err
		}
		results = append(results, result)
	}
	return verdict("smoke test", release.Worse(results...))
}

// smokeGates are what an endpoint's answers are held against.
func (m *measuring) smokeGates(f *smokeFlags, key string) ([]gates.Smoke, error) {
	demanded, err := m.demands(f.to, key)
	if err != nil {
		return nil, err
	}
	var list []gates.Smoke
	for i := range demanded {
		if demanded[i].Smoke != nil {
			list = append(list, *demanded[i].Smoke)
		}
	}
	switch {
	case len(list) > 0:
		return list, nil
	case f.p99 == 0:
		return []gates.Smoke{{}}, nil
	}
	gate := gates.Smoke{P99: &f.p99, MinRequests: &f.minRequests}
	at := check.New("")
	gate.Check(at)
	return []gates.Smoke{gate}, at.Err()
}

func (m *measuring) smokeOne(
	ctx context.Context, f *smokeFlags, key string, file *smoke.File, held []gates.Smoke,
) (release.Result, error) {
	if file == nil {
		m.say(key, gates.Verdict{Result: release.Inconclusive, Reasons: []string{
			fmt.Sprintf("there are no golden requests in %s/%s.yaml", smoke.Folder, key),
		}})
		return release.Inconclusive, nil
	}
	recorder, err := m.recorder(ctx, key)
	if err != nil {
		return "", err
	}
	endpoint, err := inservice.Describe(ctx, m.hosting, settings.EndpointName(key, m.stack))
	if err != nil {
		return "", err
	}
	test := m.smokeTest(file, endpoint)
	test.Input, test.AsyncTimeout = f.asyncInput, f.asyncTimeout
	report, err := test.Run(ctx)
	if err != nil {
		return "", err
	}
	if err := report.Write(m.out); err != nil {
		return "", err
	}
	measurements := report.Measurements()
	var verdicts []gates.Verdict
	for i := range held {
		verdicts = append(verdicts, held[i].Judge(measurements))
	}
	judged := gates.Worst(verdicts...)
	m.say(key, judged)
	return judged.Result, m.record(ctx, recorder, &evidence.Measured{
		Gate: gates.GateSmoke, Result: judged.Result, Reasons: judged.Reasons, Measurements: measurements,
		Data: file.Digest, Config: endpoint.Config,
	})
}

// smokeTest asks an endpoint golden requests.
func (m *measuring) smokeTest(file *smoke.File, endpoint *inservice.Endpoint) *smoke.Test {
	return &smoke.Test{
		File: file, Endpoint: endpoint, Objects: cloud.S3(m.config),
		Runtime: sagemakerruntime.NewFromConfig(m.config, func(o *sagemakerruntime.Options) {
			// A second try would hide what the test is to find.
			o.Retryer = aws.NopRetryer{}
		}),
		Models: func(ctx context.Context) ([]string, error) { return m.models(ctx, endpoint.Name) },
	}
}

// models are the names of the archives of a multi-model endpoint.
func (m *measuring) models(ctx context.Context, endpoint string) ([]string, error) {
	prefix, err := modelprefix.OfEndpoint(ctx, m.hosting, cloud.S3(m.config), endpoint)
	if err != nil {
		return nil, err
	}
	models, err := prefix.List(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(models))
	for i, model := range models {
		names[i] = model.Name
	}
	return names, nil
}
