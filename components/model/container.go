package model

import (
	"slices"
	"strings"

	"sagehost/kit/check"
	"sagehost/kit/limits"
	"sagehost/kit/s3uri"
)

// Container is what a user decides about one container of a model.
type Container struct {
	// Image is the container image's URI in Amazon ECR, best given by digest: what a tag names can change under a
	// running endpoint. The tag "latest" is refused. Required, unless containers or packageArn stand in its place.
	Image string `json:"image" aws:"image"`

	// ImageConfig says where the image is if it is not in Amazon ECR. Default: unset.
	ImageConfig *ImageConfig `json:"imageConfig"`

	// Artifact is the S3 URI of the model's archive, one .tar.gz file: s3://bucket/key, or an https:// URL of the object.
	// A deployed model's archive must stay where it is: SageMaker reads it again whenever it replaces an instance. If it
	// is encrypted under a key of AWS KMS, the key's policy must let this account's roles decrypt it. Default: unset, the
	// model is part of the image.
	Artifact string `json:"artifact" aws:"modelData"`

	// ArtifactFile is an archive of this machine in place of artifact: a .tar.gz file, relative to the folder of
	// Pulumi.yaml. It is uploaded to the stack's bucket under a key that holds its SHA-256. Default: unset.
	ArtifactFile string `json:"artifactFile"`

	// ArtifactPrefix is a bucket or a prefix in Amazon S3 in place of artifact, ending in "/": everything beneath it is
	// the model, in files that are not compressed. Default: unset.
	ArtifactPrefix string `json:"artifactPrefix" aws:"modelData"`

	// MultiModel makes the container serve many models, each loaded when it is first asked for, in place of artifact.
	// Default: unset.
	MultiModel *MultiModel `json:"multiModel"`

	// Environment is handed to the container. At most 100 entries, and 32 KB together with those of the model's other
	// containers. Anyone who may describe the model can read it, so what looks like a secret, by its name or by its value,
	// is refused unless notSecret lists it: give the ARN of a secret in AWS Secrets Manager, which the model's role may
	// then read. With packageArn, the entries are put on top of those of the package. Default: none.
	Environment map[string]string `json:"environment" aws:"environment"`
}

// MultiModel is what a user decides about a container of many models.
type MultiModel struct {
	// Prefix is the bucket or the prefix in Amazon S3, ending in "/", beneath which the models' archives are: whatever is
	// put there can be asked for. SageMaker refuses a prefix without any object, so one of yours needs one before it is
	// deployed. Default: a folder named like the model, in the stack's bucket for models.
	Prefix string `json:"prefix" aws:"modelData"`

	// Cache keeps models in memory once they are loaded. Without, each request loads its model anew. Default: true.
	Cache *bool `json:"cache"`
}

// Cached reports whether models are kept in memory.
func (m *MultiModel) Cached() bool { return m.Cache == nil || *m.Cache }

// WantsURI reports whether somebody must tell where the container's data is: that of a file once it is uploaded, and
// the place of many models if the user named none.
func (c *Container) WantsURI() bool {
	return c.ArtifactFile != "" || c.MultiModel != nil && c.MultiModel.Prefix == ""
}

// dataKeys are the ways to give a container its model: at most one of them.
var dataKeys = []string{"artifact", "artifactFile", "artifactPrefix", "multiModel"}

// given lists the keys that have a value.
func (c *Container) given() []string {
	var keys []string
	for _, member := range []struct {
		key   string
		given bool
	}{
		{"image", c.Image != ""},
		{"imageConfig", c.ImageConfig != nil},
		{"artifact", c.Artifact != ""},
		{"artifactFile", c.ArtifactFile != ""},
		{"artifactPrefix", c.ArtifactPrefix != ""},
		{"multiModel", c.MultiModel != nil},
		{"environment", len(c.Environment) > 0},
	} {
		if member.given {
			keys = append(keys, member.key)
		}
	}
	return keys
}

func (c *Container) check(at check.At, rules Rules) {
	if c.ImageConfig == nil || c.ImageConfig.known() { // otherwise nobody knows what the image is in
		checkImage(at.Key("image"), c.Image, rules, c.IsPrivate())
	}
	if c.ImageConfig != nil {
		c.ImageConfig.check(at.Key("imageConfig"), rules)
	}
	first := ""
	for _, key := range c.given() {
		switch {
		case !slices.Contains(dataKeys, key):
		case first != "":
			at.Key(key).Addf("contradicts %s; at most one of the two can be given", first)
		default:
			first = key
			c.checkData(at.Key(key), key, rules)
		}
	}
	checkEnvironment(at.Key("environment"), c.Environment, rules.notSecret)
}

func (c *Container) checkData(at check.At, key string, rules Rules) {
	if rules.Pinned && (key == "artifact" || key == "artifactPrefix") {
		at.Addf("is not pinned, as what is in Amazon S3 can be replaced; this stack demands a release, or an artifactFile")
		return
	}
	switch key {
	case "artifact":
		checkArtifact(at, c.Artifact)
	case "artifactFile":
		if !strings.HasSuffix(c.ArtifactFile, ".tar.gz") {
			at.Addf("%q is not the name of an archive; expected one like \"models/flowers.tar.gz\"", c.ArtifactFile)
		}
	case "artifactPrefix":
		checkPrefix(at, c.ArtifactPrefix)
	case "multiModel":
		if c.MultiModel.Prefix != "" {
			checkPrefix(at.Key("prefix"), c.MultiModel.Prefix)
		}
	}
}

func checkArtifact(at check.At, uri string) {
	isArchive := func(l s3uri.Location) bool { return strings.HasSuffix(l.Key, ".tar.gz") && l.Key != ".tar.gz" }
	checkURI(at, uri, isArchive, `is not an archive in Amazon S3; expected one like "s3://bucket/path/model.tar.gz"`)
}

func checkPrefix(at check.At, uri string) {
	checkURI(at, uri, s3uri.Location.IsPrefix, `is not a prefix in Amazon S3; expected one like "s3://bucket/path/"`)
}

func checkURI(at check.At, uri string, fits func(s3uri.Location) bool, problem string) {
	// The query of a presigned URL is a credential.
	uri, _, presigned := strings.Cut(uri, "?")
	location, ok := s3uri.Parse(uri)
	if tooLong := limits.StringProblem("Url", s3uri.Normalize(uri)); tooLong != "" {
		at.Addf("%s", tooLong)
	} else if presigned || !ok || !location.NamesBucket() || !fits(location) {
		at.Addf("%q %s", uri, problem)
	}
}
