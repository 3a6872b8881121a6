package settings

import (
	"slices"

	"sagehost/components/batch"
	"sagehost/components/model"
	"sagehost/kit/check"
	"sagehost/kit/limits"
)

func (b *Batch) check(at check.At, key, stack string, models references) {
	batch.CheckLogicalName(at, key)
	name := BatchName(key, stack)
	if !limits.Matches("TransformJobName", key) {
		name = "" // what is wrong with it is said already
	}
	models.check(at.Key("model"), b.Model)
	served := models.models[b.Model].Spec
	b.Check(at, batch.Surroundings{
		Name: name, Model: TransformTraitsOf(&served), OwnBuckets: ownBatchBuckets(stack),
	})
}

// TransformTraitsOf is what a batch transform must know of a model.
func TransformTraitsOf(spec *model.Spec) batch.ModelTraits {
	stages := spec.Stages()
	return batch.ModelTraits{
		MultiModel:   slices.ContainsFunc(stages, func(s model.Stage) bool { return s.MultiModel != nil }),
		Uncompressed: slices.ContainsFunc(stages, func(s model.Stage) bool { return s.ArtifactPrefix != "" }),
		Direct:       spec.Direct,
	}
}

// ownBatchBuckets begins the names of a stack's own buckets for batch data.
func ownBatchBuckets(stack string) string { return BucketPrefix(stack) + "-batch-" }
