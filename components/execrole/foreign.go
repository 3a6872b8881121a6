package execrole

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// decryptForeign lets Amazon S3 decrypt what the model reads from buckets of others, whose keys nobody here knows: each
// key's own policy must agree, and the key's account if it is another one. Amazon S3 tells AWS KMS which object a
// request is about, or only which bucket where that has a bucket key (its user guide, "Reducing the cost of SSE-KMS
// with Amazon S3 Bucket Keys"); which objects of the bucket may be read is then up to the other statements.
func decryptForeign(args *Args, here account.Account) iampolicy.Statement {
	var foreign Args
	for i := range args.Containers {
		if args.Containers[i].ForeignKey {
			foreign.Containers = append(foreign.Containers, args.Containers[i])
		}
	}
	objects := foreign.each(func(c *Container) pulumi.StringInput { return c.ArtifactURI })
	prefixes := foreign.each(func(c *Container) pulumi.StringInput { return c.PrefixURI })
	var contexts []pulumi.StringInput
	for _, uri := range slices.Concat(objects, prefixes, args.ForeignTransformInputURIs) {
		contexts = append(contexts, bucketARN(uri, here))
	}
	contexts = slices.Concat(contexts, objectARNs(objects, here), beneath(prefixes, here),
		inputs(args.ForeignTransformInputURIs, here))
	if len(contexts) == 0 {
		return iampolicy.Statement{}
	}
	decrypt := allow("DecryptForeign", []pulumi.StringInput{
		pulumi.Sprintf("arn:%s:kms:%s:*:key/*", here.Partition, here.Region),
	}, "kms:Decrypt")
	decrypt.AnyOf = map[string]pulumi.StringArrayMap{"StringLike": {
		"kms:EncryptionContext:aws:s3:arn": pulumi.StringArray(contexts),
		"kms:ViaService":                   pulumi.StringArray{pulumi.Sprintf("s3.%s.amazonaws.com*", here.Region)},
	}}
	return decrypt
}
