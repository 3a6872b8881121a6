package settings

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sagehost/components/endpoint"
	"sagehost/components/model"
	"sagehost/kit/awsref"
	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// BucketPrefix begins the names of a stack's buckets.
func BucketPrefix(stack string) string { return Namespace + "-" + stack }

// RolePath is the path in IAM of a stack's roles and policies: it tells them from those of other stacks.
func RolePath(stack string) string { return "/" + Namespace + "/" + stack + "/" }

// check reports everything that the components will refuse, and what only the whole shows. Where the models could not
// be read, references to them are passed over.
func (s *Settings) check(at check.At, source Source, modelsRead bool) {
	stack := source.Stack
	if stackProblem(stack) != "" {
		stack = "stack" // names that have it in them are not to blame
	}
	if arn := s.PermissionsBoundary; arn != "" {
		awsref.Policy.CheckForm(at.Key("permissionsBoundary"), arn)
	}
	s.Storage.Check(at.Key("storage"))
	s.Alerts.Check(at.Key("alerts"))
	s.Encryption.Check(at.Key("encryption"))
	s.Logs.Check(at.Key("logs"))
	if s.Network != nil {
		s.Network.Check(at.Key("network"))
	}
	s.checkReferences(at, source.place())
	models := references{models: s.Models, network: s.Network != nil, read: modelsRead}
	s.checkModels(at.Key("models"), source.Dir)
	if s.Promotion != nil {
		s.Promotion.check(at.Key("promotion"), source, models)
	}
	endpoints := at.Key("endpoints")
	for _, key := range slices.Sorted(maps.Keys(s.Endpoints)) {
		e := s.Endpoints[key]
		e.check(endpoints.Key(key), key, stack, models)
	}
	checkCase(endpoints, slices.Sorted(maps.Keys(s.Endpoints)))
	batches := at.Key("batch")
	for _, key := range slices.Sorted(maps.Keys(s.Batch)) {
		b := s.Batch[key]
		b.check(batches.Key(key), key, stack, models)
	}
	// The names of a batch's transform jobs begin with its own, in lower case.
	checkCase(batches, slices.Sorted(maps.Keys(s.Batch)))
}

// checkCase reports names that are the same to SageMaker.
func checkCase(at check.At, names []string) {
	lower := map[string]string{}
	for _, name := range names {
		if other, taken := lower[strings.ToLower(name)]; taken {
			at.Key(name).Addf("the name differs from %q in case only, which SageMaker ignores", other)
		}
		lower[strings.ToLower(name)] = name
	}
}

// maxRoleName is how long the name of a caller's role may be before Pulumi appends a hyphen and seven digits.
const maxRoleName = 64 - 8

func (e *Endpoint) check(at check.At, key, stack string, models references) {
	endpoint.CheckLogicalName(at, key)
	problem := limits.StringProblem("EndpointName", EndpointName(key, stack))
	if problem != "" && limits.Matches("EndpointName", key) {
		at.Addf("the endpoint's name %s", problem)
	}
	e.Check(at, e.served(models), e.servedShadow(models))
	for i := range e.Variants {
		e.Variants[i].check(at.Key("variants").Index(i), e, models)
	}
	if e.Shadow != nil {
		models.check(at.Key("shadow").Key("model"), e.Shadow.Model)
	}
	if models.read {
		e.Alarms.Check(at.Key("alarms"), e.Watched(models.models)...)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Callers)) {
		caller := e.Callers[name]
		endpoint.CheckLogicalName(at.Key("callers").Key(name), name)
		if n := len(key) + len(".") + len(name); len(caller.TrustedRoles) > 0 && n > maxRoleName {
			at.Key("callers").Key(name).Addf("the role's name, %s.%s, has %d characters; at most %d leave room for the "+
				"generated suffix in IAM's 64", key, name, n, maxRoleName)
		}
		caller.Check(at.Key("callers").Key(name))
		if e.Async != nil && len(caller.TargetModels) > 0 {
			at.Key("callers").Key(name).Key("targetModels").Addf("contradicts async: a multi-model endpoint answers at once")
		}
	}
}

