package model

import (
	"slices"

	"sagehost/kit/check"
)

// Spec is what a user decides about a model: one container, or a pipeline of several, or a package of the registry.
type Spec struct {
	Container

	// Containers make the model an inference pipeline, in which each container gets the answer of the one before it.
	// They replace image, artifact, environment and whatever else describes one container. Range: 2 to 15 of them.
	// Default: unset, the model has one container.
	Containers []Stage `json:"containers"`

	// Direct makes each container of a pipeline answer for itself, to requests that name its hostname, instead of
	// passing its answer on. Default: false.
	Direct bool `json:"direct"`

	// NotSecret are the names of variables of the environments that look like secrets and are none, so that they are not
	// refused. Reviews of pull requests show them. Only variables that look like secrets can be listed. Default: none.
	NotSecret []string `json:"notSecret"`

	// PackageARN is the ARN of a model package, in the model registry or from AWS Marketplace. It replaces image,
	// artifact and whatever else describes containers, but for the environment. A pinned stack takes packages with a
	// version alone, which those of AWS Marketplace have not. Default: unset.
	PackageARN string `json:"packageArn" aws:"modelPackage"`

	// PackageImages are the URIs in Amazon ECR of the images in the package, one for each of its containers, for the
	// model's role to pull. Several say that it is a pipeline, which not every endpoint can serve. Default: none, which
	// does for packages of AWS Marketplace.
	PackageImages []string `json:"packageImages" aws:"image" nonempty:"true"`

	// PackagePrefixes are the buckets or prefixes in Amazon S3, each ending in "/", beneath which the package's archives
	// are, for the model's role to read. Default: none, which does for packages of AWS Marketplace.
	PackagePrefixes []string `json:"packagePrefixes" aws:"modelData" nonempty:"true"`

	// NetworkIsolation forbids the containers all network calls; SageMaker itself still fetches archives and images. A
	// model of the Hugging Face Hub, and whatever else a container loads itself, is refused then.
	// Default: true.
	NetworkIsolation *bool `json:"networkIsolation"`

	// JoinNetwork connects the model to the stack's network. Default: true if the stack has a network.
	JoinNetwork *bool `json:"joinNetwork"`
}

// Rules are what the surroundings of a model demand of it.
type Rules struct {
	// Pinned demands images by digest, archives as files, whose content is their address, and packages by version. It is
	// for models that are described: the manifest of a release holds all of it, and its archives' hashes.
	Pinned bool
	// Network says that there is a network to join.
	Network bool
	// NoInternet says that the network leads to AWS's services alone.
	NoInternet bool
	// NoSecrets says that the network does not lead to AWS Secrets Manager.
	NoSecrets bool

	// notSecret is Spec.NotSecret.
	notSecret []string
}

// Isolated reports whether network isolation is on.
func (s *Spec) Isolated() bool { return s.NetworkIsolation == nil || *s.NetworkIsolation }

// Joins reports whether the model joins a network if there is one.
func (s *Spec) Joins() bool { return s.JoinNetwork == nil || *s.JoinNetwork }

// Stages are the model's containers in their order: those of a pipeline, or the only one; none of a package.
func (s *Spec) Stages() []Stage {
	switch {
	case s.PackageARN != "":
		return nil
	case s.Containers != nil:
		return s.Containers
	default:
		return []Stage{{Container: s.Container}}
	}
}

// Check reports what is wrong.
func (s *Spec) Check(at check.At, rules Rules) {
	rules.Network, rules.notSecret = rules.Network && s.Joins(), s.NotSecret
	switch {
	case s.PackageARN != "":
		s.checkPackage(at, rules)
	case s.Containers != nil:
		s.checkPipeline(at, rules)
	default:
		s.check(at, rules)
	}
	if s.Containers == nil && s.Direct {
		at.Key("direct").Addf("is for a pipeline; a model without containers has none")
	}
	if s.PackageARN == "" {
		for key, given := range map[string]bool{
			"packageImages": len(s.PackageImages) > 0, "packagePrefixes": len(s.PackagePrefixes) > 0,
		} {
			if given {
				at.Key(key).Addf("belongs to packageArn, which is not given")
			}
		}
	}
	s.checkNotSecret(at.Key("notSecret"))
	s.checkDownloads(at, rules)
	s.checkSecrets(at, rules)
	if s.JoinNetwork != nil && *s.JoinNetwork && !rules.Network {
		at.Key("joinNetwork").Addf("is true, but there is no network to join")
	}
}

// checkDownloads reports what the containers cannot load.
func (s *Spec) checkDownloads(at check.At, rules Rules) {
	for i, stage := range s.Stages() {
		here := at
		if s.Containers != nil {
			here = at.Key("containers").Index(i)
		}
		stage.checkDownloads(here.Key("environment"), s.Isolated(), rules)
	}
}

// checkSecrets reports what keeps a container from the secrets that its environment names.
func (s *Spec) checkSecrets(at check.At, rules Rules) {
	named := len(s.SecretARNs()) > 0
	if !named && !slices.ContainsFunc(s.Stages(), func(c Stage) bool { return len(c.SecretARNs()) > 0 }) {
		return
	}
	if s.Isolated() {
		at.Key("networkIsolation").Addf("must be false for the container to read the secrets its environment names")
	}
	if rules.Network && rules.NoSecrets {
		at.Key("joinNetwork").Addf(`must be false for the container to read the secrets its environment names, unless ` +
			`network.endpoints has "secretsmanager" or there are network.natGateways`)
	}
}
