package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/tests/harness"
)

func TestAModelInSageMakerSaysWhichReleaseItIs(t *testing.T) {
	t.Parallel()
	const id = "a98d0e03cc15c572c829e6a2b629f8325bb3ea737518b1ec27426dc1a19c1b17"
	graph := harness.Run(t, program, harness.Stack("dev"), harness.Config(map[string]string{
		"sagehost:models": `{"flowers": {"release": "` + id + `"}}`,
	}))
	assert.Equal(t, map[string]any{"sagehost:model": "flowers", "sagehost:release": id, "sagehost:stack": "dev"},
		graph.One(t, "aws:sagemaker/model:Model").Inputs["tags"])
	assert.NotContains(t, graph.One(t, "aws:iam/role:Role").Inputs["tags"], "sagehost:release")
}

// The archives of releases are in a bucket of their own, under a key that no stack knows.
func TestAReleasesArchiveIsDecryptedUnderWhateverKeyItsBucketHas(t *testing.T) {
	t.Parallel()
	for _, encryption := range []string{`{"enabled": false}`, `{"enabled": true}`} {
		graph := harness.Run(t, program, harness.Stack("dev"), harness.Config(map[string]string{
			"sagehost:encryption": encryption,
			"sagehost:models": `{
				"flowers": {"release": "a98d0e03cc15c572c829e6a2b629f8325bb3ea737518b1ec27426dc1a19c1b17"},
				"batch": {"image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/scoring:1"}
			}`,
			"sagehost:batch": `{"lake": {"model": "batch", "instanceType": "ml.m5.large", "input": "s3://lake/flowers/"}}`,
		}))
		const (
			store = "arn:aws-cn:s3:::sagehost-prod-models"
			hash  = "7f66fb2c736b634bc25d5043e55209a48659fe278678356f0b2d495c26263b6d"
		)
		statements := mayDo(t, graph, "flowers")
		assert.Contains(t, statements, decrypts(store, store+"/flowers/"+hash+"/model.tar.gz"))
		assert.NotContains(t, sids(t, statements), "DecryptArtifact", "nothing of it is under the stack's key")
		assert.Contains(t, mayDo(t, graph, "batch"), decrypts("arn:aws-cn:s3:::lake", "arn:aws-cn:s3:::lake/flowers/*"))
	}
}

// decrypts is what a role needs to read from a bucket whose key is not known.
func decrypts(contexts ...any) map[string]any {
	s := statement("DecryptForeign", []any{"kms:Decrypt"}, []any{"arn:aws-cn:kms:cn-north-1:*:key/*"})
	s["Condition"] = map[string]any{"StringLike": map[string]any{
		"kms:EncryptionContext:aws:s3:arn": contexts, "kms:ViaService": []any{"s3.cn-north-1.amazonaws.com*"},
	}}
	return s
}
