package dataplane_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// startScoring runs the scoring container with the model of the flowers beside the local AWS, and tells where it takes
// requests: what an invocation costs without SageMaker. It ends with the benchmark.
func startScoring(b *testing.B) (url string) {
	b.Helper()
	listener, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	require.NoError(b, err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(b, err)
	require.NoError(b, listener.Close())

	var output bytes.Buffer
	cmd := exec.Command(programs.scoring, "serve")
	model := filepath.Join(root, "examples", "flowers")
	cmd.Env = append(os.Environ(), "SAGEMAKER_BIND_TO_PORT="+port, "SM_MODEL_DIR="+model)
	cmd.Stdout, cmd.Stderr = &output, &output
	require.NoError(b, cmd.Start())
	b.Cleanup(func() {
		assert.NoError(b, cmd.Process.Signal(syscall.SIGTERM))
		assert.NoError(b, cmd.Wait(), output.String())
	})

	url = "http://127.0.0.1:" + port
	require.Eventually(b, func() bool {
		response, err := http.Get(url + "/ping")
		if err != nil {
			return false
		}
		_ = response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, soon, often, "the container is not ready")
	return url + "/invocations"
}

// asker sends invocations over connections that it keeps, as a client of the runtime API without an SDK does it.
type asker struct {
	client *http.Client
	url    string
}

// authorization is for SageMaker in the region of these tests. The local AWS does not verify signatures.
const authorization = "AWS4-HMAC-SHA256 Credential=k/20260101/" + region + "/sagemaker/aws4_request, " +
	"SignedHeaders=host, Signature=0"

func newAsker(url string, connections int) asker {
	return asker{
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}, url: url,
	}
}

// ask sends rows in CSV and returns the answer, which may be a refusal.
func (a asker) ask(ctx context.Context, rows string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url, strings.NewReader(rows))
	if err != nil {
		return "", err
	}
	request.Header["Content-Type"], request.Header["Authorization"] = []string{"text/csv"}, []string{authorization}
	response, err := a.client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return string(answer), err
}
