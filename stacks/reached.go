package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/s3uri"
	"sagehost/stacks/settings"
)

// reached are the names of the buckets that the models in the network read and write: the stack's own, and those that
// the settings name.
func (s *stack) reached(specs *settings.Settings) []pulumi.StringInput {
	named := map[string]bool{}
	add := func(uris ...string) {
		for _, uri := range uris {
			if bucket, _, ok := s3uri.Split(uri); ok {
				named[bucket] = true
			}
		}
	}
	for _, m := range specs.Models {
		add(m.PackagePrefixes...)
		for _, c := range m.Stages() {
			add(c.Artifact, c.ArtifactPrefix)
			if c.MultiModel != nil {
				add(c.MultiModel.Prefix)
			}
		}
	}
	for _, e := range specs.Endpoints {
		if e.DataCapture != nil {
			add(e.DataCapture.Destination)
		}
		if e.Async != nil {
			add(e.Async.OutputPath, e.Async.FailurePath)
		}
	}
	for _, b := range specs.Batch {
		add(b.Input)
	}
	buckets := []pulumi.StringInput{s.buckets.Models, s.buckets.Capture, s.buckets.Batch}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		buckets = append(buckets, pulumi.String(name))
	}
	return buckets
}

// publishedPackages reports whether a model in the network is a package of which nobody here knows where its archives
// are.
func publishedPackages(specs *settings.Settings) bool {
	for _, m := range specs.Models {
		if m.PackageARN != "" && len(m.PackagePrefixes) == 0 && m.Joins() {
			return true
		}
	}
	return false
}
