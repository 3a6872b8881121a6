package dataplane_test

import (
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// curls finds the commands of a page that ask the local AWS, with the lines that they go on for.
var curls = regexp.MustCompile(`(?m)^curl (?:[^'\\\n]|'[^']*'|\\\n)*$`)

func TestWhatThePageAsksTheLocalAWSWithCurlIsAnswered(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/local-aws.md")
	require.NoError(t, err)
	commands := curls.FindAllString(string(page), -1)
	require.Len(t, commands, 11)
	w := newWorld(t)
	w.serve("flowers-dev", told("v1"))
	for _, command := range commands[1:] {
		w.curl(command)
	}

	require.Contains(t, commands[0], "/_local/reset")
	assert.JSONEq(t, `{"status": "empty"}`, w.curl(commands[0]))
	buckets, err := w.s3.ListBuckets(t.Context(), &s3.ListBucketsInput{})
	require.NoError(t, err)
	assert.Empty(t, buckets.Buckets)
}

// curl runs a command as it is printed, but for the address, and returns the answer.
func (w *world) curl(command string) string {
	w.tb.Helper()
	require.Contains(w.tb, command, "http://127.0.0.1:4599/")
	command = strings.ReplaceAll(command, "http://127.0.0.1:4599", w.url)
	command = strings.Replace(command, "curl", "curl --silent --show-error --fail-with-body", 1)
	out, err := exec.CommandContext(w.tb.Context(), "sh", "-c", command).CombinedOutput()
	require.NoError(w.tb, err, "%s\n%s", command, out)
	return string(out)
}

func TestAResetInTheMiddleOfAnUpdateLeavesNothingOfIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("flowers", told("v1"))
	w.model("v2", told("v2"))
	w.config("v2", variant("main", "v2"))
	w.script(http.MethodPut, "/_local/sagemaker/endpoints/flowers/next-update?region="+region,
		`{"outcome": "slow", "delay": "1h"}`)
	w.update("flowers", "v2", nil)
	require.Equal(t, types.EndpointStatusUpdating, w.describe("flowers").EndpointStatus)

	status, answer := w.admin(http.MethodPost, "/_local/reset", "")
	require.Equal(t, http.StatusOK, status, answer)

	listed, err := w.sagemaker.ListEndpoints(t.Context(), &sagemaker.ListEndpointsInput{})
	require.NoError(t, err)
	assert.Empty(t, listed.Endpoints)
	w.makeBucket()
	w.serve("flowers", told("v3"))
	w.assertAnswer("v3", "flowers", "anything")
	assert.Equal(t, types.EndpointStatusInService, w.describe("flowers").EndpointStatus)
}
