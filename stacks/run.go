// Package stacks composes components into stacks. It alone knows settings, exports and environments.
package stacks

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/alerts"
	"sagehost/components/artifacts"
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
	tags := tagger{"sagehost:stack": ctx.Stack()}

	buckets, err := artifacts.New(ctx, settings.BucketPrefix(ctx.Stack()), &artifacts.Args{
		Spec: s.Storage,
		Tags: tags.of(),
	})
	if err != nil {
		return err
	}
	topic, err := alerts.New(ctx, settings.Namespace+"-"+ctx.Stack(), &alerts.Args{Spec: s.Alerts, Tags: tags.of()})
	if err != nil {
		return err
	}
	models, err := newModels(ctx, s.Models, uploads{dir: dir, bucket: buckets.Models}, tags)
	if err != nil {
		return err
	}
	endpoints, err := newEndpoints(ctx, s.Endpoints, served{s.Models, models}, buckets, topic, tags)
	if err != nil {
		return err
	}
	export(ctx, buckets, topic, models, endpoints)
	return nil
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
