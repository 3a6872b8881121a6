package settings

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestModelsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const (
		image       = "sagehost:models.flowers.image: "
		artifact    = "sagehost:models.flowers.artifact: "
		wantArchive = `expected one like "s3://bucket/path/model.tar.gz"`
		wantImage   = `expected one like "123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:…"`
	)
	long := strings.Repeat("a", 300)
	refuse(t, []row{
		{
			name: "no image", set: change{"models.flowers.image": ""},
			want: []string{image + "is required"},
		},
		{
			name: "the tag latest", set: change{"models.flowers.image": repository + ":latest"},
			want: []string{image + `"` + repository + `:latest" names whatever was pushed last; ` +
				"give a digest (name@sha256:…) or a version tag"},
		},
		{
			name: "neither tag nor digest", set: change{"models.flowers.image": repository},
			want: []string{image + `"` + repository + `" names whatever was pushed last; ` +
				"give a digest (name@sha256:…) or a version tag"},
		},
		{
			name: "a tag where images are pinned", set: change{"pinned": "true"},
			want: []string{image + `"` + repository + `:1.0.0" is not pinned; ` +
				"this stack demands a digest (name@sha256:…)"},
		},
		{
			name: "an image of Docker Hub", set: change{"models.flowers.image": "nginx:1.27"},
			want: []string{image + `"nginx:1.27" is not an image in Amazon ECR; ` + wantImage},
		},
		{
			name: "an image of public ECR", set: change{"models.flowers.image": "public.ecr.aws/nginx/nginx:1.27"},
			want: []string{image + `"public.ecr.aws/nginx/nginx:1.27" is not an image in Amazon ECR; ` + wantImage},
		},
		{
			name: "a digest cut short", set: change{"models.flowers.image": repository + "@sha256:9f86"},
			want: []string{image + `"` + repository + `@sha256:9f86" is not an image in Amazon ECR; ` + wantImage},
		},
		{
			name: "an image too long", set: change{"models.flowers.image": repository + "/" + long + ":1"},
			want: []string{image + `"` + repository + "/" + long + `:1" has 355 characters; at most 255 are allowed`},
		},
		{
			name: "an archive elsewhere", set: change{"models.flowers.artifact": "https://example.com/model.tar.gz"},
			want: []string{artifact + `"https://example.com/model.tar.gz" is not an archive in Amazon S3; ` + wantArchive},
		},
		{
			name: "an archive by presigned URL, whose credential stays out of the text",
			set: change{
				"models.flowers.artifact": "https://models.s3.amazonaws.com/model.tar.gz?X-Amz-Signature=c0ffee",
			},
			want: []string{artifact + `"https://models.s3.amazonaws.com/model.tar.gz" is not an archive in Amazon S3; ` +
				wantArchive},
		},
		{
			name: "an archive of another format", set: change{"models.flowers.artifact": "s3://models/flowers/model.zip"},
			want: []string{artifact + `"s3://models/flowers/model.zip" is not an archive in Amazon S3; ` + wantArchive},
		},
		{
			name: "a folder for an archive", set: change{"models.flowers.artifact": "s3://models/flowers/"},
			want: []string{artifact + `"s3://models/flowers/" is not an archive in Amazon S3; ` + wantArchive},
		},
		{
			name: "an environment variable's name", set: change{`models.flowers.environment["LOG-LEVEL"]`: "debug"},
			want: []string{`sagehost:models.flowers.environment.LOG-LEVEL: the name "LOG-LEVEL" may only ` +
				"have letters, digits and underscores, and no digit at its start"},
		},
		{
			name: "an environment variable too long", set: change{"models.flowers.environment.X": strings.Repeat("x", 1025)},
			want: []string{"sagehost:models.flowers.environment.X: has 1025 characters; at most 1024 are allowed"},
		},
		{
			name: "a model's name", set: change{"models.iris_2": "{image: " + repository + ":1}"},
			want: []string{`sagehost:models.iris_2: the name "iris_2" may only have letters, ` +
				`digits and hyphens, and no hyphen at its start or end`},
		},
		{
			name: "a model's name too long", set: change{"models." + strings.Repeat("m", 56): "{image: " + repository + ":1}"},
			want: []string{"sagehost:models." + strings.Repeat("m", 56) + ": the name has 56 characters; " +
				"at most 55 leave room for the generated suffix in SageMaker's 63"},
		},
	})
}

// The service model counts characters (EnvironmentValue).
func TestTheLengthOfAVariableIsThatOfItsCharacters(t *testing.T) {
	t.Parallel()
	accept(t, change{"models.flowers.environment.X": strings.Repeat("ü", 1024)})
	refuse(t, []row{{
		name: "one more", set: change{"models.flowers.environment.X": strings.Repeat("ü", 1025)},
		want: []string{"sagehost:models.flowers.environment.X: has 1025 characters; at most 1024 are allowed"},
	}})
}

func TestOneContainerThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	const (
		at         = "sagehost:models.flowers."
		wantPrefix = ` is not a prefix in Amazon S3; expected one like "s3://bucket/path/"`
		private    = "registry.example.com/flowers:1"
		lambda     = "arn:aws:lambda:eu-west-1:123456789012:function:credentials"
	)
	model := func(members string) change {
		return change{"models.flowers": "{image: " + repository + ":1, " + members + "}"}
	}
	refuse(t, []row{
		{
			name: "a prefix that is none", set: model("artifactPrefix: s3://models/flowers"),
			want: []string{at + `artifactPrefix: "s3://models/flowers"` + wantPrefix},
		},
		{
			name: "a prefix of many models that is none", set: model("multiModel: {prefix: models/garden/}"),
			want: []string{at + `multiModel.prefix: "models/garden/" is not a location in Amazon S3, such as s3://bucket/key`},
		},
		{
			name: "an archive and a prefix", set: model("artifact: s3://models/m.tar.gz, artifactPrefix: s3://models/flowers/"),
			want: []string{at + "artifactPrefix: contradicts artifact; at most one of the two can be given"},
		},
		{
			name: "a prefix and many models", set: model("artifactPrefix: s3://models/flowers/, multiModel: {}"),
			want: []string{at + "multiModel: contradicts artifactPrefix; at most one of the two can be given"},
		},
		{
			name: "a registry of no kind", set: model("imageConfig: {repositoryAccessMode: Docker}"),
			want: []string{at + `imageConfig.repositoryAccessMode: "Docker" is none of Platform, Vpc`},
		},
		{
			name: "a registry of no kind at all", set: model("imageConfig: {}"),
			want: []string{at + "imageConfig.repositoryAccessMode: is required"},
		},
		{
			name: "a private registry without a network",
			set:  change{"models.flowers": "{image: " + private + ", imageConfig: {repositoryAccessMode: Vpc}}"},
			want: []string{at + `imageConfig.repositoryAccessMode: "Vpc" needs a network, which the model does not join`},
		},
		{
			name: "a private image in Amazon ECR",
			set:  change{"models.flowers": "{image: " + private + ", imageConfig: {repositoryAccessMode: Platform}}"},
			want: []string{at + `image: "` + private + `" is not an image in Amazon ECR; ` +
				`expected one like "123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:…"`},
		},
		{
			name: "credentials for Amazon ECR",
			set: model("imageConfig: {repositoryAccessMode: Platform, repositoryCredentialsProviderArn: '" +
				lambda + "'}"),
			want: []string{at + `imageConfig.repositoryCredentialsProviderArn: is for repositoryAccessMode "Vpc" only`},
		},
		{
			name: "a network to join that is not there", set: model("joinNetwork: true"),
			want: []string{at + "joinNetwork: is true, but there is no network to join"},
		},
		{
			name: "direct requests to one container", set: model("direct: true"),
			want: []string{at + "direct: is for a pipeline; a model without containers has none"},
		},
		{
			name: "what belongs to a package",
			set:  model("packageImages: ['" + repository + ":1'], packagePrefixes: [s3://models/flowers/]"),
			want: []string{
				at + "packageImages: belongs to packageArn, which is not given",
				at + "packagePrefixes: belongs to packageArn, which is not given",
			},
		},
	})
}

func TestModelsOfEveryKindAreAccepted(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]change{
		"files that are not compressed":       {"models.flowers.artifactPrefix": "s3://models/flowers/"},
		"many models in a place of the stack": {"models.flowers.multiModel": "{cache: false}"},
		"many models elsewhere":               {"models.flowers.multiModel": "{prefix: s3://models/garden/}"},
		"a model kept out of the network":     {"models.flowers.joinNetwork": "false"},
		"Amazon ECR, explicitly":              {"models.flowers.imageConfig": "{repositoryAccessMode: Platform}"},
		"two containers":                      pipelined([]string{stage(), stage()}),
		"fifteen containers":                  pipelined(slices.Repeat([]string{stage()}, 15)),
		"direct requests": pipelined([]string{
			stage("hostname: a", "multiModel: {}"), stage("hostname: " + strings.Repeat("b", 63)),
		}, "direct: true"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			accept(t, set)
		})
	}
}

func TestTheEnvironmentIsBounded(t *testing.T) {
	t.Parallel()
	entries := func(n, size int) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "V%03d: %s\n", i, strings.Repeat("x", size))
		}
		return text.String()
	}
	accept(t, change{"models.flowers.environment": entries(100, 1)})
	accept(t, change{"models.flowers.environment": entries(32, 1020)})
	// A container with half of what is allowed, and some bytes more.
	half := func(more int) string {
		members := strings.ReplaceAll(strings.TrimSpace(entries(16, 1020)), "\n", ", ")
		return stage("environment: {" + strings.Replace(members, "V000", "V000"+strings.Repeat("_", more), 1) + "}")
	}
	accept(t, pipelined([]string{half(0), half(0)}))
	refuse(t, []row{
		{
			name: "an entry too many", set: change{"models.flowers.environment": entries(101, 1)},
			want: []string{"sagehost:models.flowers.environment: has 101 entries; at most 100 are allowed"},
		},
		{
			name: "a byte too many", set: change{"models.flowers.environment": entries(32, 1020) + "\nX: ''"},
			want: []string{"sagehost:models.flowers.environment: has 32769 bytes; at most 32768 are allowed"},
		},
		{
			name: "a byte too many in all containers", set: pipelined([]string{half(0), half(1)}),
			want: []string{"sagehost:models.flowers.containers: the environments have 32769 bytes together; " +
				"at most 32768 are allowed"},
		},
	})
}

func TestImagesThatStayTheSameAreAccepted(t *testing.T) {
	t.Parallel()
	for image, region := range map[string]string{
		repository + ":1.0.0":            "eu-west-1",
		repository + "@" + digest:        "eu-west-1",
		repository + ":latest@" + digest: "eu-west-1",
		"123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/team/flowers:v1": "us-gov-west-1",
		"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/flowers:v1":           "cn-north-1",
		"123456789012.dkr-ecr.eu-west-1.on.aws/flowers:v1":                      "eu-west-1",
	} {
		assert.Equal(t, image, acceptIn(t, region, change{"models.flowers.image": image}).Models["flowers"].Image)
	}
}
