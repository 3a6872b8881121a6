package execrole

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/internal/iampolicy"
)

// encryptForeign lets Amazon S3 and Amazon SNS encrypt what endpoints leave in buckets and topics of others, whose keys
// nobody here knows, as decryptForeign does for what the model reads. Amazon S3 also decrypts, to put the parts of an
// upload together, and publishing to an encrypted topic needs both (Amazon SNS Developer Guide, "Managing Amazon SNS
// encryption keys and costs").
func encryptForeign(args *Args, here account.Account) []iampolicy.Statement {
	var statements []iampolicy.Statement
	keys := []pulumi.StringInput{pulumi.Sprintf("arn:%s:kms:%s:*:key/*", here.Partition, here.Region)}
	if uris := args.ForeignOutputURIs; len(uris) > 0 {
		var contexts []pulumi.StringInput
		for _, uri := range uris {
			contexts = append(contexts, bucketARN(uri, here))
		}
		encrypt := allow("EncryptForeign", keys, "kms:Decrypt", "kms:GenerateDataKey")
		encrypt.AnyOf = map[string]pulumi.StringArrayMap{"StringLike": {
			"kms:EncryptionContext:aws:s3:arn": pulumi.StringArray(slices.Concat(contexts, beneath(uris, here))),
			"kms:ViaService":                   pulumi.StringArray{pulumi.Sprintf("s3.%s.amazonaws.com*", here.Region)},
		}}
		statements = append(statements, encrypt)
	}
	if args.ForeignTopics {
		notify := allow("NotifyForeign", keys, "kms:Decrypt", "kms:GenerateDataKey")
		notify.Conditions = map[string]pulumi.StringMap{
			"StringLike": {"kms:ViaService": pulumi.Sprintf("sns.%s.amazonaws.com*", here.Region)},
		}
		statements = append(statements, notify)
	}
	return statements
}

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
