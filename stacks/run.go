// Package stacks composes components into stacks. It alone knows settings, exports and environments.
package stacks

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/alerts"
	"sagehost/components/artifacts"
	"sagehost/components/encryption"
	"sagehost/components/logs"
	"sagehost/components/network"
	"sagehost/stacks/settings"
)

// Run declares the stack that is being deployed, from the project's folder.
func Run(ctx *pulumi.Context) error { return run(ctx, ".") }

// In is Run from another folder: the files that settings name are relative to the one of Pulumi.yaml.
func In(dir string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error { return run(ctx, dir) }
}

// run declares a stack. Nothing is registered unless all settings are valid.
func run(ctx *pulumi.Context, dir string) error {
	s, err := settings.Load(ctx, dir)
	if err != nil {
		return err
	}
	boundary, err := findBoundary(ctx, s)
	if err != nil {
		return err
	}
	made := &stack{ctx: ctx, tags: tagger{"sagehost:stack": ctx.Stack()}, logs: s.Logs, boundary: boundary}
	if err := made.newFoundations(s, dir); err != nil {
		return err
	}
	models, err := made.newModels(s.Models, made.uses(s))
	if err != nil {
		return err
	}
	endpoints, err := made.newEndpoints(s, models)
	if err != nil {
		return err
	}
	batches, err := made.newBatches(s, models)
	if err != nil {
		return err
	}
	made.export(models, endpoints, batches)
	return nil
}

// stack is what everything in a stack is built on.
type stack struct {
	ctx  *pulumi.Context
	tags tagger
	logs logs.Spec
	// boundary is the ARN of the permissions boundary of roles; empty where they have none.
	boundary string
	// key is nil where the stack has none of its own.
	key     *encryption.Encryption
	buckets *artifacts.Artifacts
	topic   *alerts.Alerts
	// network is nil where models run in SageMaker's own.
	network *network.Network
	files   uploads
}

func (s *stack) rolePath() string { return settings.RolePath(s.ctx.Stack()) }

// newFoundations creates the key, the buckets, the topic and the network.
func (s *stack) newFoundations(specs *settings.Settings, dir string) error {
	name := settings.BucketPrefix(s.ctx.Stack())
	buckets := &artifacts.Args{Spec: specs.Storage, BatchEvents: len(specs.Batch) > 0, Tags: s.tags.of()}
	topic := &alerts.Args{Spec: specs.Alerts, Tags: s.tags.of()}
	var err error
	if specs.Encryption.Enabled {
		s.key, err = encryption.New(s.ctx, name, &encryption.Args{Spec: specs.Encryption, Tags: s.tags.of()})
		if err != nil {
			return err
		}
		buckets.KMSKeyARN, topic.KMSKeyARN = s.key.KeyARN, s.key.KeyARN
	}
	if s.buckets, err = artifacts.New(s.ctx, name, buckets); err != nil {
		return err
	}
	if s.topic, err = alerts.New(s.ctx, name, topic); err != nil {
		return err
	}
	if specs.Network != nil {
		if s.network, err = s.newNetwork(name, specs); err != nil {
			return err
		}
	}
	s.files = uploads{dir: dir, bucket: s.buckets.Models}
	return nil
}

func (s *stack) newNetwork(name string, specs *settings.Settings) (*network.Network, error) {
	args := &network.Args{
		Spec: *specs.Network, BatchJobs: len(specs.Batch) > 0, Logs: s.logs,
		Buckets: s.reached(specs), PublishedPackages: publishedPackages(specs),
		RolePath: s.rolePath(), PermissionsBoundary: s.boundary, Tags: s.tags.of(),
	}
	if s.key != nil {
		args.LogsKMSKeyARN = s.key.KeyARN
	}
	return network.New(s.ctx, name, args)
}

// tagger adds what a resource belongs to, to the tags that every resource of the stack has.
type tagger map[string]string

// of returns the stack's tags and the given key-value pairs.
func (t tagger) of(pairs ...string) pulumi.StringMap {
	tags := pulumi.ToStringMap(t)
	for i := 0; i+1 < len(pairs); i += 2 {
		tags[pairs[i]] = pulumi.String(pairs[i+1])
	}
	return tags
}