// served are the variants with the traits of their models.
func (e *Endpoint) served(models references) []endpoint.Variant {
	list := make([]endpoint.Variant, len(e.Variants))
	for i := range e.Variants {
		v := &e.Variants[i]
		list[i] = endpoint.Variant{VariantSpec: v.VariantSpec, Traits: models.traits(v.Model)}
	}
	return list
}

// servedShadow is the shadow with the traits of its model; nil without.
func (e *Endpoint) servedShadow(models references) *endpoint.Variant {
	if e.Shadow == nil {
		return nil
	}
	return &endpoint.Variant{VariantSpec: e.Shadow.VariantSpec, Traits: models.traits(e.Shadow.Model)}
}

func (v *Variant) check(at check.At, e *Endpoint, models references) {
	models.check(at.Key("model"), v.Model)
	instances, concurrency := at.Key("scaling"), at.Key("concurrencyScaling")
	switch {
	case v.Scaling == nil:
	case v.Serverless == nil:
		v.Scaling.Check(instances, v.ScaledVariant(e))
	default:
		instances.Addf("is for variants on instances; a serverless one has concurrencyScaling")
	}
	switch {
	case v.ConcurrencyScaling == nil:
	case v.Serverless != nil:
		v.ConcurrencyScaling.Check(concurrency, v.ScaledConcurrency())
	default:
		concurrency.Addf("is for serverless variants; one on instances has scaling")
	}
}

// references are the models that variants can name.
type references struct {
	models map[string]Model
	// network says that the stack has one.
	network bool
	// read is false where the models could not be read: then any name may be right.
	read bool
}

func (r references) names() []string { return slices.Sorted(maps.Keys(r.models)) }

func (r references) check(at check.At, name string) {
	if _, known := r.models[name]; at.Required(name) && r.read && !known {
		at.Addf("%q is not among the stack's models%s", name, check.DidYouMean(name, r.names()))
	}
}

// traits are those of a model; of one that is not there, none.
func (r references) traits(name string) endpoint.ModelTraits {
	found, known := r.models[name]
	if !known {
		return endpoint.ModelTraits{}
	}
	return TraitsOf(&found.Spec, r.network)
}

// TraitsOf is what an endpoint must know of a model, in a stack with a network or without.
func TraitsOf(spec *model.Spec, network bool) endpoint.ModelTraits {
	stages := spec.Stages()
	return endpoint.ModelTraits{
		Isolated:     spec.Isolated(),
		InVPC:        network && spec.Joins(),
		Pipeline:     len(stages) > 1 || len(spec.PackageImages) > 1,
		MultiModel:   slices.ContainsFunc(stages, func(s model.Stage) bool { return s.MultiModel != nil }),
		Uncompressed: slices.ContainsFunc(stages, func(s model.Stage) bool { return s.ArtifactPrefix != "" }),
		Marketplace:  spec.FromMarketplace(),
	}
}

// checkFile reports a file that is named and cannot be read.
func checkFile(at check.At, dir, name string) {
	if name == "" {
		return
	}
	path := filepath.FromSlash(name)
	if !filepath.IsLocal(path) {
		at.Addf("%q is not in the folder of Pulumi.yaml", name)
		return
	}
	switch info, err := readable(dir, path); {
	case errors.Is(err, fs.ErrNotExist):
		at.Addf("there is no file %q in the folder of Pulumi.yaml", name)
	case err != nil:
		// The error itself is around the path, as it is: line breaks and all.
		at.Addf("%q cannot be read: %v", name, errors.Unwrap(err))
	case !info.Mode().IsRegular():
		at.Addf("%q is not a file", name)
	}
}

// readable opens a file in a folder, from which no symbolic link may lead out, and describes it.
func readable(dir, path string) (fs.FileInfo, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	file, err := root.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return file.Stat()
}
