package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"

	"sagehost/internal/delivery/evidence"
	"sagehost/internal/engine/stackfile"
	"sagehost/internal/live/cloudclock"
	"sagehost/internal/release/gates"
	"sagehost/kit/check"
	"sagehost/stacks/settings"
)

// measuring is what the commands share that measure a stack's endpoints.
type measuring struct {
	*app

	root     string
	config   aws.Config
	file     *stackfile.File
	settings *settings.Settings
	hosting  *sagemaker.Client
	clock    cloudclock.Clock
	// local marks what is measured as that of a local AWS.
	local bool
}

// measuring finds the stack and where it is.
func (a *app) measuring(ctx context.Context) (*measuring, error) {
	root, err := findRoot()
	if err != nil {
		return nil, err
	}
	m := &measuring{app: a, root: root, clock: cloudclock.World{}}
	if m.config, m.file, err = a.cloud(ctx); err != nil {
		return nil, err
	}
	if m.settings, err = parse(root, m.file); err != nil {
		return nil, err
	}
	// AWS_ENDPOINT_URL may lead --aws to a local AWS.
	if endpoint := aws.ToString(m.config.BaseEndpoint); endpoint != "" {
		m.clock = cloudclock.At(ctx, endpoint)
	}
	if m.local = a.local(ctx, m.config); m.local && a.aws {
		fmt.Fprintln(a.out, "The endpoint in use is that of a local AWS: what is measured does not count on AWS.")
	}
	m.hosting = sagemaker.NewFromConfig(m.config)
	return m, nil
}

// endpoints are those that were named, or all of the stack.
func (m *measuring) endpoints(named []string) ([]string, error) {
	known := slices.Sorted(maps.Keys(m.settings.Endpoints))
	if len(known) == 0 {
		return nil, fmt.Errorf("stack %q has no endpoints", m.stack)
	}
	for _, key := range named {
		if !slices.Contains(known, key) {
			return nil, fmt.Errorf("stack %q has no endpoint %q; it has %s%s", m.stack, key, strings.Join(known, ", "),
				check.DidYouMean(key, known))
		}
	}
	if len(named) == 0 {
		return known, nil
	}
	return slices.Compact(slices.Sorted(slices.Values(named))), nil
}

// demands are what another stack demands of the models that an endpoint serves; none when it is not named.
func (m *measuring) demands(to, endpoint string) ([]gates.Demands, error) {
	if to == "" {
		return nil, nil
	}
	target, err := m.target(to)
	if err != nil {
		return nil, err
	}
	var demanded []gates.Demands
	for _, variant := range m.settings.Endpoints[endpoint].Variants {
		if demands, ok := target.Promotion.Gates[variant.Model]; ok {
			demanded = append(demanded, demands)
		}
	}
	return demanded, nil
}

// target is the settings of a stack that demands something.
func (m *measuring) target(to string) (*settings.Settings, error) {
	file, err := stackfile.Load(m.root, to)
	if err != nil {
		return nil, err
	}
	target, err := parse(m.root, file)
	if err != nil {
		return nil, err
	}
	if target.Promotion == nil {
		return nil, fmt.Errorf("stack %q demands nothing: its file has no sagehost:promotion", to)
	}
	return target, nil
}

// recorder writes evidence of an endpoint; what it does not write is said.
func (m *measuring) recorder(ctx context.Context, endpoint string) (*evidence.Recorder, error) {
	serving, err := m.serving(m.config, m.file)
	if err != nil {
		return nil, err
	}
	recorder, err := evidence.Find(ctx, serving, m.root, m.stack, m.settings, endpoint)
	if err != nil {
		return nil, err
	}
	for _, why := range recorder.Unrecorded {
		fmt.Fprintf(m.out, "%s: %s\n", settings.EndpointName(endpoint, m.stack), why)
	}
	return recorder, nil
}

// record writes what was measured of an endpoint, and says where.
func (m *measuring) record(ctx context.Context, recorder *evidence.Recorder, measured *evidence.Measured) error {
	measured.Local = m.local
	if measured.At.IsZero() {
		measured.At = time.Now()
	}
	written, err := recorder.Record(ctx, measured)
	for _, path := range written {
		fmt.Fprintf(m.out, "recorded in %s\n", path)
	}
	return err
}

// say shows a verdict.
func (m *measuring) say(endpoint string, v gates.Verdict) {
	text := string(v.Result)
	if len(v.Reasons) > 0 {
		text += ": " + strings.Join(v.Reasons, "; ")
	}
	fmt.Fprintf(m.out, "%s: %s\n", settings.EndpointName(endpoint, m.stack), text)
}
