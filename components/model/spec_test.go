package model

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/check"
)

const (
	image = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/flowers:1.0.0"
	arn   = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:flowers/api-AbCdEf"
)

func TestTheSecretsOfAnEnvironmentAreListedOnceAndSorted(t *testing.T) {
	t.Parallel()
	spec := Container{Environment: map[string]string{"A": arn + "2", "B": arn + "1", "C": arn + "2", "D": "debug"}}
	assert.Equal(t, []string{arn + "1", arn + "2"}, spec.SecretARNs())
}

func TestOnlyWholeARNsOfSecretsAreSecrets(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		arn: true,
		"arn:aws:secretsmanager:eu-west-1:123456789012:secret:a":            true,
		"arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:a": true,
		"see " + arn: false,
		arn + " ":    false,
		arn + "\n":   false,
		"arn:aws:ssm:eu-west-1:123456789012:parameter/a":       false,
		"arn:aws:secretsmanager:eu-west-1:1234:secret:a":       false,
		"arn:aws:secretsmanager:eu-west-1:123456789012:secret": false,
	} {
		spec := Container{Environment: map[string]string{"X": value}}
		assert.Equal(t, want, len(spec.SecretARNs()) == 1, value)
	}
}

// What the check takes for an ARN, the role must be allowed to read.
func TestAnARNWithSpaceAroundItIsNotPassedOver(t *testing.T) {
	t.Parallel()
	for _, value := range []string{arn + "\n", " " + arn} {
		off := false
		spec := Spec{
			Container: Container{Image: image, Environment: map[string]string{"API_KEY": value}}, NetworkIsolation: &off,
		}
		at := check.New("")
		spec.Check(at, Rules{})
		assert.EqualError(t, at.Err(), "environment.API_KEY: looks like a secret in plain text "+
			`(its name ends in "API_KEY"); store it in AWS Secrets Manager and give the secret's ARN, or list its name in `+
			"notSecret if it is none")
	}
}

func TestIsolationIsOnUnlessSwitchedOff(t *testing.T) {
	t.Parallel()
	on, off := true, false
	for _, test := range []struct {
		given *bool
		want  bool
	}{{nil, true}, {&on, true}, {&off, false}} {
		spec := Spec{NetworkIsolation: test.given}
		assert.Equal(t, test.want, spec.Isolated())
	}
}

func TestArchivesAreTarFilesInBuckets(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]bool{
		"s3://models/flowers/1.0.0/model.tar.gz": true,
		"s3://abc/m.tar.gz":                      true,
		"s3://a.b-c.d/m.tar.gz":                  true,
		"s3://models/model.zip":                  false,
		"s3://models/flowers/":                   false,
		"s3://models/.tar.gz":                    false,
		"s3://models":                            false,
		"s3://Models/model.tar.gz":               false,
		"s3://ab/model.tar.gz":                   false,
		"https://models/model.tar.gz":            false,
		"s3://-models/model.tar.gz":              false,
	} {
		at := check.New("")
		checkArtifact(at, uri)
		assert.Equal(t, want, at.Err() == nil, uri)
	}
}

func TestPrefixesAreFoldersInBuckets(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]bool{
		"s3://models/garden/":             true,
		"s3://models/garden/2026/":        true,
		"s3://models/garden":              false,
		"s3://models/garden/m.tar.gz":     false,
		"s3://models/":                    true, // the whole bucket
		"s3://models":                     true,
		"s3://ab/garden/":                 false,
		"https://models/garden/":          false,
		"s3://models/garden/?x=y":         false,
		"s3://models/" + long(1011) + "/": true,
		"s3://models/" + long(1012) + "/": false,
	} {
		at := check.New("")
		checkPrefix(at, uri)
		assert.Equal(t, want, at.Err() == nil, uri)
	}
}

func long(n int) string { return strings.Repeat("a", n) }

func TestAPrivateImageIsInARegistry(t *testing.T) {
	t.Parallel()
	digest := "sha256:" + strings.Repeat("0a", 32)
	for uri, want := range map[string]bool{
		"registry.example.com/flowers:1":                    true,
		"registry.example.com/flowers@" + digest:            true,
		"registry.example.com/flowers:latest@" + digest:     true,
		"registry.example.com:5000/team/a_b/c-d__e:1.0.0":   true,
		"localhost:5000/flowers:1":                          true,
		image:                                               true,
		"registry.example.com/flowers":                      false,
		"registry.example.com/flowers:latest":               false,
		"flowers:1":                                         false,
		"https://registry.example.com/flowers:1":            false,
		"registry.example.com/Flowers:1":                    false,
		"registry.example.com/flowers:1\n":                  false,
		"registry.example.com:port/flowers:1":               false,
		"registry.example.com/" + long(300) + ":1":          false,
		"registry.example.com/flowers@sha256:0a0a0a0a":      false,
		"user:password@registry.example.com/flowers:1":      false,
		"registry.example.com/flowers:1?credential=hunter2": false,
	} {
		at := check.New("")
		checkImage(at, uri, Rules{}, true)
		assert.Equal(t, want, at.Err() == nil, uri)
	}
}

func TestContainersOfAPipelineHaveNames(t *testing.T) {
	t.Parallel()
	named := Spec{Containers: []Stage{{Hostname: "preprocess"}, {Hostname: "score"}}}
	assert.Equal(t, "score", named.ContainerName(1))
	unnamed := Spec{Containers: []Stage{{}, {}}}
	assert.Equal(t, "container-1", unnamed.ContainerName(0))
	assert.Equal(t, "container-2", unnamed.ContainerName(1))
}

func TestCredentialsComeFromAFunction(t *testing.T) {
	t.Parallel()
	for arn, want := range map[string]bool{
		"arn:aws-cn:lambda:cn-north-1:123456789012:function:credentials":         true,
		"arn:aws-cn:lambda:cn-north-1:123456789012:function:credentials:live":    true,
		"arn:aws-cn:lambda:cn-north-1:123456789012:function:credentials:$LATEST": true,
		"arn:aws-cn:lambda:cn-north-1:123456789012:function:*":                   false,
		"arn:aws-cn:lambda:cn-north-1:1234:function:credentials":                 false,
		"arn:aws-cn:iam::123456789012:role/credentials":                          false,
		"credentials": false,
	} {
		at := check.New("")
		config := ImageConfig{RepositoryAccessMode: accessVpc, RepositoryCredentialsProviderARN: arn}
		config.check(at, Rules{Network: true})
		assert.Equal(t, want, at.Err() == nil, arn)
	}
}
