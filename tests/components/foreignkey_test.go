package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/execrole"
)

// decryptForeign is for objects whose key nobody knows, by the contexts in which Amazon S3 decrypts them.
func decryptForeign(contexts string) string {
	return `{
		"Sid": "DecryptForeign", "Effect": "Allow", "Action": ["kms:Decrypt"],
		"Resource": ["arn:aws-cn:kms:cn-north-1:*:key/*"],
		"Condition": {"StringLike": {
			"kms:EncryptionContext:aws:s3:arn": [` + contexts + `], "kms:ViaService": ["s3.cn-north-1.amazonaws.com*"]
		}}
	}`
}

// listed lets the bucket lake be listed as far as keys go.
func listed(sid, keys string) string {
	return `{
		"Sid": "` + sid + `", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws-cn:s3:::lake"],
		"Condition": {"StringLike": {"s3:prefix": "` + keys + `"}}
	}`
}

// The key may be one of another account, and a bucket may have a key of its own: then it is the context.
func TestOnlyWhatIsReadFromBucketsOfOthersIsDecryptedWithTheirKeys(t *testing.T) {
	t.Parallel()
	archives := decryptForeign(`"arn:aws-cn:s3:::models", "arn:aws-cn:s3:::models/flowers/1.0.0/model.tar.gz"`)
	for _, test := range []struct {
		name string
		args execrole.Args
		want []string
	}{
		{
			"an archive",
			execrole.Args{Containers: []execrole.Container{
				{Image: image, ArtifactURI: pulumi.String(artifact), ForeignKey: true},
			}},
			[]string{readArtifact, archives},
		},
		{
			"many models",
			execrole.Args{Containers: []execrole.Container{
				{Image: image, PrefixURI: pulumi.String("s3://models/garden/"), ForeignKey: true},
			}},
			[]string{
				readPrefix, decryptForeign(`"arn:aws-cn:s3:::models", "arn:aws-cn:s3:::models/garden/*"`), listPrefix,
			},
		},
		{
			"inputs of batch transforms",
			execrole.Args{
				Containers:                []execrole.Container{{Image: image}},
				TransformInputURIs:        inputs("s3://lake/daily/", "https://lake.s3.cn-north-1.amazonaws.com.cn/r*.csv"),
				ForeignTransformInputURIs: inputs("s3://lake/daily/", "s3://lake/r*.csv"),
			},
			[]string{
				decryptForeign(`"arn:aws-cn:s3:::lake", "arn:aws-cn:s3:::lake", "arn:aws-cn:s3:::lake/daily/*", ` +
					`"arn:aws-cn:s3:::lake/r${*}.csv"`),
				listed("ListPrefix1", "daily/*"), listed("ListPrefix2", "r${*}.csv"),
			},
		},
		{
			"one container of two",
			execrole.Args{KMSKeyARNs: inputs(keyARN), Containers: []execrole.Container{
				{Image: image, ArtifactURI: pulumi.String(artifact), ForeignKey: true},
				{Image: image, PrefixURI: pulumi.String("s3://models/garden/")},
			}},
			[]string{readArtifact, readPrefix, decryptArtifact, archives, listPrefix},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			requirePolicy(t, test.args, append([]string{always}, test.want...)...)
		})
	}
}
