package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/spf13/cobra"

	"sagehost/internal/delivery/evidence"
	"sagehost/internal/delivery/remeasure"
	"sagehost/internal/measure/bake"
	"sagehost/internal/release"
	"sagehost/internal/release/gates"
	"sagehost/kit/check"
	"sagehost/stacks/settings"
)

// bakeFlags are the flags of bake.
type bakeFlags struct {
	span       time.Duration
	minSamples int
	send       int
	to         string
}

func newBake(a *app) *cobra.Command {
	f := &bakeFlags{}
	command := &cobra.Command{
		Use:   "bake [ENDPOINT…]",
		Short: "Watch the alarms of endpoints for a while",
		Long: "bake watches all alarms of an endpoint, or of all endpoints of the stack, and writes the result into the\n" +
			"releases that are served. An alarm that goes off, or another configuration, fails; too few requests are\n" +
			"inconclusive. On the local AWS the time is that of its clock. It exits with 0 when nothing happened under\n" +
			"enough traffic, 1 when something did, and 3 when that could not be told.",
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := a.measuring(cmd.Context())
			if err != nil {
				return err
			}
			return m.bake(cmd.Context(), f, args)
		},
	}
	flags := command.Flags()
	flags.DurationVar(&f.span, "for", gates.DefaultBakeFor, "how long to watch")
	flags.IntVar(&f.minSamples, "min-samples", gates.DefaultMinSamples,
		"how many requests each variant must have answered in that time")
	flags.IntVar(&f.send, "send", 0, fmt.Sprintf("golden `requests` a minute to send each endpoint meanwhile, if nobody "+
		"else calls it: 1 to %d (default none)", remeasure.MaxRate))
	flags.StringVar(&f.to, "to", "", "the stack whose sagehost:promotion says what is demanded, in place of the others")
	command.MarkFlagsMutuallyExclusive("to", "for")
	command.MarkFlagsMutuallyExclusive("to", "min-samples")
	a.addCloudFlag(command)
	return command
}

// arguments are the flags that watch the same again, but for --send.
func (f *bakeFlags) arguments() []string {
	if f.to != "" {
		return []string{"--to", f.to}
	}
	var arguments []string
	if f.span != gates.DefaultBakeFor {
		arguments = append(arguments, "--for", check.ShortSpan(f.span))
	}
	if f.minSamples != gates.DefaultMinSamples {
		arguments = append(arguments, "--min-samples", strconv.Itoa(f.minSamples))
	}
	return arguments
}

// baking is an endpoint to watch, and what became of it.
type baking struct {
	key      string
	gates    []gates.Bake
	recorder *evidence.Recorder
	// traffic is what the endpoint is sent meanwhile; nil for nothing.
	traffic *traffic
	// rate is how many requests a minute give a result; 0 if no rate does.
	rate int
	// again are the flags that watch the same again, but for --send.
	again  []string
	report *bake.Report
	err    error
}

// bake watches all endpoints at the same time.
func (m *measuring) bake(ctx context.Context, f *bakeFlags, named []string) error {
	endpoints, err := m.endpoints(named)
	if err != nil {
		return err
	}
	list := make([]*baking, len(endpoints))
	for i, key := range endpoints {
		if list[i], err = m.prepareBake(ctx, f, key); err != nil {
			return err
		}
	}
	var watching sync.WaitGroup
	out := &lines{out: m.out}
	for _, b := range list {
		watching.Go(func() {
			watch := bake.Watch{
				Endpoint: settings.EndpointName(b.key, m.stack), For: longest(b.gates), SageMaker: m.hosting,
				CloudWatch: cloudwatch.NewFromConfig(m.config), Clock: m.clock, Out: out,
			}
			end := b.traffic.begin(ctx)
			b.report, b.err = watch.Run(ctx)
			b.err = errors.Join(b.err, end())
		})
	}
	watching.Wait()
	var results []release.Result
	for _, b := range list {
		if b.err != nil {
			err = errors.Join(err, b.err)
			continue
		}
		result, failed := m.baked(ctx, b)
		results, err = append(results, result), errors.Join(err, failed)
	}
	if err != nil {
		return err
	}
	return verdict("bake", release.Worse(results...))
}

// prepareBake finds out how to watch an endpoint, and says if the rate of golden requests cannot lead to a result.
func (m *measuring) prepareBake(ctx context.Context, f *bakeFlags, key string) (b *baking, err error) {
	b = &baking{key: key, again: f.arguments()}
	if b.gates, err = m.bakeGates(f, key); err != nil {
		return nil, err
	}
	if b.recorder, err = m.recorder(ctx, key); err != nil {
		return nil, err
	}
	if b.traffic, err = m.traffic(ctx, key, f.send); err != nil {
		return nil, err
	}
	b.rate = remeasure.SufficientRate(b.gates, m.settings.Endpoints[key].Variants)
	if f.send > 0 && f.send < b.rate {
		fmt.Fprintf(m.out, "%s: --send %d alone gives no result: the gate needs --send %d or other callers\n",
			settings.EndpointName(key, m.stack), f.send, b.rate)
	}
	return b, nil
}

// baked says and records what was seen of an endpoint.
func (m *measuring) baked(ctx context.Context, b *baking) (release.Result, error) {
	b.report.Write(m.out)
	measurements := b.report.Measurements()
	var verdicts []gates.Verdict
	for i := range b.gates {
		verdicts = append(verdicts, b.gates[i].Judge(measurements))
	}
	judged := gates.Worst(verdicts...)
	m.say(b.key, judged)
	if judged.Result == release.Inconclusive && b.rate > 0 && b.rate <= remeasure.MaxRate {
		again := append([]string{"bake", b.key, "--send", strconv.Itoa(b.rate)}, b.again...)
		fmt.Fprintf(m.out, "to decide it: %s\n", m.commands(m.config).OnStack(again...))
	}
	if b.report.Changed != "" {
		// What serves now is not what was watched, and there is nobody to write it to.
		return judged.Result, nil
	}
	return judged.Result, m.record(ctx, b.recorder, &evidence.Measured{
		Gate: gates.GateBake, Result: judged.Result, Reasons: judged.Reasons, Measurements: measurements,
		Config: b.report.Config,
	})
}

// bakeGates are what an endpoint is held against.
func (m *measuring) bakeGates(f *bakeFlags, key string) ([]gates.Bake, error) {
	demanded, err := m.demands(f.to, key)
	if err != nil {
		return nil, err
	}
	var list []gates.Bake
	for i := range demanded {
		if demanded[i].Bake != nil {
			list = append(list, *demanded[i].Bake)
		}
	}
	if len(list) > 0 {
		return list, nil
	}
	gate := gates.Bake{For: &f.span, MinSamples: &f.minSamples}
	at := check.New("")
	gate.Check(at)
	return []gates.Bake{gate}, at.Err()
}

// longest is the span that satisfies all gates.
func longest(list []gates.Bake) time.Duration {
	span := time.Duration(0)
	for i := range list {
		span = max(span, list[i].Span())
	}
	return span
}

// lines lets several goroutines write, a whole text at a time.
type lines struct {
	mu  sync.Mutex
	out io.Writer
}

// Write writes a text.
func (l *lines) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(text)
}
