package model

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"sagehost/components/execrole"
	"sagehost/internal/check"
	"sagehost/internal/limits"
)

// Limits of ContainerDefinition.Environment: entries, and bytes of all keys and values together.
const (
	maxEnvironmentEntries = 100
	maxEnvironmentBytes   = 32 * 1024
)

// Spec is what a user decides about a model.
type Spec struct {
	// Image is the container image's URI in Amazon ECR, best given by digest: what a tag names can change under a
	// running endpoint. The tag "latest" is refused. Required.
	Image string `json:"image"`

	// Artifact is the s3:// URI of the model's archive, one .tar.gz file. A deployed model's archive must stay where it
	// is: SageMaker reads it again whenever it replaces an instance. Default: unset, the model is part of the image.
	Artifact string `json:"artifact"`

	// ArtifactFile is an archive of this machine in place of artifact: a .tar.gz file, relative to the folder of
	// Pulumi.yaml. It is uploaded to the stack's bucket under a key that holds its SHA-256. Default: unset.
	ArtifactFile string `json:"artifactFile"`

	// Environment is handed to the container. At most 100 entries and 32 KB together. Anyone who may describe the model
	// can read it, so secrets are refused: give the ARN of a secret in AWS Secrets Manager, which the model's role may
	// then read. Default: none.
	Environment map[string]string `json:"environment"`

	// NetworkIsolation forbids the container all network calls; SageMaker itself still fetches archive and image.
	// Default: true.
	NetworkIsolation *bool `json:"networkIsolation"`
}

// Isolated reports whether network isolation is on.
func (s *Spec) Isolated() bool { return s.NetworkIsolation == nil || *s.NetworkIsolation }

// SecretARNs lists the secrets that the environment names, sorted.
func (s *Spec) SecretARNs() []string {
	var arns []string
	for _, value := range s.Environment {
		if secretARN.MatchString(value) {
			arns = append(arns, value)
		}
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}

// Check reports what is wrong. With pinned, the image must be given by digest.
func (s *Spec) Check(at check.At, pinned bool) {
	s.checkImage(at.Key("image"), pinned)
	if s.Artifact != "" {
		checkArtifact(at.Key("artifact"), s.Artifact)
	}
	switch file := at.Key("artifactFile"); {
	case s.ArtifactFile == "":
	case s.Artifact != "":
		file.Addf("contradicts artifact; at most one of the two can be given")
	case !strings.HasSuffix(s.ArtifactFile, ".tar.gz"):
		file.Addf("%q is not the name of an archive; expected one like \"models/flowers.tar.gz\"", s.ArtifactFile)
	}
	s.checkEnvironment(at.Key("environment"))
	if s.Isolated() && len(s.SecretARNs()) > 0 {
		at.Key("networkIsolation").Addf("must be false for the container to read the secrets its environment names")
	}
}

func (s *Spec) checkImage(at check.At, pinned bool) {
	if !at.Required(s.Image) {
		return
	}
	image, err := execrole.ParseImage(s.Image)
	switch {
	case err != nil:
		at.Addf("%v", err)
	case len(s.Image) > 255:
		at.Addf("%q has %d characters; at most 255 are allowed", s.Image, len(s.Image))
	case pinned && image.Digest == "":
		at.Addf("%q is not pinned; this stack demands a digest (name@sha256:…)", s.Image)
	case image.Digest == "" && (image.Tag == "" || image.Tag == "latest"):
		at.Addf("%q names whatever was pushed last; give a digest (name@sha256:…) or a version tag", s.Image)
	}
}

// artifactURI is a bucket and the key of one archive.
var artifactURI = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+\.tar\.gz$`)

func checkArtifact(at check.At, uri string) {
	// The query of a presigned URL is a credential.
	uri, _, presigned := strings.Cut(uri, "?")
	if problem := limits.StringProblem("Url", uri); problem != "" {
		at.Addf("%s", problem)
	} else if presigned || !artifactURI.MatchString(uri) {
		at.Addf("%q is not an archive in Amazon S3; expected one like \"s3://bucket/path/model.tar.gz\"", uri)
	}
}

func (s *Spec) checkEnvironment(at check.At) {
	if n := len(s.Environment); n > maxEnvironmentEntries {
		at.Addf("has %d entries; at most %d are allowed", n, maxEnvironmentEntries)
	}
	size := 0
	for _, key := range slices.Sorted(maps.Keys(s.Environment)) {
		value := s.Environment[key]
		size += len(key) + len(value)
		if problem := limits.StringProblem("EnvironmentKey", key); problem != "" {
			at.Key(key).Addf("the name %s", problem)
		}
		if n := len(value); n > 1024 {
			at.Key(key).Addf("has %d characters; at most 1024 are allowed", n)
		}
		if looksSecret(key, value) {
			at.Key(key).Addf("looks like a secret in plain text; " +
				"store it in AWS Secrets Manager and give the secret's ARN")
		}
	}
	if size > maxEnvironmentBytes {
		at.Addf("has %d bytes; at most %d are allowed", size, maxEnvironmentBytes)
	}
}

// secretARN is a secret in AWS Secrets Manager, in any partition.
var secretARN = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$`)

// secretKey matches names whose last word says "secret", in snake or camel case. MAX_TOTAL_TOKENS is a number, so the
// plural is no secret.
var secretKey = regexp.MustCompile(`(?i:passw(or)?d|passphrase)|` +
	`(?i:(^|[_-])(secret|token|credentials?|(api|access|private|secret)_?key))$|` +
	`[a-z0-9](Secret|Token|Credentials?|(Api|Access|Private|Secret)Key)$`)

// vocabularyToken matches the special tokens of a vocabulary, such as "<pad>" and "[SEP]": no token to log in with.
var vocabularyToken = regexp.MustCompile(`^(<.*>|\[.*\])$`)

// secretValue matches what can be nothing else: AWS access key ids, GitHub and Hugging Face tokens, private keys.
var secretValue = regexp.MustCompile(`(^|\W)(AKIA|ASIA)[A-Z0-9]{16}(\W|$)|(^|\W)(gh[pousr]|hf)_[A-Za-z0-9]{30,}|` +
	`-----BEGIN [A-Z ]*PRIVATE KEY`)

func looksSecret(key, value string) bool {
	if value == "" || secretARN.MatchString(value) || vocabularyToken.MatchString(value) {
		return false
	}
	return secretKey.MatchString(key) || secretValue.MatchString(value)
}
