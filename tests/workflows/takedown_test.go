package workflows_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/cloud"
)

// guarded is a stack in which everything that can be protected is.
const guarded = `config:
  aws:region: eu-west-1
  aws:allowedAccountIds: ["123456789012"]
  aws:s3UsePathStyle: "true"
  sagehost:storage:
    protect: true
  sagehost:encryption:
    enabled: true
    protect: true
    deletionWindowDays: 7
  sagehost:models:
    flowers:
      image: ` + image + `
      artifactFile: examples/flowers/model.tar.gz
  sagehost:endpoints:
    flowers:
      protect: true
      variants:
        - {name: main, model: flowers, instanceType: ml.m5.large}
`

// takingDown are the commands of the runbook, in their order.
func takingDown(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/runbooks.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(text), "## Taking a stack down\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	var commands []string
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, -1) {
		commands = append(commands, strings.TrimSpace(block[1]))
	}
	require.Len(t, commands, 3)
	return commands
}

func TestAStackOnAWSIsTakenDownByTheRunbook(t *testing.T) {
	t.Parallel()
	r := newRunner(t, &record{ids: map[string]bool{}}, map[string]string{"dev": stackFile, "prod": guarded})
	r.build()
	r.useAWS()
	r.env["PULUMI_BACKEND_URL"] = r.known["vars.PULUMI_BACKEND_URL"]
	r.env["PATH"] = filepath.Dir(tools.Pulumi) + ":" + os.Getenv("PATH")
	r.write("Pulumi.prod.yaml", guarded)
	commands := takingDown(t)
	said, code := r.command(nil, "sh", "-c", commands[0])
	require.Zero(t, code, said)
	r.fillBuckets()

	said, code = r.command(nil, "sh", "-c", commands[1])
	assert.NotZero(t, code, "what is protected is not destroyed: %s", said)
	assert.Equal(t, 1, r.endpoints())

	file := strings.NewReplacer("    protect: true\n    deletion", "    deletion", "      protect: true\n", "",
		"    protect: true\n", "    forceDestroy: true\n").Replace(guarded)
	require.NotContains(t, file, "protect")
	r.write("Pulumi.prod.yaml", file)
	for _, command := range commands {
		said, code := r.command(nil, "sh", "-c", command)
		require.Zero(t, code, "%s: %s", command, said)
	}
	assert.Zero(t, r.endpoints())
	assert.Empty(t, r.buckets())
	assert.Equal(t, []string{"PendingDeletion"}, r.keyStates())
	// The engine adds how secrets are encrypted.
	assert.Contains(t, r.read("Pulumi.prod.yaml"), file)
}

func (r *runner) endpoints() int {
	r.t.Helper()
	got, err := sagemaker.NewFromConfig(r.config()).ListEndpoints(r.t.Context(), nil)
	require.NoError(r.t, err)
	return len(got.Endpoints)
}

func (r *runner) buckets() []string {
	r.t.Helper()
	got, err := cloud.S3(r.config()).ListBuckets(r.t.Context(), nil)
	require.NoError(r.t, err)
	var names []string
	for _, bucket := range got.Buckets {
		names = append(names, *bucket.Name)
	}
	return names
}

// fillBuckets puts two versions of an object into every bucket.
func (r *runner) fillBuckets() {
	r.t.Helper()
	buckets := r.buckets()
	require.NotEmpty(r.t, buckets)
	for _, bucket := range buckets {
		for _, text := range []string{"old", "new"} {
			_, err := cloud.S3(r.config()).PutObject(r.t.Context(), &s3.PutObjectInput{
				Bucket: &bucket, Key: aws.String("data/object"), Body: strings.NewReader(text),
			})
			require.NoError(r.t, err)
		}
	}
}

// keyStates are those of the keys that customers have made; AWS's own are always enabled.
func (r *runner) keyStates() []string {
	r.t.Helper()
	var list struct{ Keys []struct{ KeyID string } }
	r.kms("ListKeys", "{}", &list)
	var states []string
	for _, key := range list.Keys {
		var described struct {
			KeyMetadata struct{ KeyManager, KeyState string }
		}
		r.kms("DescribeKey", `{"KeyId": "`+key.KeyID+`"}`, &described)
		if described.KeyMetadata.KeyManager == "CUSTOMER" {
			states = append(states, described.KeyMetadata.KeyState)
		}
	}
	return states
}

// kms asks AWS KMS, of which the project has no client.
func (r *runner) kms(operation, input string, output any) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.env["AWS_ENDPOINT_URL"],
		strings.NewReader(input))
	require.NoError(r.t, err)
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", "TrentService."+operation)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/"+region+
		"/kms/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	require.NoError(r.t, err)
	defer func() { _ = response.Body.Close() }()
	require.Equal(r.t, http.StatusOK, response.StatusCode)
	require.NoError(r.t, json.NewDecoder(response.Body).Decode(output))
}
